"""Identifiers: random, never shown to a person."""

from uuid import UUID, uuid4


def new_id() -> UUID:
    """Return a fresh random identifier."""
    return uuid4()
