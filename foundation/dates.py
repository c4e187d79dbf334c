"""Dates: the one place where months, working days and time zones are reckoned with."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import MINYEAR, UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = 7
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def add_months(start: date, months: int) -> date:
    """Return the same day that many months later; a day the month lacks becomes its last day.

    The years are those of `datetime.date`; beyond them the answer is the last or first date.
    """
    year, index = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    if year < date.min.year:
        return date.min
    month = index + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def day_in(at: datetime, zone: str) -> date:
    """Return the day of the calendar on which a moment falls in a time zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def moment_in(day: date, clock: time, zone: str) -> datetime:
    """Return the moment in UTC at which clocks of a zone show a time on a day.

    A time shown twice, when clocks go back, is its first. One that is skipped, when clocks go
    forward, is read with the offset from before the skip, as in RFC 5545, 3.3.5.
    """
    return in_utc(datetime.combine(day, clock.replace(fold=0), ZoneInfo(zone)))


def in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC; one that UTC has no year for is the first or the last there is."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return FIRST if moment.year == MINYEAR else LAST


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days that do not count: ISO weekdays (Monday is 1) and single dates."""

    weekend: frozenset[int] = frozenset({6, 7})
    holidays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Say whether a day counts."""
        return day.isoweekday() not in self.weekend and day not in self.holidays

    def on_or_after(self, day: date) -> date:
        """Return the day itself when it counts, else the first one after it that does."""
        found = day
        while not self.is_working(found):
            found += timedelta(days=1)
        return found

    def on_or_before(self, day: date) -> date:
        """Return the day itself when it counts, else the last one before it that does."""
        found = day
        while not self.is_working(found):
            found -= timedelta(days=1)
        return found

    def between(self, first: date, last: date) -> int:
        """Count the working days from `first` up to, and without, `last`; 0 when it is earlier."""
        days = (last - first).days
        if days <= 0:
            return 0
        weeks, rest = divmod(days, WEEK)
        left = (first + timedelta(days=weeks * WEEK + each) for each in range(rest))
        counted = weeks * (WEEK - len(self.weekend))
        counted += sum(day.isoweekday() not in self.weekend for day in left)
        return counted - sum(
            first <= day < last and day.isoweekday() not in self.weekend for day in self.holidays
        )


def zone_name(local: datetime) -> str:
    """Return how the zone of a local moment is called: PKT, or UTC+04 where it has no letters."""
    name = local.tzname() or "UTC"
    return name if name[:1].isalpha() else f"UTC{name}"
