"""Reading who else answers for a vendor, for its own people."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from identity.models import Invitation, Person
from questionnaires.models import Assessment
from vendors.models import Contact
from vendors.rules import ContactRole


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with access for the same vendor."""

    person_id: UUID
    vendor_id: UUID
    name: str
    """Empty until they came in: an address somebody typed must not tell whose it is."""
    email: str
    role: ContactRole
    job_title: str


def colleagues_of(session: Session, vendor_ids: Collection[UUID]) -> list[Colleague]:
    """Return everybody who has access for these vendors, leads first."""
    came_in = exists(
        select(Invitation.id)
        .join(Assessment, Assessment.id == Invitation.for_id)
        .where(
            Invitation.person_id == Contact.person_id,
            Invitation.used_at.is_not(None),
            Assessment.vendor_id == Contact.vendor_id,
        )
    )
    chosen = (
        select(
            Contact.person_id,
            Contact.vendor_id,
            Person.name,
            Person.email,
            Contact.role,
            Contact.job_title,
            came_in,
        )
        .join(Person, Person.id == Contact.person_id)
        .where(Contact.vendor_id.in_(vendor_ids), Contact.removed_at.is_(None))
        .order_by(Contact.role, Person.email)
    )
    return [
        Colleague(row[0], row[1], row[2] if row[6] else "", *row[3:6])
        for row in session.execute(chosen)
    ]
