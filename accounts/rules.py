"""Rules of accounts: roles, and where a sign-in may lead."""

from enum import StrEnum
from urllib.parse import urlsplit

LONGEST_PATH = 2000


class Role(StrEnum):
    """What a member of staff is here for; one person may hold several."""

    PROCUREMENT = "procurement"
    ANALYST = "analyst"
    LEAD = "lead"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


def local_path(wanted: str | None) -> str:
    """Return the wanted address when it is a page of ours, else the home page.

    A browser reads a backslash as a slash and drops line breaks, so neither may stand in it.
    """
    if not wanted or len(wanted) > LONGEST_PATH or not wanted.startswith("/"):
        return "/"
    if wanted.startswith("//") or "\\" in wanted or not wanted.isprintable():
        return "/"
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    is_door = parts.path.startswith(("/sign-in", "/sign-out"))
    return "/" if parts.scheme or parts.netloc or is_door else wanted.rstrip("?")
