"""What an entry keeps of a change: each field as it was and as it is, as JSON holds it. Pure.

Ids stand for persons, so that erasing a person leaves nothing of them here. What a command names
is kept; secrets, answers and the contents of files are never named.
"""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from uuid import UUID

LONGEST = 300
Changes = dict[str, list[object]]


def changed(thing: object, values: Mapping[str, object]) -> Changes:
    """Return the fields of a thing that differ from what they shall be."""
    return {
        name: pair(getattr(thing, name), value)
        for name, value in sorted(values.items())
        if getattr(thing, name) != value
    }


def put(thing: object, values: Mapping[str, object]) -> Changes:
    """Give a thing these values and return which of them it did not have."""
    changes = changed(thing, values)
    for name in changes:
        setattr(thing, name, values[name])
    return changes


def pair(was: object, now: object) -> list[object]:
    """Return a value before and after."""
    return [_plain(was), _plain(now)]


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(str(one) for one in value)
    return _single(value)


def _single(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    text = value.isoformat() if isinstance(value, date) else value
    if not isinstance(text, str | UUID):
        raise TypeError(f"The ledger keeps no {type(value).__name__}.")
    return str(text) if len(str(text)) <= LONGEST else str(text)[: LONGEST - 1] + "…"
