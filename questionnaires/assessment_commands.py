"""Sending a questionnaire to a vendor, and all that can happen to it afterwards."""

from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from identity import invitations
from identity.rules import Author
from organisation.commands import next_reference
from organisation.queries import day_of
from questionnaires import post, sheet
from questionnaires.links import addressee_of, living_link, path_of
from questionnaires.models import QUIET, Assessment, QuestionnaireVersion
from questionnaires.rules import (
    WITH_VENDOR,
    AssessmentState,
    refusal_of_due_date,
    refusal_to_send,
)
from questionnaires.settling import lock, move, refuse_card_number, settle
from vendors.models import Contact, Vendor
from vendors.scoping import exposure_of_vendor


def send(  # noqa: PLR0913  every part of a sending is named
    session: Session,
    vendor: Vendor,
    version: QuestionnaireVersion,
    contact: Contact,
    *,
    due_on: date,
    message: str,
    by: Author,
    at: datetime,
) -> Assessment:
    """Freeze a version into an assessment and mail its link; raises Refused when it may not go."""
    sentence = refusal_to_send(vendor.name, vendor.state, vendor.tier, vendor.is_archived)
    sentence = sentence or refusal_of_due_date(due_on, day_of(session, at))
    if sentence:
        raise Refused(sentence)
    if contact.vendor_id != vendor.id or contact.removed_at is not None:
        raise Refused("This person no longer acts for this vendor. Choose somebody else.")
    refuse_card_number(message)
    exposure = exposure_of_vendor(session, vendor.id)
    assessment = Assessment(
        id=new_id(),
        reference=next_reference(session, "A"),
        vendor_id=vendor.id,
        questionnaire_version_id=version.id,
        contact_id=contact.id,
        state=AssessmentState.SENT,
        round=1,
        message=message.strip(),
        exposure=asdict(exposure),
        sent_by_id=by.person_id,
        sent_at=at,
        due_on=due_on,
    )
    settle(assessment, sheet.of_new(version, exposure, on=day_of(session, at)))
    session.add(assessment)
    session.flush()
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.ASSESSMENT_SEND,
        subject=("assessment", assessment.id),
        detail={
            "vendor": vendor.reference,
            "version_sha256": version.sha256,
            "due_on": f"{due_on}",
        },
    )
    _mail_link(session, assessment, by=by, at=at)
    return assessment


def resend(session: Session, assessment: Assessment, *, by: Author, at: datetime) -> None:
    """Mail the link again: the same one while it lives, else a new one."""
    _refuse_unless_with_vendor(session, assessment)
    _note(session, assessment, Action.ASSESSMENT_SEND, by=by, at=at, detail={"again": True})
    _mail_link(session, assessment, by=by, at=at)


def copy_link(session: Session, assessment: Assessment, *, by: Author, at: datetime) -> str:
    """Return the path of the vendor's link; the mailed one stays alive, the copying is noted."""
    _refuse_unless_with_vendor(session, assessment)
    link = living_link(session, assessment, addressee_of(session, assessment), by=by, at=at)
    detail: dict[str, object] = {"invitation": str(link.id)}
    _note(session, assessment, Action.INVITATION_COPY, by=by, at=at, detail=detail)
    session.flush()
    return path_of(link)


def extend(
    session: Session, assessment: Assessment, *, due_on: date, by: Author, at: datetime
) -> None:
    """Give the vendor more time and say so by mail."""
    _refuse_unless_with_vendor(session, assessment)
    if due_on <= assessment.due_on:
        raise Refused("The new due date must be later than the present one.", where="due_on")
    sentence = refusal_of_due_date(due_on, day_of(session, at))
    if sentence:
        raise Refused(sentence, where="due_on")
    detail: dict[str, object] = {"before": f"{assessment.due_on}", "after": f"{due_on}"}
    assessment.due_on, assessment.remind_on = due_on, day_of(session, at) + QUIET
    person = addressee_of(session, assessment)
    link = living_link(session, assessment, person, by=by, at=at)
    post.due_date(session, assessment, person, link=path_of(link), at=at)
    _note(session, assessment, Action.ASSESSMENT_EXTEND, by=by, at=at, detail=detail)
    session.flush()


def withdraw(session: Session, assessment: Assessment, *, by: Author, at: datetime) -> None:
    """Take an assessment back: its links die and the vendor is told; answers are kept."""
    lock(session, assessment)
    move(assessment, AssessmentState.WITHDRAWN)
    invitations.revoke_for(session, assessment.id, at)
    post.withdrawn(session, assessment, addressee_of(session, assessment), at=at)
    _note(session, assessment, Action.ASSESSMENT_WITHDRAW, by=by, at=at)
    session.flush()


def accept(session: Session, assessment: Assessment, *, by: Author, at: datetime) -> None:
    """Close a submitted assessment: nothing in it changes any more."""
    lock(session, assessment)
    rows = sheet.of(session, assessment, on=day_of(session, at)).clarifications.values()
    if any(row.is_piled_up for each in rows for row in each):
        raise Refused("Questions to the vendor still wait to be sent. Send or withdraw them first.")
    move(assessment, AssessmentState.ACCEPTED)
    _note(session, assessment, Action.ASSESSMENT_ACCEPT, by=by, at=at)
    session.flush()


def _mail_link(session: Session, assessment: Assessment, *, by: Author, at: datetime) -> None:
    person = addressee_of(session, assessment)
    link = living_link(session, assessment, person, by=by, at=at)
    post.invitation(session, assessment, person, link=path_of(link), at=at)
    session.flush()


def _refuse_unless_with_vendor(session: Session, assessment: Assessment) -> None:
    lock(session, assessment)
    if assessment.state not in WITH_VENDOR:
        raise Conflict("The vendor does not have this assessment now, so there is nothing to send.")


def _note(
    session: Session,
    assessment: Assessment,
    action: Action,
    *,
    by: Author,
    at: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    record(
        session,
        at=at,
        actor=by.actor,
        action=action,
        subject=("assessment", assessment.id),
        detail=detail,
    )
