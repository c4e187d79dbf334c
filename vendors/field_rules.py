"""Rules of added fields: their kinds, and the canonical text a value is kept in."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from foundation.errors import Refused

MOST_CHOICES = 100
LONGEST_VALUE = 1000
_GROUPED = re.compile(r"[+-]?\d{1,3}([,\u00a0\u202f ]\d{3})+(\.\d+)?")
YES, NO = "yes", "no"


class FieldKind(StrEnum):
    """What an added field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"


def canonical(kind: FieldKind, typed: str, *, name: str, choices: Sequence[str] = ()) -> str:
    """Return a value in its one text form; empty is no value.

    Numbers are plain decimals with a point (1200.5), dates ISO 8601, yes and no these words.
    Raises Refused, naming the field and how its value must look.
    """
    text = typed.strip()
    if not text:
        return ""
    if len(text) > LONGEST_VALUE:
        raise Refused(
            f"{name}: {len(text)} characters; {LONGEST_VALUE} fit. Shorten it.", where=name
        )
    if kind is FieldKind.NUMBER:
        return _number(text, name)
    if kind is FieldKind.DATE:
        return _date(text, name)
    if kind is FieldKind.TEXT:
        return text
    return _one_of(text, name, choices if kind is FieldKind.CHOICE else (YES, NO))


def _one_of(text: str, name: str, choices: Sequence[str]) -> str:
    found = next((one for one in choices if one.casefold() == text.casefold()), None)
    if found is None:
        raise Refused(f"{name}: choose one of {', '.join(choices)[:300]}.", where=name)
    return found


def checked_choices(lines: str) -> list[str]:
    """Return the choices somebody wrote, one a line, each once. Raises Refused."""
    found = list(
        dict.fromkeys(" ".join(line.split()) for line in lines.splitlines() if line.strip())
    )
    if len(found) < 2:
        raise Refused("Write at least two choices, one on each line.", where="choices")
    if len(found) > MOST_CHOICES or any(len(one) > 100 for one in found):
        raise Refused(
            f"At most {MOST_CHOICES} choices of 100 characters each. Use a text field for more.",
            where="choices",
        )
    folded = [one.casefold() for one in found]
    twice = next((one for one in found if folded.count(one.casefold()) > 1), None)
    if twice:
        raise Refused(f"“{twice}” stands there twice. Keep one spelling.", where="choices")
    return found


def _number(text: str, name: str) -> str:
    plain = re.sub(r"[,\u00a0\u202f ]", "", text) if _GROUPED.fullmatch(text) else text
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= Decimal(10) ** 18 or not plain.isascii():
        raise Refused(f"{name}: “{text[:40]}” is not a number. Write it like 1200.5.", where=name)
    written = f"{value:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written in {"-0", ""} else written.removeprefix("+")


def _date(text: str, name: str) -> str:
    try:
        return (
            date.fromisoformat(text).isoformat() if len(text) == len("2026-12-18") else _no_date()
        )
    except ValueError:
        raise Refused(
            f"{name}: “{text[:40]}” is not a date. Write it like 2026-12-18.", where=name
        ) from None


def _no_date() -> str:
    raise ValueError
