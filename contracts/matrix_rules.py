"""The PCI responsibility matrix: who meets which requirement, and where nobody does. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from foundation.dates import add_months
from foundation.errors import Refused

MONTHS_VALID = 12
"""How long an agreed matrix holds (domain.md A.9; PCI DSS 12.8.5 asks to keep it current)."""
MOST_LINES = 250
LONGEST_NOTE = 500
_NUMBER = re.compile(r"(?:[1-9]|1[0-2])(?:\.[1-9][0-9]?){0,3}")


class Share(StrEnum):
    """Who meets a requirement (PCI DSS 12.8.5)."""

    VENDOR = "vendor"
    OURS = "ours"
    SHARED = "shared"
    NOT_APPLICABLE = "not_applicable"


class MatrixStanding(StrEnum):
    """What a matrix is worth on a day."""

    HOLDS = "holds"
    GAPS = "gaps"
    NOT_AGREED = "not_agreed"
    OVER = "over"
    MISSING = "missing"


NAMES: Mapping[str, str] = {
    "1": "What may pass between networks",
    "2": "Settings safer than the maker's own",
    "3": "Card data that is kept",
    "4": "Card data on its way",
    "5": "Keeping harmful programs out",
    "6": "Building and mending software",
    "7": "Rights no wider than the work",
    "8": "Knowing who signs in",
    "9": "Doors, rooms and media",
    "10": "Logs, and reading them",
    "11": "Scans and trial attacks",
    "12": "Rules, people and providers",
}
"""The twelve principal requirements by number, in our own words."""


@dataclass(frozen=True, slots=True)
class Line:
    """Who meets one requirement; None is nobody yet. The note says who does what, or why not."""

    number: str
    share: Share | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class MatrixGap:
    """What keeps a matrix from being complete."""

    number: str
    sentence: str


def parse_number(text: str) -> str:
    """Return the number of a requirement, such as 3.5. Raises Refused for anything else."""
    found = text.strip().rstrip(".")
    if not _NUMBER.fullmatch(found):
        shown = "".join(char for char in text.strip()[:40] if char.isprintable())
        raise Refused(
            f"“{shown}” is not the number of a requirement. "
            "Write it like 3.5: one of 1 to 12, and up to three numbers behind points."
        )
    return found


def place_of(number: str) -> tuple[int, ...]:
    """Return what numbers are sorted by: 3.10 comes after 3.9."""
    return tuple(int(part) for part in number.split("."))


def principal_of(number: str) -> str:
    """Return the principal requirement a number is part of."""
    return number.partition(".")[0]


def is_split_off(number: str) -> bool:
    """Say whether a number is part of a principal requirement, and none itself."""
    return "." in number


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines by number, every principal requirement among them."""
    known = {number: Line(number) for number in NAMES} | {one.number: one for one in lines}
    return tuple(sorted(known.values(), key=lambda one: place_of(one.number)))


def check_length(lines: Collection[Line]) -> None:
    """Raise Refused when these are more lines than a matrix has."""
    if len(lines) > MOST_LINES:
        raise Refused(
            f"A matrix has at most {MOST_LINES} lines, the twelve requirements among them; these "
            f"are {len(lines)}. Leave out parts whose owner is that of the whole."
        )


def gaps(lines: Iterable[Line]) -> tuple[MatrixGap, ...]:
    """Return everything that is missing, by number: every applicable requirement has an owner."""
    every = in_order(lines)
    split = {principal_of(one.number) for one in every if is_split_off(one.number)}
    told = ((one.number, _missing(one, is_split=one.number in split)) for one in every)
    return tuple(MatrixGap(number, sentence) for number, sentence in told if sentence)


def _missing(line: Line, *, is_split: bool) -> str:
    name = f"Requirement {line.number}"
    if line.share is None:
        return f"{name} has no owner{' for what is not split off' if is_split else ''}."
    if line.note or line.share in {Share.VENDOR, Share.OURS}:
        return ""
    if line.share is Share.SHARED:
        return f"{name} is shared, and its note does not say who does what."
    return f"{name} does not apply, and its note does not say why."


def valid_until(agreed_on: date | None) -> date | None:
    """Return the last day on which a matrix holds; None while it is not agreed."""
    return None if agreed_on is None else add_months(agreed_on, MONTHS_VALID)


def standing_of(lines: Iterable[Line], until: date | None, today: date) -> MatrixStanding:
    """Return what a matrix is worth: past its end counts before anything that is missing."""
    if until is None:
        return MatrixStanding.NOT_AGREED
    if today > until:
        return MatrixStanding.OVER
    return MatrixStanding.GAPS if gaps(lines) else MatrixStanding.HOLDS


def filled(lines: Iterable[Line], share: Share, where: str) -> tuple[Line, ...]:
    """Return the lines with one owner written down: into the empty ones, all, or one requirement.

    `where` is "empty", "all", or the number of a principal requirement with what is split off it.
    """

    def is_meant(line: Line) -> bool:
        if where == "empty":
            return line.share is None
        return where in {"all", principal_of(line.number)}

    return tuple(replace(one, share=share) if is_meant(one) else one for one in in_order(lines))


def differing(
    before: Iterable[Line], after: Iterable[Line]
) -> tuple[tuple[Line | None, Line | None], ...]:
    """Return the lines that are not the same in both, by number; None where there is none."""
    old, new = ({one.number: one for one in in_order(lines)} for lines in (before, after))
    numbers = sorted(old.keys() | new.keys(), key=place_of)
    pairs = ((old.get(number), new.get(number)) for number in numbers)
    return tuple(pair for pair in pairs if pair[0] != pair[1])
