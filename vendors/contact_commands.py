"""The people of a vendor: adding them, and shutting the door behind those who go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.actions import Action
from foundation.db import lock_row
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from identity import invitations, sessions
from identity.commands import add_person
from identity.models import Person
from identity.queries import with_open_doors
from identity.rules import Author
from vendors.models import Contact, Vendor
from vendors.noting import note_vendor
from vendors.rules import ContactRole, Duty
from vendors.wording import checked_name, checked_text


def add_contact(  # noqa: PLR0913  every part of a contact is named
    session: Session,
    vendor: Vendor,
    *,
    email: str,
    name: str,
    role: ContactRole,
    by: Author,
    at: datetime,
    job_title: str = "",
) -> Contact:
    """Let a person act for a vendor; the same person may act for several.

    Raises Refused for an address that is none, and for somebody who is there already.
    """
    person = add_person(
        session, email=email, name=checked_name(name, what="The contact's name"), at=at
    )
    if person.disabled_at is not None or person.erased_at is not None:
        raise Refused(f"{person.email} was shut out. Name another contact.", where="email")
    contact = _membership(session, vendor, person)
    if contact is not None and contact.removed_at is None:
        raise Refused(f"{person.email} is already a contact of {vendor.name}.", where="email")
    if contact is None:
        contact = Contact(id=new_id(), vendor_id=vendor.id, person_id=person.id, created_at=at)
        session.add(contact)
    contact.role = role
    contact.job_title = checked_text(job_title, what="The title", longest=200)
    contact.removed_at = contact.left_on = None
    session.flush()
    _note(session, Action.CONTACT_ADD, contact, by=by, at=at)
    return contact


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEdit:
    """A contact as somebody left it, made on top of `version`."""

    version: int
    role: ContactRole
    job_title: str = ""
    duties: tuple[Duty, ...] = ()
    is_primary: bool = False


def edit_contact(
    session: Session, contact: Contact, change: ContactEdit, *, by: Author, at: datetime
) -> None:
    """Store what a contact is for. A new primary contact takes the place of the old one.

    Raises Conflict when somebody was faster.
    """
    lock_row(contact)
    if change.version != contact.version:
        raise Conflict(
            "Somebody else changed this contact while you had it open. Theirs is stored; "
            "look at it and save yours again.",
            theirs=contact,
        )
    if change.is_primary and not contact.is_primary:
        chosen = select(Contact).where(
            Contact.vendor_id == contact.vendor_id, Contact.is_primary.is_(True)
        )
        for other in session.scalars(chosen):
            other.is_primary = False
        session.flush()  # one primary at a time: the index allows no second
    contact.role = change.role
    contact.job_title = checked_text(change.job_title, what="The title", longest=200)
    contact.duties = [duty.value for duty in change.duties]
    contact.is_primary = change.is_primary
    session.flush()
    _note(session, Action.CONTACT_EDIT, contact, by=by, at=at)


def add_first_contact(
    session: Session,
    vendor: Vendor,
    person: Person,
    *,
    by: Author,
    at: datetime,
    job_title: str = "",
) -> Contact:
    """Let a person lead for a vendor that was only just added; written by the next flush."""
    contact = Contact(
        id=new_id(),
        vendor_id=vendor.id,
        person_id=person.id,
        role=ContactRole.LEAD,
        job_title=checked_text(job_title, what="The title", longest=200),
        created_at=at,
    )
    session.add(contact)
    _note(session, Action.CONTACT_ADD, contact, by=by, at=at)
    return contact


def remove_contacts(
    session: Session, contacts: Sequence[Contact], *, by: Author, at: datetime
) -> None:
    """End what several people may do; those who never had a door are only taken off."""
    open_doors = with_open_doors(session, [contact.person_id for contact in contacts])
    for contact in contacts:
        if contact.person_id in open_doors:
            remove_contact(session, contact, by=by, at=at)
        elif contact.removed_at is None:
            contact.removed_at, contact.is_primary = at, False
            _note(session, Action.CONTACT_REMOVE, contact, by=by, at=at)
    session.flush()


def remove_contact(
    session: Session,
    contact: Contact,
    *,
    by: Author,
    at: datetime,
    left_on: date | None = None,
) -> None:
    """End what a person may do for a vendor, at once: they are signed out everywhere.

    `left_on` is the day they left the company, where that is why. Their links die with the last
    vendor they act for; a removed contact opens none before that.
    """
    if contact.removed_at is not None:
        return
    contact.removed_at, contact.left_on = at, left_on
    contact.is_primary = False
    session.flush()
    sessions.end_all(session, contact.person_id, at)
    if not _other_memberships(session, contact):
        invitations.revoke_of(session, contact.person_id, at)
    _note(session, Action.CONTACT_REMOVE, contact, by=by, at=at)


def _membership(session: Session, vendor: Vendor, person: Person) -> Contact | None:
    chosen = select(Contact).where(Contact.vendor_id == vendor.id, Contact.person_id == person.id)
    return session.scalars(chosen).first()


def _other_memberships(session: Session, contact: Contact) -> int:
    chosen = select(func.count(Contact.id)).where(
        Contact.person_id == contact.person_id, Contact.removed_at.is_(None)
    )
    return session.scalars(chosen).one()


def _note(session: Session, action: Action, contact: Contact, *, by: Author, at: datetime) -> None:
    told = {"contact": str(contact.id), "role": contact.role.value}
    note_vendor(session, action, contact.vendor_id, by=by, at=at, **told)
