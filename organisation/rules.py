"""Rules of the organisation: settings that can stand, working days, codes of companies, trees."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from foundation.errors import Refused
from foundation.idnumbers import is_lei

LONGEST_NAME = 200
MOST_HOLIDAYS = 400
MOST_HOURS = 8760
"""A year: nothing that may stand still for longer has a recovery time."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_YEARS = 5
"""Whose public holidays are proposed at once."""
_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")


class RegimeStatus(StrEnum):
    """Whether a law or scheme binds anybody yet."""

    IN_FORCE = "in_force"
    BILL = "bill"
    REPEALED = "repealed"


class PageSize(StrEnum):
    """What reports are printed on."""

    A4 = "a4"
    LETTER = "letter"


class SecondLanguage(StrEnum):
    """The language of a second summary in reports; their language is English."""

    NONE = "none"
    URDU = "ur"


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """A day on which nobody works, and what it is called."""

    day: date
    name: str = ""

    def __str__(self) -> str:
        """Write it as it is stored and typed: 2026-08-14 Independence Day."""
        return f"{self.day.isoformat()} {self.name}".rstrip()


def read_holiday(line: str, number: int = 0) -> Holiday:
    """Read one line such as 2026-08-14 Independence Day. Raises Refused, with the line named."""
    place = f"Line {number}: " if number else ""
    typed, _, name = line.strip().partition(" ")
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Refused(
            f"{place}“{typed[:40]}” is no day of the calendar. "
            "Write year-month-day and then the name, such as 2026-08-14 Independence Day.",
            where="holidays",
        ) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(
            f"{place}{typed} is not between {FIRST_YEAR} and {LAST_YEAR}. Check the year.",
            where="holidays",
        )
    return Holiday(day, " ".join(name.split())[:LONGEST_NAME])


def read_holidays(text: str) -> tuple[Holiday, ...]:
    """Read one day a line, in the order of the calendar. Raises Refused with every bad line."""
    found: dict[date, Holiday] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            one = read_holiday(line, number)
        except Refused as refusal:
            problems.append(str(refusal))
            continue
        found[one.day] = _joined(found.get(one.day), one)
    if problems:
        raise Refused(" ".join(problems[:10]), where="holidays")
    if len(found) > MOST_HOLIDAYS:
        raise Refused(
            f"These are {len(found)} days; at most {MOST_HOLIDAYS} are kept. Take old years out.",
            where="holidays",
        )
    return tuple(sorted(found.values()))


def read_years(typed: str) -> list[int]:
    """Read years such as 2026, 2026-2028 or 2026, 2028. Raises Refused."""
    years: set[int] = set()
    for part in re.split(r"[\s,;]+", re.sub(r" ?[-–] ?", "-", " ".join(typed.split()))):
        found = re.fullmatch(r"([0-9]{4})(?:-([0-9]{4}))?", part)
        if found is None:
            raise Refused("Write a year such as 2026, or years such as 2026-2028.", where="years")
        first, last = int(found[1]), int(found[2] or found[1])
        years.update(range(first, min(last, first + MOST_YEARS) + 1))
    if not years or len(years) > MOST_YEARS or min(years) < FIRST_YEAR or max(years) > LAST_YEAR:
        raise Refused(
            f"Choose 1 to {MOST_YEARS} years between {FIRST_YEAR} and {LAST_YEAR}.", where="years"
        )
    return sorted(years)


def checked_weekend(days: Sequence[int]) -> list[int]:
    """Return week-end days in order, Monday is 1. Raises Refused when no working day is left."""
    chosen = sorted({day for day in days if 1 <= day <= 7})
    if len(chosen) == 7:
        raise Refused(
            "With seven week-end days nobody ever works. Leave at least one working day.",
            where="weekend",
        )
    return chosen


def checked_lei(typed: str) -> str | None:
    """Return a legal entity identifier (ISO 17442), or None for nothing. Raises Refused."""
    code = re.sub(r"[\s\-]", "", typed).upper()
    if not code:
        return None
    if not _LEI.fullmatch(code):
        raise Refused(
            f"A LEI has 20 letters and digits, the last two are digits; this one has {len(code)} "
            "characters. Copy it from the register of the GLEIF.",
            where="lei",
        )
    if not is_lei(code):
        raise Refused(
            "The last two digits of this LEI do not fit the rest. One character is wrong: "
            "compare it with the register of the GLEIF.",
            where="lei",
        )
    return code


def checked_name(typed: str, what: str) -> str:
    """Return a name in one line. Raises Refused when it is empty, too long or holds no text."""
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(
            f"Give {what} a name of 1 to {LONGEST_NAME} printable characters.", where="name"
        )
    return name


def checked_hours(hours: int | None, where: str) -> int | None:
    """Return hours of a recovery time, 0 to a year; None is not set. Raises Refused."""
    if hours is not None and not 0 <= hours <= MOST_HOURS:
        raise Refused(f"Write 0 to {MOST_HOURS} hours, or leave it empty.", where=where)
    return hours


def refuse_circle(parents: Mapping[UUID, UUID | None], unit_id: UUID, parent_id: UUID) -> None:
    """Raise Refused when a unit would stand below itself."""
    above: UUID | None = parent_id
    seen: set[UUID] = set()
    while above is not None and above not in seen:
        if above == unit_id:
            raise Refused(
                "A unit cannot stand below itself. Choose a unit that is not one of its own parts.",
                where="parent_id",
            )
        seen.add(above)
        above = parents.get(above)


def _joined(known: Holiday | None, one: Holiday) -> Holiday:
    if known is None or not known.name or known.name == one.name:
        return one
    return known if not one.name else Holiday(one.day, f"{known.name}; {one.name}"[:LONGEST_NAME])
