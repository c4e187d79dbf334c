"""Reading for the outside door; what a person may see follows from their vendors."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BindParameter, Select, func, select
from sqlalchemy.orm import Session

from identity.models import Invitation, Person
from questionnaires.answer_models import Citation, Submission
from questionnaires.models import Assessment, QuestionnaireVersion
from questionnaires.rules import AssessmentState, is_declared
from vendors.models import Contact, Vendor
from vendors.rules import ContactRole


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's place at one vendor."""

    contact_id: UUID
    vendor_id: UUID
    vendor_name: str
    tier: int | None
    role: ContactRole
    job_title: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """All a browser may read before the code is typed."""

    about_id: UUID
    title: str
    asked_by: str
    due_on: date
    n_questions: int
    is_word: bool = False
    """Whether it is asked if anything has changed, and no questionnaire."""


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One assessment asked of a person's vendors."""

    assessment_id: UUID
    reference: str
    title: str
    vendor_name: str
    state: AssessmentState
    due_on: date
    n_answered: int
    n_visible: int


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """One round handed in."""

    round: int
    at: datetime
    declared_name: str
    declared_role: str
    n_answers: int

    @property
    def is_declared(self) -> bool:
        """Whether somebody declared the answers true in this round."""
        return is_declared(self.round)


def memberships_of(session: Session, person_id: UUID) -> tuple[Membership, ...]:
    """Return the vendors a person answers for, by name."""
    chosen = (
        select(Contact.id, Vendor.id, Vendor.name, Vendor.tier, Contact.role, Contact.job_title)
        .join(Vendor, Vendor.id == Contact.vendor_id)
        .where(Contact.person_id == person_id, Contact.removed_at.is_(None))
        .order_by(Vendor.name_key)
    )
    return tuple(Membership(*row) for row in session.execute(chosen))


def vendors_of(person_id: UUID | BindParameter[UUID]) -> Select[UUID]:
    """Return the choice of the vendors a person answers for, for use inside other queries."""
    return select(Contact.vendor_id).where(
        Contact.person_id == person_id, Contact.removed_at.is_(None)
    )


def find_welcome(session: Session, invitation: Invitation) -> Welcome | None:
    """Return what an invitation is about, or None when it leads nowhere any more."""
    chosen = (
        select(
            Assessment.id,
            QuestionnaireVersion.title,
            Person.name,
            Assessment.due_on,
            Assessment.n_visible,
            QuestionnaireVersion.n_questions,
        )
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Assessment.questionnaire_version_id)
        .join(Person, Person.id == Assessment.sent_by_id)
        .join(Contact, Contact.vendor_id == Assessment.vendor_id)
        .where(
            Assessment.id == invitation.for_id,
            Assessment.state != AssessmentState.WITHDRAWN,
            Contact.person_id == invitation.person_id,
            Contact.removed_at.is_(None),
        )
    )
    row = session.execute(chosen).first()
    if row is None:
        return None
    assessment_id, title, asked_by, due_on, n_visible, n_questions = row
    return Welcome(assessment_id, title, asked_by, due_on, n_visible or n_questions)


def asked_of(session: Session, person_id: UUID) -> list[AskedRow]:
    """Return what is asked of this person's vendors, the most urgent first."""
    chosen = (
        select(
            Assessment.id,
            Assessment.reference,
            QuestionnaireVersion.title,
            Vendor.name,
            Assessment.state,
            Assessment.due_on,
            Assessment.n_answered,
            Assessment.n_visible,
        )
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Assessment.questionnaire_version_id)
        .join(Vendor, Vendor.id == Assessment.vendor_id)
        .where(
            Assessment.vendor_id.in_(vendors_of(person_id)),
            Assessment.state != AssessmentState.WITHDRAWN,
        )
        .order_by(Assessment.due_on, Assessment.reference)
    )
    return [AskedRow(*row) for row in session.execute(chosen)]


@dataclass(frozen=True, slots=True)
class Sender:
    """Whoever sent an assessment, and where they can be written to."""

    name: str
    email: str


def sender_of(session: Session, assessment: Assessment) -> Sender:
    """Return whoever sent an assessment."""
    chosen = select(Person.name, Person.email).where(Person.id == assessment.sent_by_id)
    name, email = session.execute(chosen).one()
    return Sender(name, email)


def submissions_of(session: Session, assessment_id: UUID) -> list[SubmissionRow]:
    """Return the rounds handed in, the newest first."""
    chosen = (
        select(
            Submission.round,
            Submission.at,
            Submission.declared_name,
            Submission.declared_role,
            Submission.n_answers,
        )
        .where(Submission.assessment_id == assessment_id)
        .order_by(Submission.round.desc())
    )
    return [SubmissionRow(*row) for row in session.execute(chosen)]


def citation_counts(session: Session, vendor_id: UUID) -> dict[UUID, int]:
    """Return under how many answers each file of a vendor is cited."""
    chosen = (
        select(Citation.evidence_id, func.count())
        .join(Assessment, Assessment.id == Citation.assessment_id)
        .where(Assessment.vendor_id == vendor_id)
        .group_by(Citation.evidence_id)
    )
    return dict(iter(session.execute(chosen)))
