"""What the calendar shows: a month of days, or a list in the order in which things fall due."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from organisation.queries import find_settings
from organisation.rules import read_holiday
from reports.calendar_filter import Filter
from reports.dates.gathering import gather
from reports.dates.row import DateKind, DateRow, Wanted, together
from reports.month import Month, week_begins

MOST = 1000
"""Rows of one kind that are read."""
SHOWN_A_DAY = 4
"""Rows of a day of the month before "and more"."""


@dataclass(frozen=True, slots=True)
class Day:
    """One square of the month."""

    on: date
    rows: tuple[DateRow, ...]
    is_outside: bool
    """It belongs to a neighbour of the month."""
    is_weekend: bool
    holiday: str | None
    """None is no holiday; one without a name is empty."""

    @property
    def shown(self) -> tuple[DateRow, ...]:
        """The rows that have room; one that is left over has room too."""
        fits = len(self.rows) <= SHOWN_A_DAY + 1
        return self.rows if fits else self.rows[:SHOWN_A_DAY]

    @property
    def more(self) -> int:
        """How many rows have no room."""
        return len(self.rows) - len(self.shown)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page prints."""

    today: date
    is_cut: bool
    rows: tuple[DateRow, ...]
    late: tuple[DateRow, ...] = ()
    months: dict[date, list[DateRow]] = field(default_factory=dict)
    """The rows of a list that are not late, by the first day of their month."""
    weeks: list[list[Day]] = field(default_factory=list)
    holidays: dict[date, str] = field(default_factory=dict)


def calendar_of(
    session: Session, viewer_id: UUID, asked: Filter, kinds: Iterable[DateKind], today: date
) -> Shown:
    """Return the dates somebody asks for, as far as they may see them."""
    settings = find_settings(session)
    lines = settings.holidays if settings else []
    holidays = {one.day: one.name for one in map(read_holiday, lines)}
    weekend = settings.weekend if settings else [6, 7]
    weeks = asked.month.weeks(week_begins(weekend))
    first = asked.day if asked.is_list else weeks[0][0]
    wanted = Wanted(
        viewer_id=viewer_id,
        today=today,
        first=first,
        last=asked.last(today) if asked.is_list else weeks[-1][-1],
        own=asked.own,
        unit_id=asked.unit_id,
        tag=asked.tag,
        most=MOST,
    )
    found = gather(session, wanted, frozenset(kinds) & (asked.kinds or frozenset(DateKind)))
    rows = together(found.rows)
    late, coming = _split(rows, today, is_whole=asked.day is not None)
    return Shown(
        today=today,
        is_cut=found.is_cut,
        rows=tuple(rows),
        late=late,
        months=_by_month(coming),
        weeks=[] if asked.is_list else _weeks(weeks, rows, asked.month, weekend, holidays),
        holidays=holidays,
    )


def _split(
    rows: Iterable[DateRow], today: date, *, is_whole: bool
) -> tuple[tuple[DateRow, ...], tuple[DateRow, ...]]:
    """Part what is late from what is coming; a single day is not parted."""
    late = tuple(row for row in rows if row.is_overdue(today) and not is_whole)
    return late, tuple(row for row in rows if is_whole or not row.is_overdue(today))


def _by_month(rows: Iterable[DateRow]) -> dict[date, list[DateRow]]:
    found: dict[date, list[DateRow]] = defaultdict(list)
    for row in rows:
        if row.on is not None:
            found[row.on.replace(day=1)].append(row)
    return dict(found)


def _weeks(
    weeks: Iterable[Iterable[date]],
    rows: Iterable[DateRow],
    month: Month,
    weekend: Iterable[int],
    holidays: dict[date, str],
) -> list[list[Day]]:
    by_day: dict[date | None, list[DateRow]] = defaultdict(list)
    for row in rows:
        by_day[row.on].append(row)
    free = frozenset(weekend)
    return [
        [
            Day(
                on=on,
                rows=tuple(by_day[on]),
                is_outside=on.month != month.first.month,
                is_weekend=on.isoweekday() in free,
                holiday=holidays.get(on),
            )
            for on in week
        ]
        for week in weeks
    ]
