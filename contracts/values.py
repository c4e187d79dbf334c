"""Values in clauses: what must be stated, what was found, and how they compare."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class ParameterKind(StrEnum):
    """What a clause must state: that it is there, an amount, or a text."""

    PRESENT = "present"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    PERCENT = "percent"
    TEXT = "text"


class Direction(StrEnum):
    """Whether the required amount is the most or the least that is accepted."""

    MAX = "max"
    MIN = "min"


@dataclass(frozen=True)
class Parameter:
    """The value a clause must state; `amount` for counted kinds, `text` says what to name."""

    kind: ParameterKind = ParameterKind.PRESENT
    amount: Decimal | None = None
    direction: Direction = Direction.MAX
    text: str = ""


@dataclass(frozen=True)
class FoundValue:
    """What the contract states, as a person read it."""

    kind: ParameterKind = ParameterKind.PRESENT
    amount: Decimal | None = None
    text: str = ""


@dataclass(frozen=True)
class Deviation:
    """Whether the value found meets the one required; None when nobody can tell yet."""

    meets: bool | None
    sentence: str


_COUNTED = {ParameterKind.HOURS, ParameterKind.DAYS, ParameterKind.MONTHS, ParameterKind.PERCENT}
_LONGEST_MONTH, _SHORTEST_MONTH = 31 * 24, 28 * 24


def compare(found: FoundValue | None, required: Parameter) -> Deviation:
    """Compare a value found in a contract with the one required.

    Times in different units are compared in hours; a month counts to our disadvantage.
    """
    if required.kind is ParameterKind.PRESENT:
        return Deviation(meets=True, sentence="The contract has the clause.")
    if required.kind is ParameterKind.TEXT:
        return _compare_text(found, required)
    if found is None or found.amount is None:
        return Deviation(
            meets=None,
            sentence=f"It is not noted how much the contract says; it must be {say(required)}.",
        )
    mine: Decimal | None = required.amount
    theirs: Decimal | None = found.amount
    if found.kind is not required.kind:
        mine, theirs = _measure(required, required), _measure(found, required)
    if mine is None or theirs is None:
        return Deviation(
            meets=None,
            sentence=f"{say(found)} cannot be compared with what it must be: {say(required)}.",
        )
    meets = theirs <= mine if required.direction is Direction.MAX else theirs >= mine
    joined = "as it must:" if meets else "but it must be"
    return Deviation(
        meets=meets, sentence=f"The contract says {say(found)}, {joined} {say(required)}."
    )


def say(value: Parameter | FoundValue) -> str:
    """Return a value in words: "at most 24 hours", "99.5 percent"."""
    if value.kind not in _COUNTED or value.amount is None:
        return value.text or "the contract has this clause"
    unit = value.kind.value
    if value.amount == 1 and value.kind is not ParameterKind.PERCENT:
        unit = unit.removesuffix("s")
    words = f"{value.amount.normalize():f} {unit}"
    if isinstance(value, Parameter):
        return f"{'at most' if value.direction is Direction.MAX else 'at least'} {words}"
    return words


def wanted(words: str, required: Parameter) -> str:
    """Return what a clause must say as its catalogue words it, `{amount}` filled in."""
    if not words:
        return say(required)
    return words.replace("{amount}", say(FoundValue(required.kind, required.amount)))


def _compare_text(found: FoundValue | None, required: Parameter) -> Deviation:
    if found is None or not found.text.strip():
        return Deviation(
            meets=None,
            sentence=f"It is not noted what the contract says; it must name: {say(required)}.",
        )
    return Deviation(meets=True, sentence=f"The contract names: {found.text.strip()}.")


def _measure(value: Parameter | FoundValue, required: Parameter) -> Decimal | None:
    """Return hours or percent; a month is long where less is better for us, short otherwise."""
    if value.amount is None or value.kind not in _COUNTED:
        return None
    is_percent = (value.kind is ParameterKind.PERCENT, required.kind is ParameterKind.PERCENT)
    if is_percent[0] != is_percent[1]:
        return None
    against_us = (value is required) == (required.direction is Direction.MIN)
    return value.amount * _hours(value.kind, _LONGEST_MONTH if against_us else _SHORTEST_MONTH)


def _hours(kind: ParameterKind, month: int) -> int:
    return {ParameterKind.DAYS: 24, ParameterKind.MONTHS: month}.get(kind, 1)
