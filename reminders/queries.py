"""Reading what is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from identity.models import Person
from questionnaires.answer_models import Clarification
from questionnaires.models import Assessment
from questionnaires.rules import WITH_VENDOR
from reminders.models import Heartbeat, Reminder
from reminders.rules import Step, Window
from reviews.models import Review
from reviews.rules import ReviewState
from vendors.models import Contact, Vendor
from vendors.rules import VendorState

ASSESSMENT = "assessment"
REASSESSMENT = "reassessment"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An assessment that is with a vendor."""

    assessment_id: UUID
    reference: str
    window: Window
    vendor_id: UUID
    vendor_name: str
    owner_id: UUID
    contact_id: UUID
    contact_person_id: UUID
    contact_name: str
    contact_email: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A vendor whose next review comes near."""

    vendor_id: UUID
    vendor_name: str
    tier: int
    next_review_on: date
    owner_id: UUID


def assessments_with_vendors(session: Session) -> list[Waiting]:
    """Return every assessment a vendor holds, by due date.

    Its window begins with the sending, or anew with the last question asked back.
    """
    asked_back = (
        select(func.max(Clarification.sent_at))
        .where(Clarification.assessment_id == Assessment.id)
        .scalar_subquery()
    )
    chosen = (
        select(Assessment, Vendor, Contact, Person, asked_back)
        .join(Vendor, Vendor.id == Assessment.vendor_id)
        .join(Contact, Contact.id == Assessment.contact_id)
        .join(Person, Person.id == Contact.person_id)
        .where(Assessment.state.in_(WITH_VENDOR), Contact.removed_at.is_(None))
        .order_by(Assessment.due_on, Assessment.id)
    )
    return [
        Waiting(
            assessment_id=assessment.id,
            reference=assessment.reference,
            window=Window(asked_at or assessment.sent_at, assessment.due_on),
            vendor_id=vendor.id,
            vendor_name=vendor.name,
            owner_id=vendor.owner_id,
            contact_id=contact.id,
            contact_person_id=person.id,
            contact_name=person.name,
            contact_email=person.email,
        )
        for assessment, vendor, contact, person, asked_at in session.execute(chosen)
    ]


def stamps_of(
    session: Session, kind: str, subjects: Iterable[tuple[UUID, date]]
) -> dict[UUID, dict[Step, datetime]]:
    """Return the steps taken for each subject and its present due date."""
    due = dict(subjects)
    rows = session.scalars(
        select(Reminder).where(Reminder.kind == kind, Reminder.subject_id.in_(due))
    )
    stamps: dict[UUID, dict[Step, datetime]] = {subject: {} for subject in due}
    for row in rows:
        if row.due_on == due[row.subject_id]:
            stamps[row.subject_id][Step(row.step)] = row.stamped_at
    return stamps


def reviews_coming(session: Session, *, until: date) -> list[Coming]:
    """Return active vendors whose next review is due by a date and that have none open.

    One that was asked again already is left out: handing in its answers opens the review.
    """
    is_open = (
        select(Review.id)
        .where(Review.vendor_id == Vendor.id, Review.state != ReviewState.DECIDED)
        .exists()
    )
    is_asked = (
        select(Assessment.id)
        .where(Assessment.vendor_id == Vendor.id, Assessment.state.in_(WITH_VENDOR))
        .exists()
    )
    chosen = (
        select(Vendor.id, Vendor.name, Vendor.tier, Vendor.next_review_on, Vendor.owner_id)
        .where(
            Vendor.state == VendorState.ACTIVE,
            Vendor.next_review_on <= until,
            Vendor.tier.is_not(None),
            ~is_open,
            ~is_asked,
        )
        .order_by(Vendor.next_review_on, Vendor.id)
    )
    return [
        Coming(vendor_id, name, tier, on, owner_id)
        for vendor_id, name, tier, on, owner_id in session.execute(chosen)
        if tier is not None and on is not None
    ]


def find_heartbeat(session: Session, name: str = "worker") -> Heartbeat | None:
    """Return when the worker was last alive, or None when it never was."""
    return session.get(Heartbeat, name)
