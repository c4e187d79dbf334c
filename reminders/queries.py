"""Reading what was said, who waits for whom, and how the worker is."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from identity.queries import AT_ONCE
from reminders import standing
from reminders.ladders import Kind
from reminders.models import Heartbeat, Reminder
from vendors.models import Vendor
from vendors.tier_model import Pace

DAYS_WORK = "day"
"""The heartbeat that names the last day whose work was done."""


@dataclass(frozen=True, slots=True)
class Told:
    """A step somebody heard of, or NOBODY."""

    recipient_id: UUID
    kind: Kind
    step: str
    due_on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Coming:
    """A vendor whose next review comes near."""

    vendor_id: UUID
    vendor_name: str
    next_review_on: date


def told_of(session: Session, subject_ids: Collection[UUID]) -> Mapping[UUID, list[Told]]:
    """Return what was said of each of these things. One statement for 500 things."""
    found: dict[UUID, list[Told]] = defaultdict(list)
    rest = iter(subject_ids)
    while some := list(islice(rest, AT_ONCE)):
        chosen = select(
            Reminder.subject_id,
            Reminder.recipient_id,
            Reminder.kind,
            Reminder.step,
            Reminder.due_on,
            Reminder.stamped_at,
        ).where(Reminder.subject_id.in_(some))
        for subject_id, recipient_id, kind, step, due_on, at in session.execute(chosen):
            found[subject_id].append(Told(recipient_id, Kind(kind), step, due_on, at))
    return found


def reviews_coming(session: Session, pace: Pace, today: date) -> Iterator[Coming]:
    """Yield vendors in use whose review opens by today and that have none open.

    One that was asked again already is left out: handing in its answers opens the review.
    """
    by_tier = (
        (Vendor.tier == tier)
        & (Vendor.next_review_on <= date.fromordinal(today.toordinal() + days))
        for tier, days in pace.opens_days.items()
    )
    chosen = (
        select(Vendor.id, Vendor.name, Vendor.next_review_on)
        .where(
            standing.is_in_use(),
            or_(*by_tier),
            ~standing.has_open_review(),
            ~standing.is_asked(),
        )
        .order_by(Vendor.next_review_on, Vendor.id)
    )
    for vendor_id, name, on in session.execute(chosen):
        if on is not None:
            yield Coming(vendor_id, name, on)


def find_heartbeat(session: Session, name: str = "worker") -> Heartbeat | None:
    """Return when the worker was last alive, or None when it never was."""
    return session.get(Heartbeat, name)


def list_heartbeats(session: Session) -> list[Heartbeat]:
    """Return every sign of life, by name."""
    return list(session.scalars(select(Heartbeat).order_by(Heartbeat.name)))
