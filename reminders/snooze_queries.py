"""Reading what was put off: one thing of a person, and everything that is silent now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.errors import Missing
from identity.models import Person
from reminders.due_queries import Due, find_due
from reminders.ladders import Kind
from reminders.models import Snooze
from vendors.queries import find_vendor


@dataclass(frozen=True, slots=True)
class PutOff:
    """Who put a thing off, until when and why."""

    person_id: UUID
    name: str
    due_on: date
    until_on: date
    reason: str


def get_due(session: Session, viewer_id: UUID, kind: Kind, subject_id: UUID) -> Due:
    """Return an open thing with a date of a vendor the person may see. Raises Missing."""
    found = find_due(session, kind, subject_id)
    if found is None or find_vendor(session, viewer_id, found.vendor_id) is None:
        raise Missing
    return found


def put_off_now(session: Session, today: date) -> Mapping[UUID, list[PutOff]]:
    """Return everything that is silent for somebody today, by thing. One statement."""
    chosen = (
        select(
            Snooze.subject_id,
            Snooze.person_id,
            Person.name,
            Snooze.due_on,
            Snooze.until_on,
            Snooze.reason,
        )
        .join(Person, Person.id == Snooze.person_id)
        .where(Snooze.until_on > today)
        .order_by(Snooze.until_on.desc())
    )
    found: dict[UUID, list[PutOff]] = {}
    for subject_id, person_id, name, due_on, until_on, reason in session.execute(chosen):
        one = PutOff(person_id, name, due_on, until_on, reason)
        found.setdefault(subject_id, []).append(one)
    return found
