"""A month as weeks of days, beginning as the organisation's week does."""

from calendar import Calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Self

from foundation.dates import add_months

FIRST, LAST = date(2000, 1, 1), date(2199, 12, 1)
MONDAY, SUNDAY = 1, 7


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, named by its first day, between 2000 and 2199."""

    first: date

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the month a day lies in; beyond the years shown it is the nearest one."""
        return cls(min(max(day.replace(day=1), FIRST), LAST))

    @classmethod
    def read(cls, typed: str | None, today: date) -> Self:
        """Read a month written as 2026-03; anything else is the month of today."""
        try:
            return cls.of(date.fromisoformat(f"{typed}-01"))
        except ValueError:
            return cls.of(today)

    def __str__(self) -> str:
        """Write it as an address does: 2026-03."""
        return f"{self.first:%Y-%m}"

    @property
    def previous(self) -> Self | None:
        """The month before, or None where the years shown begin."""
        return None if self.first <= FIRST else type(self)(add_months(self.first, -1))

    @property
    def following(self) -> Self | None:
        """The month after, or None where the years shown end."""
        return None if self.first >= LAST else type(self)(add_months(self.first, 1))

    def weeks(self, begins: int) -> list[list[date]]:
        """Return its weeks, filled up with days of its neighbours; `begins` is an ISO weekday."""
        days = list(Calendar(begins - 1).itermonthdates(self.first.year, self.first.month))
        return [days[start : start + SUNDAY] for start in range(0, len(days), SUNDAY)]


def week_begins(weekend: Collection[int]) -> int:
    """Return the ISO weekday after the week-end; Monday where there is none or nothing else."""
    for day in range(MONDAY, SUNDAY + 1):
        before = day - 1 or SUNDAY
        if before in weekend and day not in weekend:
            return day
    return MONDAY
