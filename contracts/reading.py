"""Reading values: what a person typed of a clause, and how values are kept in a row."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from contracts.values import Direction, FoundValue, Parameter, ParameterKind, say
from foundation.errors import Refused
from foundation.normal_forms import normal

K = ParameterKind
COUNTED = frozenset({K.HOURS, K.DAYS, K.MONTHS, K.PERCENT})
LARGEST = Decimal(100_000)
_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z%]*)")
_UNITS: Mapping[str, tuple[ParameterKind, int]] = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), (K.HOURS, 1)),
    **dict.fromkeys(("d", "day", "days"), (K.DAYS, 1)),
    **dict.fromkeys(("week", "weeks"), (K.DAYS, 7)),
    **dict.fromkeys(("mo", "month", "months"), (K.MONTHS, 1)),
    **dict.fromkeys(("y", "yr", "year", "years"), (K.MONTHS, 12)),
    **dict.fromkeys(("%", "percent"), (K.PERCENT, 1)),
}


def read_value(text: str, parameter: Parameter) -> FoundValue | None:
    """Return what was typed as the value found; a number alone has the required unit.

    Raises Refused for what cannot be counted where a count is required; nothing typed is None.
    """
    typed = text.strip()
    if not typed:
        return None
    if parameter.kind not in COUNTED:
        return FoundValue(parameter.kind, text=typed)
    plain = western_digits(normal("NFKC", typed)).casefold().rstrip(".")
    if re.search(r"(working|business) days?", plain):
        raise Refused(
            "Write working days as calendar days: 10 working days are 14 days.",
            where="found_value",
        )
    match = _AMOUNT.fullmatch(plain)
    kind, times = _UNITS.get(match[2] if match else "?", (None, 1))
    if match and not match[2]:
        kind = parameter.kind
    if match is None or kind is None:
        raise Refused(_how_to_write(parameter), where="found_value")
    return FoundValue(kind, _checked(match[1], kind) * times)


def western_digits(text: str) -> str:
    """Return a text with the digits of any script as 0 to 9."""
    shown = (unicodedata.decimal(char, None) for char in text)
    return "".join(
        char if value is None else str(value) for char, value in zip(text, shown, strict=True)
    )


def stored_value(text: str, parameter: Parameter) -> FoundValue | None:
    """Return the value of a stored text; one that cannot be read any more is nothing."""
    try:
        return read_value(text, parameter)
    except Refused:
        return None


def keep(parameter: Parameter) -> dict[str, Any]:
    """Return a parameter as the plain values of a row."""
    return {
        "kind": parameter.kind.value,
        "amount": None if parameter.amount is None else str(parameter.amount),
        "direction": parameter.direction.value,
        "text": parameter.text,
    }


def kept(raw: Mapping[str, Any] | None) -> Parameter:
    """Return the parameter of a row."""
    if not raw:
        return Parameter()
    amount = raw.get("amount")
    return Parameter(
        kind=ParameterKind(raw["kind"]),
        amount=None if amount is None else Decimal(amount),
        direction=Direction(raw["direction"]),
        text=raw["text"],
    )


def _checked(digits: str, kind: ParameterKind) -> Decimal:
    amount = Decimal(digits[:40])
    most = Decimal(100) if kind is K.PERCENT else LARGEST
    if amount > most or len(digits) > 20:
        raise Refused(
            f"{digits[:20]} is too large here; {most} is the most that makes sense.",
            where="found_value",
        )
    return amount


def _how_to_write(parameter: Parameter) -> str:
    return (
        f"Required is {say(parameter)}, so write a number and its unit, such as "
        f"{say(FoundValue(parameter.kind, parameter.amount))}. Where the contract names no number, "
        "leave the value empty and write its words into the note."
    )
