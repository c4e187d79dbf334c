"""Reminders: the ladder of a vendor's answers, when letters may go, and when a review opens."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from vendors.tier_model import TIER_MODEL, Pace

MORNING = time(8, 0)
"""No reminder goes out before eight in the morning where its day is reckoned."""
APART = timedelta(hours=48)
"""Ruling 8: never two letters to one person about one thing within 48 hours."""
_APART_DAYS = 2


class Audience(StrEnum):
    VENDOR = "vendor"
    OWNER = "owner"
    APPROVER = "approver"
    LEAD = "lead"


class Step(StrEnum):
    """The letters to a vendor about its answers, in their order."""

    FIRST = "first"
    SECOND = "second"
    LAST_DAY = "last_day"
    OVERDUE = "overdue"


PLEASANT = frozenset({Step.FIRST, Step.SECOND})
"""Letters a vendor's person may stop; what follows from the last day itself is always said."""


@dataclass(frozen=True)
class Window:
    """The time a vendor has to answer; the moment is in the zone its days are reckoned in."""

    sent_at: datetime
    due_on: date
    is_quiet: bool = False
    """Whoever answers stopped the letters before the last day."""


def vendor_nudges(sent_on: date, due_on: date) -> tuple[tuple[Step, date], ...]:
    """Return the letters to the vendor inside the window: at 30 %, 70 % and on the last day.

    In a short window the earlier of two that are less than two days apart is left out.
    """
    days = (due_on - sent_on).days
    planned = (
        (Step.FIRST, (days * 3 + 5) // 10),
        (Step.SECOND, (days * 7 + 5) // 10),
        (Step.LAST_DAY, days),
    )
    kept: list[tuple[Step, date]] = []
    following = days + _APART_DAYS
    for step, day in reversed(planned):
        if day >= _APART_DAYS and following - day >= _APART_DAYS:
            kept.insert(0, (step, sent_on + timedelta(days=day)))
            following = day
    return tuple(kept)


def ladder(window: Window) -> tuple[tuple[Step, date], ...]:
    """Return every letter to the vendor with its day: the nudges, then one when it is overdue."""
    overdue_on = window.due_on + timedelta(days=1)
    inside = vendor_nudges(window.sent_at.date(), window.due_on)
    wanted = (each for each in inside if not (window.is_quiet and each[0] in PLEASANT))
    return (*wanted, (Step.OVERDUE, overdue_on))


def next_step(
    window: Window,
    taken: Collection[Step],
    letters: Iterable[datetime],
    now: datetime,
    *,
    is_at_work: bool = False,
) -> Step | None:
    """Return the one letter to write now, or None; call again once it is taken.

    After a pause only the latest step reached is taken, never the ones it outran. The vendor gets
    no two within 48 hours, counting from the sending itself, none before the morning, and none
    before the last day has passed while its person is at work on the answers today. `letters` are
    the moments of those about any due date.
    """
    reached = [step for step, on in ladder(window) if on <= now.date()]
    if not reached or reached[-1] in taken or now.time() < MORNING:
        return None
    if is_at_work and reached[-1] is not Step.OVERDUE:
        return None
    return None if is_too_soon((window.sent_at, *letters), now) else reached[-1]


def next_look(window: Window, taken: Collection[Step], today: date) -> date | None:
    """Return the day to look at this window again: today while a letter waits; None for never."""
    days = ladder(window)
    reached = [step for step, on in days if on <= today]
    if reached and reached[-1] not in taken:
        return today
    return next((on for _, on in days if on > today), None)


def is_too_soon(letters: Iterable[datetime], now: datetime) -> bool:
    """Say whether somebody heard of a thing within 48 hours.

    A letter from the future was written while a clock was wrong; it holds nothing back.
    """
    return any(timedelta(0) <= now - at < APART for at in letters)


def opens_on(next_review_on: date, tier: int, pace: Pace = TIER_MODEL.pace) -> date:
    """Return the day a reassessment opens, so that it is done when the review is due."""
    return next_review_on - timedelta(days=pace.opens_days[tier])
