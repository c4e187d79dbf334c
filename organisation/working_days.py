"""Working days: which days count, as the organisation's calendar says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = 7
DAY = len("2026-08-14")


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


def calendar_of(weekend: Iterable[int], holidays: Iterable[str]) -> Calendar:
    """Return the calendar the settings describe; a holiday is YYYY-MM-DD and perhaps its name."""
    days = (date.fromisoformat(line[:DAY]) for line in holidays)
    return Calendar(frozenset(weekend), frozenset(days))
