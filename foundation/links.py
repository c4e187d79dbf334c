"""Absolute addresses, made from the settings and not from a request."""

from foundation import settings


def absolute(path: str) -> str:
    """Return the full address of a path of ours, for letters and printed paper."""
    return f"{settings.current().base_url}{path}"
