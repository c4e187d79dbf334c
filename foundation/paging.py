"""Keyset pages: row 90,000 costs what row 1 costs."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from foundation.columns import is_storable

Item = TypeVar("Item")
SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items, and the cursor of the next ones when there are more."""

    items: tuple[Item, ...]
    next_cursor: str | None


def page_of(
    rows: Sequence[Item], key: Callable[[Item], list[str]], *, size: int = SIZE
) -> Page[Item]:
    """Make a page of rows read with a limit of size + 1."""
    shown = tuple(rows[:size])
    more = len(rows) > size
    return Page(shown, encode(key(shown[-1])) if more else None)


def encode(key: list[str]) -> str:
    """Write a sort key as a cursor for the address."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def decode(cursor: str | None, *, length: int) -> list[str] | None:
    """Read a cursor back; a damaged one starts from the first page."""
    if not cursor:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, UnicodeDecodeError, ValueError, RecursionError):
        return None
    fits = isinstance(key, list) and len(key) == length and all(map(_is_text, key))
    return key if fits else None


def moment_and_id(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return the moment and the id a cursor names, or None for what names none."""
    key = decode(cursor, length=2)
    if key is None:
        return None
    try:
        moment, last = datetime.fromisoformat(key[0]), UUID(key[1])
    except ValueError:
        return None
    return (moment, last) if moment.tzinfo is not None else None


def _is_text(part: object) -> bool:
    return isinstance(part, str) and is_storable(part)
