"""Nudges: which vendor is to be reminded of what it owes now, and when to look again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from foundation.dates import day_in
from identity.queries import last_seen_of
from reminders.queries import Told, told_of
from reminders.rules import Step, next_look, next_step
from reminders.waiting import Waiting, all_waiting

_STEPS = frozenset(Step)


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at one thing came to: a letter or none, and the day to look again."""

    waiting: Waiting
    step: Step | None
    again_on: date | None

    @property
    def is_news(self) -> bool:
        """Whether there is anything to write down."""
        return self.step is not None or self.again_on != self.waiting.look_on


def looks_due(session: Session, zone: str, at: datetime) -> list[Look]:
    """Return what is to be done now about what vendors owe and whose day to look has come."""
    now, today = at.astimezone(ZoneInfo(zone)), day_in(at, zone)
    found = all_waiting(session, zone, today)
    if not found:
        return []
    told = told_of(session, {one.subject_id for one in found})
    seen = last_seen_of(session, {one.person_id for one in found})
    at_work = {who for who, moment in seen.items() if day_in(moment, zone) == today}
    looks = (_look(one, told.get(one.subject_id, ()), now, at_work) for one in found)
    return [look for look in looks if look.is_news]


def _look(one: Waiting, told: Sequence[Told], now: datetime, at_work: Collection[UUID]) -> Look:
    letters = [each for each in told if each.step in _STEPS]
    taken = {Step(each.step) for each in letters if each.due_on == one.window.due_on}
    is_at_work = one.person_id in at_work
    moments = [each.at for each in letters]
    step = next_step(one.window, taken, moments, now, is_at_work=is_at_work)
    taken |= set() if step is None else {step}
    return Look(one, step, next_look(one.window, taken, now.date()))
