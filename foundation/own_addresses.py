"""Addresses an operator sets: where we are, and which servers we talk to.

What is wrong is said without repeating the address: it may hold a password.
"""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = frozenset({"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"})
_IN_MEMORY = frozenset({None, "", ":memory:"})


def of_ourselves(typed: str) -> str:
    """Return the address people type, without a slash at its end. Raises ValueError."""
    parts = _parted(typed)
    if parts is None or parts.scheme not in {"http", "https"}:
        raise ValueError("must be an address such as https://duly.example.com")
    if parts.username is not None or parts.query or parts.fragment or parts.path.strip("/"):
        raise ValueError(
            "must be scheme, host and port alone, such as https://duly.example.com: "
            "every page's address begins with it"
        )
    return typed.rstrip("/")


def of_database(typed: str) -> str:
    """Return the address of a database we can use, or nothing. Raises ValueError."""
    if not typed:
        return typed
    try:
        url = make_url(typed)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in DRIVERS or "@" in (url.host or ""):
        raise ValueError(
            "must be an address such as postgresql://user:password@host/duly, "
            "with signs such as @ and / in a password written as %40 and %2F"
        )
    if url.get_backend_name() == "sqlite" and url.database in _IN_MEMORY:
        raise ValueError("names no file, so nothing would be kept: leave it empty, or name one")
    return typed


def of_mail_server(typed: str) -> str:
    """Return the address of a mail server, or nothing. Raises ValueError."""
    if not typed:
        return typed
    parts = _parted(typed)
    is_bare = parts is not None and not (parts.path.strip("/") or parts.query or parts.fragment)
    if parts is None or not is_bare or parts.scheme not in {"smtp", "smtps"}:
        raise ValueError(
            "must be an address such as smtps://user:password@host:465, "
            "with signs such as @, / and # in a password written as %40, %2F and %23"
        )
    return typed


def of_sender(typed: str) -> str:
    """Return who letters come from. Raises ValueError: with this no letter could be written."""
    name, address = parseaddr(typed)
    try:
        is_one = bool(Address(name, addr_spec=address).domain)
    except (ValueError, IndexError, HeaderParseError):
        is_one = False
    if not is_one or not typed.isprintable() or not address.isascii():
        raise ValueError("must be a mail address such as Duly <duly@example.com>")
    return typed


def of_place(path: Path | None) -> Path | None:
    """Return where something lives. Raises ValueError for what depends on who calls from where."""
    if path is not None and not path.is_absolute():
        raise ValueError("must be a whole path, such as /var/lib/duly")
    return path


def of_scanner(typed: str) -> str:
    """Return host:port or the path of a socket, or nothing. Raises ValueError."""
    if typed and not typed.startswith("/") and _parted(f"clamd://{typed}", needs_port=True) is None:
        raise ValueError("must be host:port of a clamd, or the path of its socket")
    return typed


def _parted(typed: str, *, needs_port: bool = False) -> SplitResult | None:
    """Return the parts of an address that names a host, or None for what is none."""
    is_plain = typed.isascii() and typed.isprintable() and " " not in typed and "\\" not in typed
    try:
        parts = urlsplit(typed)
        port = parts.port
    except ValueError:
        return None
    if not is_plain or not parts.hostname or port == 0 or (needs_port and port is None):
        return None
    return parts
