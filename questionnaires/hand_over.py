"""Handing on: a contact who leaves gives their open assessments to a colleague."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Refused
from identity.models import Invitation
from identity.queries import get_person
from identity.rules import Author
from questionnaires import post
from questionnaires.answer_models import SectionAssignment
from questionnaires.links import living_link, path_of
from questionnaires.models import Assessment, QuestionnaireVersion
from questionnaires.rules import LIVE, WITH_VENDOR, AssessmentState
from vendors.contact_commands import remove_contact
from vendors.models import Contact


@dataclass(frozen=True, slots=True)
class OpenWork:
    """An assessment somebody answers for and that is not over."""

    assessment_id: UUID
    reference: str
    title: str
    state: AssessmentState
    due_on: date


def open_work_of(session: Session, contact_id: UUID) -> list[OpenWork]:
    """Return what a contact still answers for, the most urgent first."""
    chosen = (
        select(
            Assessment.id,
            Assessment.reference,
            QuestionnaireVersion.title,
            Assessment.state,
            Assessment.due_on,
        )
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Assessment.questionnaire_version_id)
        .where(Assessment.contact_id == contact_id, Assessment.state.in_(LIVE))
        .order_by(Assessment.due_on, Assessment.reference)
    )
    return [OpenWork(*row) for row in session.execute(chosen)]


def has_open_work(session: Session, person_id: UUID) -> bool:
    """Say whether somebody still answers for any vendor they act for."""
    chosen = (
        select(Assessment.id)
        .join(Contact, Contact.id == Assessment.contact_id)
        .where(Contact.person_id == person_id, Assessment.state.in_(LIVE))
    )
    return session.scalars(chosen.limit(1)).first() is not None


def hand_over(
    session: Session, contact: Contact, heir: Contact, *, by: Author, at: datetime
) -> int:
    """Give everything open to a colleague, who gets a link of their own; return how much it was.

    Raises Refused for somebody who does not act for the same vendor.
    """
    if heir.vendor_id != contact.vendor_id or heir.removed_at or heir.id == contact.id:
        raise Refused("Choose somebody else who acts for this vendor.", where="heir")
    chosen = select(Assessment).where(
        Assessment.contact_id == contact.id, Assessment.state.in_(LIVE)
    )
    person = get_person(session, heir.person_id)
    found = list(session.scalars(chosen.order_by(Assessment.due_on).with_for_update()))
    for assessment in found:
        give(session, assessment, contact, heir)
        if assessment.state in WITH_VENDOR:
            link = living_link(session, assessment, person, by=by, at=at)
            post.invitation(session, assessment, person, link=path_of(link), at=at)
        record(
            session,
            at=at,
            actor=by.actor,
            action=Action.CONTACT_HAND_OVER,
            subject=("assessment", assessment.id),
            detail={"before": str(contact.id), "after": str(heir.id)},
        )
    end_links(session, contact, [one.id for one in found], at)
    session.flush()
    return len(found)


def let_go(
    session: Session,
    contact: Contact,
    heir: Contact | None,
    *,
    left_on: date | None,
    by: Author,
    at: datetime,
) -> int:
    """Hand everything on and end what the contact may do. Raises Refused when nobody takes over."""
    moved = 0
    if heir is not None:
        moved = hand_over(session, contact, heir, by=by, at=at)
    elif open_work_of(session, contact.id):
        raise Refused(
            "They still answer for something. Choose who takes it over, or add a contact first.",
            where="heir",
        )
    remove_contact(session, contact, by=by, at=at, left_on=left_on)
    return moved


def give(session: Session, assessment: Assessment, contact: Contact, heir: Contact) -> None:
    """Let a colleague answer for an assessment and for the sections a contact had in it."""
    assessment.contact_id = heir.id
    of_assessment = SectionAssignment.assessment_id == assessment.id
    has = select(SectionAssignment.section_code).where(
        of_assessment, SectionAssignment.contact_id == heir.id
    )
    moved = (
        update(SectionAssignment)
        .where(of_assessment, SectionAssignment.contact_id == contact.id)
        .where(SectionAssignment.section_code.not_in(list(session.scalars(has))))
    )
    session.execute(moved.values(contact_id=heir.id))


def end_links(session: Session, contact: Contact, assessment_ids: list[UUID], at: datetime) -> None:
    """Kill the links a contact has to these assessments."""
    theirs = (
        Invitation.person_id == contact.person_id,
        Invitation.for_id.in_(assessment_ids),
        Invitation.revoked_at.is_(None),
    )
    session.execute(update(Invitation).where(*theirs).values(revoked_at=at))
