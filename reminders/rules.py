"""Reminders: the ladder of one assessment, and when a reassessment opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from vendors.tier_model import TIER_MODEL, Pace


class Audience(StrEnum):
    VENDOR = "vendor"
    OWNER = "owner"
    LEAD = "lead"


class Step(StrEnum):
    """The steps of the ladder, in their order."""

    FIRST = "first"
    SECOND = "second"
    LAST_DAY = "last_day"
    OVERDUE = "overdue"
    OVERDUE_OWNER = "overdue_owner"
    OVERDUE_LEAD = "overdue_lead"

    @property
    def audience(self) -> Audience:
        """Who gets the letter."""
        return {Step.OVERDUE_OWNER: Audience.OWNER, Step.OVERDUE_LEAD: Audience.LEAD}.get(
            self, Audience.VENDOR
        )


@dataclass(frozen=True)
class Window:
    """The time a vendor has to answer."""

    sent_at: datetime
    due_on: date


APART = timedelta(hours=48)
_APART_DAYS = 2


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


def ladder(sent_on: date, due_on: date) -> tuple[tuple[Step, date], ...]:
    """Return every step with its date: the nudges, then overdue to vendor, owner and lead."""
    return (
        *vendor_nudges(sent_on, due_on),
        (Step.OVERDUE, due_on + timedelta(days=1)),
        (Step.OVERDUE_OWNER, due_on + timedelta(days=4)),
        (Step.OVERDUE_LEAD, due_on + timedelta(days=8)),
    )


def next_step(window: Window, stamped: Mapping[Step, datetime], now: datetime) -> Step | None:
    """Return the one step to take now, or None; call again after stamping it.

    After a pause only the latest step a reader has reached is taken, never the ones it outran;
    nobody gets two letters within 48 hours, the vendor counting from the sending itself.
    """
    reached = [s for s, on in ladder(window.sent_at.date(), window.due_on) if on <= now.date()]
    for audience in Audience:
        mine = [step for step in reached if step.audience is audience]
        if mine and mine[-1] not in stamped and not _is_too_soon(audience, window, stamped, now):
            return mine[-1]
    return None


def opens_on(next_review_on: date, tier: int, pace: Pace = TIER_MODEL.pace) -> date:
    """Return the day a reassessment opens, so that it is done when the review is due."""
    return next_review_on - timedelta(days=pace.opens_days[tier])


def _is_too_soon(
    audience: Audience, window: Window, stamped: Mapping[Step, datetime], now: datetime
) -> bool:
    letters = [at for step, at in stamped.items() if step.audience is audience]
    if audience is Audience.VENDOR:
        letters.append(window.sent_at)
    return any(now - at < APART for at in letters)
