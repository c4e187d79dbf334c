"""The stage of the demo: the cast, and the verbs of a story, each calling the real commands."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from uuid import UUID

from sqlalchemy.orm import Session

from accounts import commands as accounts
from accounts.rules import Role
from audit.actions import SYSTEM, ActorKind
from evidence.commands import put_on_record, receive
from evidence.models import Evidence
from evidence.rules import EvidenceKind
from foundation import clock
from foundation.db import Database
from identity.queries import author_of, get_person
from identity.rules import Author
from organisation.commands import set_up
from questionnaires import answer_commands, assessment_commands, citation_commands, commands
from questionnaires import clarification_commands as clarifications
from questionnaires.library import load_all
from questionnaires.models import Assessment
from questionnaires.queries import latest_version
from questionnaires.submission_commands import submit
from reviews.commands import receive_submission
from vendors import commands as vendors
from vendors.contact_commands import add_contact
from vendors.intake import exposure_from
from vendors.models import Contact, Vendor
from vendors.rules import ContactRole, Visibility

STAFF = (
    ("Pervez Anwar", "pervez@northwind.example", Role.PROCUREMENT, "Head of procurement"),
    ("Rabia Siddiqui", "rabia@northwind.example", Role.ANALYST, "Security analyst"),
    ("Laila Haddad", "laila@northwind.example", Role.LEAD, "Lead of third-party risk"),
    ("Asif Mahmood", "asif@northwind.example", Role.APPROVER, "Chief operating officer"),
    ("Adil Rehman", "adil@northwind.example", Role.ADMINISTRATOR, "Systems administrator"),
    ("Amna Yousaf", "amna@northwind.example", Role.AUDITOR, "Internal auditor"),
)

Answers = Mapping[str, tuple[str, str]]
"""Question code to (option code or "", text)."""


@dataclass
class Stage:
    """A database, the cast on it, and the moment the demo ends."""

    database: Database
    until: datetime
    cast: dict[str, Author] = field(default_factory=dict)
    contacts: dict[UUID, Author] = field(default_factory=dict)

    @contextmanager
    def day(self, days_ago: int, hour: int = 9, minute: int = 0) -> Iterator[Session]:
        """Write on a day of the past; the clock stands at that moment."""
        with clock.fixed(self.moment(days_ago, hour, minute)), self.database.writing() as session:
            yield session

    def moment(self, days_ago: int, hour: int = 9, minute: int = 0) -> datetime:
        """Return a moment so many days before the demo's end."""
        then = self.until - timedelta(days=days_ago)
        return min(then.replace(hour=hour, minute=minute, second=0, microsecond=0), self.until)

    def on(self, days_ago: int) -> date:
        """Return a date so many days before the demo's end; negative is in the future."""
        return (self.until - timedelta(days=days_ago)).date()

    def people(self, days_ago: int) -> None:
        """Set the organisation up and bring its people in."""
        with self.day(days_ago) as session:
            set_up(session, at=clock.now(), by=SYSTEM, name="Northwind Payments")
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
                self.cast[name.split()[0]] = author_of(session, person.id)
            for shipped in load_all():
                commands.store(session, shipped, by=SYSTEM, at=clock.now())

    def register(
        self,
        days_ago: int,
        name: str,
        purpose: str,
        intake: Mapping[str, str | Sequence[str]],
        **more: object,
    ) -> UUID:
        """Register a vendor as procurement does."""
        by = self.cast["Pervez"]
        with self.day(days_ago) as session:
            new = vendors.NewVendor(
                name=name,
                owner_id=by.person_id,
                purpose=purpose,
                exposure=exposure_from(intake),
                intake=dict(intake),
                **more,  # type: ignore[arg-type]
            )
            return vendors.register(session, new, by=by, at=clock.now()).id

    def send(
        self, days_ago: int, vendor_id: UUID, contact: tuple[str, str, str], *, window: int = 10
    ) -> UUID:
        """Add a contact and send them the questionnaire."""
        by = self.cast["Pervez"]
        name, email, title = contact
        with self.day(days_ago, 10) as session:
            vendor = session.get_one(Vendor, vendor_id)
            added = add_contact(
                session,
                vendor,
                email=email,
                name=name,
                role=ContactRole.LEAD,
                by=by,
                at=clock.now(),
                job_title=title,
            )
            version = latest_version(session, "tier4")
            if version is None:
                raise LookupError("The library is not in the database.")
            sent = assessment_commands.send(
                session,
                vendor,
                version,
                added,
                due_on=self.on(days_ago - window),
                message="Thank you for helping us to finish this before the contract is signed.",
                by=by,
                at=clock.now(),
            )
            self.contacts[sent.id] = author_of(session, added.person_id, kind=ActorKind.VENDOR)
            return sent.id

    def answer(self, days_ago: int, assessment_id: UUID, answers: Answers) -> None:
        """Answer as the vendor's contact, one save after the other."""
        by = self.contacts[assessment_id]
        for number, (code, (option, text)) in enumerate(answers.items()):
            with self.day(days_ago, 11, number) as session:
                assessment = session.get_one(Assessment, assessment_id)
                answer_commands.save_answer(
                    session,
                    assessment,
                    answer_commands.RawAnswer(
                        code=code, options=(option,) if option else (), text=text
                    ),
                    base_version=0,
                    sequence=number + 1,
                    by=by,
                    at=clock.now(),
                )

    def prove(
        self, days_ago: int, assessment_id: UUID, code: str, title: str, kind: EvidenceKind
    ) -> None:
        """Upload a file as the vendor's contact and cite it from an answer."""
        by = self.contacts[assessment_id]
        with clock.fixed(self.moment(days_ago, 12)):
            with self.database.reading() as session:
                vendor_id = session.get_one(Assessment, assessment_id).vendor_id
            evidence_id = self.upload(vendor_id, title, kind, by=by)
            with self.database.writing() as session:
                assessment = session.get_one(Assessment, assessment_id)
                citation_commands.cite(
                    session,
                    assessment,
                    code,
                    session.get_one(Evidence, evidence_id),
                    page="1",
                    by=by,
                    at=clock.now(),
                )

    def upload(self, vendor_id: UUID, title: str, kind: EvidenceKind, *, by: Author) -> UUID:
        """Take a file in and put it on record."""
        at = clock.now()
        text = f"{title}\n\nA sample file of the demo. It proves nothing to anybody.\n"
        name = f"{title.lower().replace(' ', '-')}.txt"
        received = receive(BytesIO(text.encode()), vendor_id=vendor_id, filename=name, by=by, at=at)
        with self.database.writing() as session:
            return put_on_record(
                session,
                received,
                vendor_id=vendor_id,
                title=title,
                kind=kind,
                issued_on=at.date() - timedelta(days=20),
                valid_until=None,
                visibility=Visibility.VENDOR,
                by=by,
                at=at,
            ).id

    def submit(self, days_ago: int, assessment_id: UUID) -> UUID:
        """Hand the answers in; returns the review that receives them."""
        by = self.contacts[assessment_id]
        with self.day(days_ago, 14) as session:
            assessment = session.get_one(Assessment, assessment_id)
            contact = session.get_one(Contact, assessment.contact_id)
            name = get_person(session, contact.person_id).name
            submit(
                session,
                assessment,
                name=name,
                role=contact.job_title or "Contact",
                by=by,
                at=clock.now(),
            )
            return receive_submission(session, assessment, by=by.actor, at=clock.now()).id

    def clarify(self, days_ago: int, assessment_id: UUID, texts: Mapping[str, str]) -> None:
        """Ask questions back and hand the assessment to the vendor again."""
        by = self.cast["Rabia"]
        with self.day(days_ago, 15) as session:
            assessment = session.get_one(Assessment, assessment_id)
            for code, text in texts.items():
                clarifications.ask(session, assessment, code, text, by=by, at=clock.now())
            clarifications.hand_back(
                session, assessment, due_on=self.on(days_ago - 5), by=by, at=clock.now()
            )
