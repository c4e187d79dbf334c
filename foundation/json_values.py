"""Values of a body that stand for something: ids, days, one word of a list. Read strictly."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from foundation.errors import Refused
from foundation.json_body import Body, kind_of, shown, text_in

Word = TypeVar("Word", bound=StrEnum)

_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def id_in(body: Body, key: str) -> UUID:
    """Return the id a key must hold. Raises Refused."""
    found = find_id_in(body, key)
    if found is None:
        raise Refused(f"“{key}” must be an id, such as you get from a list.", where=key)
    return found


def find_id_in(body: Body, key: str) -> UUID | None:
    """Return an id; null, absent and empty are None. Raises Refused."""
    typed = _typed(body, key)
    if typed is None:
        return None
    if not _ID.fullmatch(typed):
        raise Refused(f"“{key}” must be an id, such as you get from a list.", where=key)
    return UUID(typed)


def day_in(body: Body, key: str) -> date | None:
    """Return a day; null, absent and empty are None. Raises Refused."""
    typed = _typed(body, key)
    if typed is None:
        return None
    try:
        return date.fromisoformat(typed) if _DAY.fullmatch(typed) else _no_day(key)
    except ValueError:
        return _no_day(key)


def choice_in(body: Body, key: str, offered: type[Word], *, otherwise: Word | None = None) -> Word:
    """Return a word of a closed list. Raises Refused with the words there are."""
    typed = _typed(body, key)
    if typed is None and otherwise is not None:
        return otherwise
    try:
        return offered(typed or "")
    except ValueError:
        words = ", ".join(offered)
        raise Refused(f"“{key}” must be one of: {words}.", where=key) from None


def objects_in(body: Body, key: str, allowed: Iterable[str], *, most: int) -> list[Body]:
    """Return a list of objects that have no other keys than these. Raises Refused."""
    value = body.get(key, [])
    if type(value) is not list:
        raise Refused(f"“{key}” must be a list, not {kind_of(value)}.", where=key)
    if len(value) > most:
        raise Refused(f"“{key}” holds {most} at most.", where=key)
    return [object_at(f"{key}[{place}]", each, allowed) for place, each in enumerate(value)]


def object_at(where: str, value: Any, allowed: Iterable[str]) -> Body:  # noqa: ANN401  JSON
    """Return an object inside a body that has no other keys than these. Raises Refused."""
    if type(value) is not dict:
        raise Refused(f"“{where}” must be an object, not {kind_of(value)}.", where=where)
    known = sorted(allowed)
    for key in value:
        if key not in known:
            there_is = ", ".join(known)
            raise Refused(f"There is no “{shown(key)}” in {where}. Use: {there_is}.", where=where)
    return value


def ids_in(body: Body, key: str, *, most: int) -> list[UUID] | None:
    """Return a list of ids; null and absent are None. Raises Refused."""
    value = body.get(key)
    if value is None:
        return None
    if type(value) is not list or len(value) > most:
        raise Refused(f"“{key}” must be a list of ids, {most} at most.", where=key)
    return [id_in({key: each}, key) for each in value]


def _typed(body: Body, key: str) -> str | None:
    if body.get(key) is None:
        return None
    return text_in(body, key) or None


def _no_day(key: str) -> date:
    raise Refused(f"“{key}” must be a day, such as 2026-12-18.", where=key)
