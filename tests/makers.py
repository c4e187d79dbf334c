"""Rows for stories, made by the commands the product itself uses."""

from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.commands import add_staff
from audit.actions import Actor, ActorKind
from foundation import clock
from identity.commands import add_person
from identity.models import Person
from identity.rules import Author
from questionnaires import assessment_commands, library
from questionnaires.commands import import_questionnaire, store
from questionnaires.formats import read
from questionnaires.models import Assessment, QuestionnaireVersion
from questionnaires.rules import default_due_on
from tests import people as cast
from vendors.commands import NewVendor, register
from vendors.contact_commands import add_contact
from vendors.models import Contact, Vendor
from vendors.rules import ContactRole, PciScope
from vendors.tiering import Exposure

LOW = Exposure(1, 0, 0, 1, 1, 0, 1, 0)
"""Touches little: tier 4."""

CRITICAL = Exposure(4, 4, 4, 4, 4, 4, 4, 4, account_data=True, cde=True, critical_function=True)
"""Touches everything: tier 1."""


def make_person(
    session: Session, character: cast.Character, *, at: datetime | None = None
) -> Person:
    """Return the person of a character, new when nobody was there."""
    return add_person(session, email=character.email, name=character.name, at=at or clock.now())


def author_of(person: Person, kind: ActorKind = ActorKind.STAFF) -> Author:
    """Return a person as somebody who acts."""
    return Author(Actor(kind, person.actor_id), person.id)


def make_staff(session: Session, character: cast.Character = cast.PERVEZ) -> Author:
    """Return a member of staff, as the author of what follows."""
    known = session.scalars(select(Person).where(Person.email == character.email)).first()
    person = known or add_staff(
        session,
        email=character.email,
        name=character.name,
        roles=frozenset(character.roles),
        at=clock.now(),
        by=None,
    )
    return author_of(person)


def make_vendor(
    session: Session,
    *,
    name: str = "Acme Cloud",
    exposure: Exposure = LOW,
    by: Author | None = None,
    is_need_to_know: bool = False,
    pci_scope: PciScope | None = None,
) -> Vendor:
    """Register a vendor; its tier follows from the exposure (LOW or CRITICAL).

    With a PCI scope of its own it is asked about cards whatever the exposure says.
    """
    author = by or make_staff(session)
    new = NewVendor(
        name=name,
        owner_id=author.person_id,
        purpose="Hosts our web site",
        exposure=exposure,
        is_need_to_know=is_need_to_know,
        pci_scope=pci_scope,
    )
    return register(session, new, by=author, at=clock.now())


def make_contact(
    session: Session,
    vendor: Vendor,
    character: cast.Character = cast.VANIA,
    *,
    by: Author | None = None,
) -> Contact:
    """Let a character act for a vendor."""
    return add_contact(
        session,
        vendor,
        email=character.email,
        name=character.name,
        role=ContactRole.LEAD,
        by=by or make_staff(session),
        at=clock.now(),
    )


def make_version(
    session: Session, name: str | Path = "tier4", *, by: Author | None = None
) -> QuestionnaireVersion:
    """Store a questionnaire of our library by its code, or a file such as infrastructure.json."""
    author = by or make_staff(session)
    if isinstance(name, Path):
        imported = read(name.read_bytes(), name.name)
        return import_questionnaire(session, imported, by=author.actor, at=clock.now())
    found = library.load(name)
    assert found is not None, f"The library has no questionnaire {name}."
    return store(session, found, by=author.actor, at=clock.now())


def make_assessment(
    session: Session,
    *,
    vendor: Vendor | None = None,
    contact: Contact | None = None,
    version: QuestionnaireVersion | None = None,
    due_on: date | None = None,
    by: Author | None = None,
) -> Assessment:
    """Send a questionnaire: of tier 4 to Vania of Acme, unless told otherwise."""
    author = by or make_staff(session)
    vendor = vendor or make_vendor(session, by=author)
    return assessment_commands.send(
        session,
        vendor,
        version or make_version(session, by=author),
        contact or make_contact(session, vendor, by=author),
        due_on=due_on or default_due_on(vendor.tier or 4, clock.now().date()),
        message="",
        by=author,
        at=clock.now(),
    )


def vendor_author(session: Session, character: cast.Character = cast.VANIA) -> Author:
    """Return a person of a vendor, as the author of what follows."""
    return author_of(make_person(session, character), ActorKind.VENDOR)
