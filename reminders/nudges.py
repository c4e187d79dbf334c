"""Nudges: which vendor is to be reminded of its answers now, and when to look again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from identity.models import Person
from identity.queries import last_seen_of
from mail.rules import Stoppable
from mail.stopping import stopped_by
from questionnaires.answer_models import Clarification
from questionnaires.models import Assessment
from reminders import standing
from reminders.queries import Told, told_of
from reminders.rules import Step, Window, next_look, next_step
from vendors.models import Contact, Vendor

NUDGE, DEADLINE = Stoppable.NUDGE.value, "deadline"
"""The kinds of the letters: before the last day, and from it on."""
_STEPS = frozenset(Step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An assessment that is with a vendor."""

    assessment_id: UUID
    reference: str
    window: Window
    vendor_id: UUID
    vendor: str
    person_id: UUID
    name: str
    email: str
    look_on: date | None


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at one assessment came to: a letter or none, and the day to look again."""

    waiting: Waiting
    step: Step | None
    again_on: date | None

    @property
    def is_news(self) -> bool:
        """Whether there is anything to write down."""
        return self.step is not None or self.again_on != self.waiting.look_on


def looks_due(session: Session, zone: str, at: datetime) -> list[Look]:
    """Return what is to be done now about assessments whose day to look has come."""
    now = at.astimezone(ZoneInfo(zone))
    found = waiting_at_vendors(session, zone, Assessment.remind_on <= now.date())
    if not found:
        return []
    told = told_of(session, {one.assessment_id for one in found})
    seen = last_seen_of(session, {one.person_id for one in found})
    at_work = {
        who for who, moment in seen.items() if moment.astimezone(now.tzinfo).date() == now.date()
    }
    looks = (_look(one, told.get(one.assessment_id, ()), now, at_work) for one in found)
    return [look for look in looks if look.is_news]


def waiting_at_vendors(session: Session, zone: str, *which: Any) -> list[Waiting]:  # noqa: ANN401  conditions
    """Return assessments that vendors hold, by due date.

    A window begins with the sending, or anew with the last question asked back.
    """
    asked_back = (
        select(func.max(Clarification.sent_at))
        .where(Clarification.assessment_id == Assessment.id)
        .scalar_subquery()
    )
    chosen = (
        select(Assessment.id, Assessment.reference, Assessment.sent_at, Assessment.due_on)
        .add_columns(Assessment.remind_on, Vendor.id, Vendor.name)
        .add_columns(Person.id, Person.name, Person.email, asked_back)
        .join(Vendor, Vendor.id == Assessment.vendor_id)
        .join(Contact, Contact.id == Assessment.contact_id)
        .join(Person, Person.id == Contact.person_id)
        .where(standing.is_with_vendor(), Contact.removed_at.is_(None))
        .where(Person.disabled_at.is_(None), *which)
    )
    # Sorted here: an order in the statement would be read off another index, all of it.
    rows = sorted((tuple(row) for row in session.execute(chosen)), key=itemgetter(3, 0))
    stops = stopped_by(session, {row[9] for row in rows}) if rows else {}
    return [_waiting(row, ZoneInfo(zone), stops) for row in rows]


def _look(one: Waiting, told: Sequence[Told], now: datetime, at_work: Collection[UUID]) -> Look:
    letters = [each for each in told if each.step in _STEPS]
    taken = {Step(each.step) for each in letters if each.due_on == one.window.due_on}
    is_at_work = one.person_id in at_work
    moments = [each.at for each in letters]
    step = next_step(one.window, taken, moments, now, is_at_work=is_at_work)
    taken |= set() if step is None else {step}
    return Look(one, step, next_look(one.window, taken, now.date()))


def _waiting(row: tuple[Any, ...], zone: ZoneInfo, stops: Mapping[str, frozenset[str]]) -> Waiting:
    assessment_id, reference, sent_at, due_on, look_on, vendor_id, vendor, *person, asked_at = row
    person_id, name, email = person
    return Waiting(
        assessment_id=assessment_id,
        reference=reference,
        window=Window(
            (asked_at or sent_at).astimezone(zone),
            due_on,
            is_quiet=NUDGE in stops.get(email, frozenset()),
        ),
        vendor_id=vendor_id,
        vendor=vendor,
        person_id=person_id,
        name=name,
        email=email,
        look_on=look_on,
    )
