"""Who reads a digest: people at work, their clocks, and whom a step of a ladder is for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import RoleGrant, Staff
from accounts.rules import Role
from foundation.dates import day_in, moment_in
from identity.models import Person
from reminders.due_queries import Due
from reminders.models import DigestDay
from reminders.rules import MORNING, Audience
from vendors.models import VendorGrant

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """A member of staff who works here, and the last day that was looked at for them."""

    person_id: UUID
    name: str
    email: str
    time_zone: str
    roles: frozenset[Role]
    seen_on: date | None

    def day_due(self, at: datetime) -> date | None:
        """Return the day whose digest is due at a moment; None before eight and once it is done.

        A day seen that is still to come was noted while a clock was ahead, and counts as nothing.
        """
        today = day_in(at, self.time_zone)
        is_done = self.seen_on == today
        is_early = at < moment_in(today, MORNING, self.time_zone)
        return None if is_done or is_early else today

    def unseen_from(self, today: date) -> date:
        """Return the first day not looked at yet; for whoever is new, today."""
        if self.seen_on is None or self.seen_on >= today:
            return today
        return self.seen_on + ONE_DAY


class Office:
    """Everybody at work, and who may know of which need-to-know vendor."""

    def __init__(self, readers: Iterable[Reader], grants: Iterable[tuple[UUID, UUID]]) -> None:
        self.readers: Mapping[UUID, Reader] = {each.person_id: each for each in readers}
        self._grants = frozenset(grants)
        self._leads = [each for each in self.readers.values() if Role.LEAD in each.roles]

    def recipients(self, due: Due, audience: Audience) -> list[UUID]:
        """Return who hears of a step: somebody always does.

        The work of somebody who left, or who may not see the vendor, falls to the vendor's owner,
        and what nobody else can be told to the leads.
        """
        leads = [lead.person_id for lead in self._leads if self._may_see(due, lead.person_id)]
        if audience is Audience.LEAD and leads:
            return leads
        wanted = due.approver_id if audience is Audience.APPROVER else due.owner_id
        for person_id in (wanted, due.vendor_owner_id):
            if person_id and person_id in self.readers and self._may_see(due, person_id):
                return [person_id]
        return leads

    def _may_see(self, due: Due, person_id: UUID) -> bool:
        is_open = not due.is_need_to_know or person_id == due.vendor_owner_id
        return is_open or (due.vendor_id, person_id) in self._grants


def office_of(session: Session) -> Office:
    """Return everybody at work. Two statements."""
    chosen = (
        select(Person.id, Person.name, Person.email, Person.time_zone, DigestDay.day)
        .add_columns(RoleGrant.role)
        .join(Staff, Staff.person_id == Person.id)
        .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(DigestDay, DigestDay.person_id == Person.id)
        .where(Staff.left_at.is_(None), Person.disabled_at.is_(None))
        .order_by(Person.email)
    )
    people: dict[tuple[Any, ...], set[Role]] = {}
    for *person, role in session.execute(chosen):
        people.setdefault(tuple(person), set()).update(() if role is None else (role,))
    grants = session.execute(select(VendorGrant.vendor_id, VendorGrant.person_id))
    return Office(
        (
            Reader(person_id, name, email, zone, frozenset(roles), seen_on)
            for (person_id, name, email, zone, seen_on), roles in people.items()
        ),
        ((vendor_id, person_id) for vendor_id, person_id in grants),
    )
