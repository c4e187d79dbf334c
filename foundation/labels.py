"""Words for enum members: no page shows a raw value."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from foundation import translations

_known: dict[tuple[type[Enum], str], tuple[Any, str]] = {}
"""By kind and name: members of two StrEnums with the same value are equal keys."""
_said: dict[tuple[Any, type[Enum], str], str] = {}
"""What was translated already, by language: a page of a list says the same words many times."""
TONES = frozenset({"ok", "warn", "bad", "info", "none", "accent"})


def register(labels: Mapping[Any, tuple[Any, str]]) -> None:
    """Give members of one kind their text (lazily translated) and tone.

    Raises ValueError for several kinds at once: members of two kinds with the same value are equal
    keys, so one would silently take the other's place.
    """
    if len({type(member) for member in labels}) > 1:
        raise ValueError("Register the members of one kind in a call of their own.")
    for member, (text, tone) in labels.items():
        if tone not in TONES:
            raise ValueError(f"{tone} is not a tone; use one of {', '.join(sorted(TONES))}.")
        _known[_key(member)] = (text, tone)
    _said.clear()


def label(member: Enum) -> str:
    """Return the words of a member. Raises KeyError when it has none."""
    said = (translations.language(), *_key(member))
    if said not in _said:
        _said[said] = str(_known[_key(member)][0])
    return _said[said]


def tone(member: Enum) -> str:
    """Return the tone of a member. Raises KeyError when it has none."""
    return _known[_key(member)][1]


def _key(member: Enum) -> tuple[type[Enum], str]:
    return type(member), member.name
