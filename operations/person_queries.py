"""Whose data somebody may hand out or erase: everybody's but that of people they may not know."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.queries import find_staff
from foundation.errors import Missing
from identity.models import Person
from identity.queries import find_by_email, get_person
from vendors.models import Contact, Vendor
from vendors.queries import visible_vendors


def get_known_person(session: Session, viewer_id: UUID, person_id: UUID) -> Person:
    """Return a person. Raises Missing for one who acts only for vendors the viewer may not know."""
    person = get_person(session, person_id)
    if not _is_known(session, viewer_id, person):
        raise Missing
    return person


def find_known_by_email(session: Session, viewer_id: UUID, email: str) -> Person | None:
    """Return the person of an address, or None; one the viewer may not know is not there."""
    person = find_by_email(session, email)
    return person if person is not None and _is_known(session, viewer_id, person) else None


def _is_known(session: Session, viewer_id: UUID, person: Person) -> bool:
    if find_staff(session, person.id) is not None:
        return True
    places = select(Contact.id).where(Contact.person_id == person.id)
    seen = places.join(Vendor, Vendor.id == Contact.vendor_id).where(visible_vendors(viewer_id))
    has_none = session.scalars(places.limit(1)).first() is None
    return has_none or session.scalars(seen.limit(1)).first() is not None
