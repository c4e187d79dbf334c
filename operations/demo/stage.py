"""The stage of the demo: the cast, simulated days, and what procurement does."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from uuid import UUID

from sqlalchemy.orm import Session

from accounts import commands as accounts
from accounts.rules import Role
from audit.actions import SYSTEM, ActorKind
from evidence.commands import put_on_record, receive
from evidence.rules import EvidenceKind
from foundation import clock
from foundation.dates import day_in, moment_in
from foundation.db import Database
from identity.queries import author_of
from identity.rules import Author
from operations.demo.coming_in import settle_in
from operations.demo.particulars import LEGAL_NAMES, SERVICES
from operations.demo.uses import Use
from organisation.commands import set_up
from questionnaires import assessment_commands, commands
from questionnaires.library import load_all
from questionnaires.queries import latest_version
from questionnaires.sending import answer_days_later
from vendors import commands as vendors
from vendors.contact_commands import add_contact
from vendors.intake import exposure_from
from vendors.models import Contact, Vendor
from vendors.queries import contacts_of
from vendors.rules import ContactRole, Visibility

STAFF = (
    ("Pervez Anwar", "pervez@northwind.example", Role.PROCUREMENT, "Head of procurement"),
    ("Rabia Siddiqui", "rabia@northwind.example", Role.ANALYST, "Security analyst"),
    ("Laila Haddad", "laila@northwind.example", Role.LEAD, "Lead of third-party risk"),
    ("Asif Mahmood", "asif@northwind.example", Role.APPROVER, "Chief operating officer"),
    ("Adil Rehman", "adil@northwind.example", Role.ADMINISTRATOR, "Systems administrator"),
    ("Amna Yousaf", "amna@northwind.example", Role.AUDITOR, "Internal auditor"),
)
ZONE = "Asia/Karachi"
"""Where the demo's organisation, and so its people, read the clock."""
WINDOW_DAYS = {1: 14, 2: 14, 3: 10, 4: 7}
"""How long vendors of a tier have to answer (domain.md B.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A vendor of the demo: who they are, what for, and whom we write to."""

    name: str
    purpose: str
    use: Use
    person: tuple[str, str, str] = ("", "", "")
    """Name, mail address and job title."""
    country: str = "PK"
    website: str = ""
    category: str = ""
    unit: str = ""
    is_need_to_know: bool = False


@dataclass
class Stage:
    """A database, the cast on it, and the moment the demo ends."""

    database: Database
    until: datetime
    cast: dict[str, Author] = field(default_factory=dict)
    contacts: dict[UUID, Author] = field(default_factory=dict)
    """Who answers an assessment."""
    vendors: dict[str, UUID] = field(default_factory=dict)
    units: dict[str, UUID] = field(default_factory=dict)

    @contextmanager
    def day(self, days_ago: int, hour: int = 9, minute: int = 0) -> Iterator[Session]:
        """Write on a day of the past; the clock stands at that moment."""
        with clock.fixed(self.moment(days_ago, hour, minute)), self.database.writing() as session:
            yield session

    def moment(self, days_ago: int, hour: int = 9, minute: int = 0) -> datetime:
        """Return a moment so many days before the demo's end, by the clock of its organisation."""
        return min(moment_in(self.on(days_ago), time(hour, minute), ZONE), self.until)

    def on(self, days_ago: int) -> date:
        """Return a date so many days before the demo's end; negative is in the future."""
        return day_in(self.until, ZONE) - timedelta(days=days_ago)

    def people(self, days_ago: int) -> None:
        """Set the organisation up, bring its people in and store the library."""
        with self.day(days_ago) as session:
            ours = set_up(
                session, at=clock.now(), by=SYSTEM, name="Northwind Payments", time_zone=ZONE
            )
            for name, email, role, title in STAFF:
                person = accounts.add_staff(
                    session,
                    email=email,
                    name=name,
                    roles=frozenset({role}),
                    at=clock.now(),
                    by=None,
                    job_title=title,
                )
                person.time_zone = ours.time_zone
                self.cast[name.split()[0]] = author_of(session, person.id)
                settle_in(session, person, at=clock.now())
            for shipped in load_all():
                commands.store(session, shipped, by=SYSTEM, at=clock.now())

    def register(self, days_ago: int, company: Company) -> UUID:
        """Register a vendor as procurement does."""
        by = self.cast["Pervez"]
        with self.day(days_ago) as session:
            new = vendors.NewVendor(
                name=company.name,
                owner_id=by.person_id,
                purpose=company.purpose,
                country=company.country,
                website=company.website,
                category=company.category,
                unit_id=self.units.get(company.unit),
                is_need_to_know=company.is_need_to_know,
                service_name=SERVICES.get(company.name, ""),
                exposure=exposure_from(company.use),
                intake=dict(company.use),
            )
            vendor = vendors.register(session, new, by=by, at=clock.now())
            if legal_name := LEGAL_NAMES.get(company.name):
                _name_in_full(session, vendor, legal_name, by=by)
            self.vendors[company.name] = vendor.id
            return vendor.id

    def send(self, days_ago: int, vendor_id: UUID, person: tuple[str, str, str]) -> UUID:
        """Send a vendor the questionnaire of its tier; its contact is added the first time."""
        by = self.cast["Pervez"]
        with self.day(days_ago, 10) as session:
            vendor = session.get_one(Vendor, vendor_id)
            contact = self._contact(session, vendor, person)
            tier = vendor.tier or 1
            version = latest_version(session, f"tier{tier}")
            if version is None:
                raise LookupError("The library is not in the database.")
            sent = assessment_commands.send(
                session,
                vendor,
                version,
                contact,
                due_on=answer_days_later(session, self.on(days_ago), WINDOW_DAYS[tier]),
                message="Thank you for helping us to finish this before the contract is signed.",
                by=by,
                at=clock.now(),
            )
            self.contacts[sent.id] = author_of(session, contact.person_id, kind=ActorKind.VENDOR)
            return sent.id

    def _contact(self, session: Session, vendor: Vendor, person: tuple[str, str, str]) -> Contact:
        known = contacts_of(session, vendor.id)
        if known:
            return session.get_one(Contact, known[0].contact_id)
        name, email, title = person
        return add_contact(
            session,
            vendor,
            email=email,
            name=name,
            role=ContactRole.LEAD,
            by=self.cast["Pervez"],
            at=clock.now(),
            job_title=title,
        )

    def upload(
        self, vendor_id: UUID, title: str, kind: EvidenceKind, *, by: Author, age_days: int = 20
    ) -> UUID:
        """Take a file in and put it on record; it was issued `age_days` before."""
        at = clock.now()
        issued_on = day_in(at, ZONE) - timedelta(days=age_days)
        text = f"{title}, {issued_on}\n\nA sample file of the demo. It proves nothing.\n"
        name = f"{re.sub('[^a-z0-9]+', '-', title.lower())}.txt"
        received = receive(BytesIO(text.encode()), vendor_id=vendor_id, filename=name, by=by, at=at)
        with self.database.writing() as session:
            return put_on_record(
                session,
                received,
                vendor_id=vendor_id,
                title=title,
                kind=kind,
                issued_on=issued_on,
                valid_until=None,
                visibility=Visibility.VENDOR,
                by=by,
                at=at,
            ).id


def _name_in_full(session: Session, vendor: Vendor, legal_name: str, *, by: Author) -> None:
    """Let procurement note what the company is called in its papers."""
    change = vendors.VendorEdit(
        version=vendor.version,
        name=vendor.name,
        owner_id=vendor.owner_id,
        legal_name=legal_name,
        website=vendor.website,
        purpose=vendor.purpose,
        country=vendor.country,
        category=vendor.category,
        unit_id=vendor.unit_id,
        is_need_to_know=vendor.is_need_to_know,
    )
    vendors.edit(session, vendor, change, by=by, at=clock.now())
