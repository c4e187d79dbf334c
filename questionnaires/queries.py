"""Reading questionnaires and assessments. Need-to-know is part of what staff may ask."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, contains_eager

from foundation.errors import Missing
from identity.models import Person
from questionnaires.answer_models import Submission
from questionnaires.contents import (
    questionnaire_of,
    questionnaire_of_version,
    questionnaires_of_versions,
)
from questionnaires.models import Assessment, QuestionnaireRecord, QuestionnaireVersion
from questionnaires.rules import AssessmentState
from vendors.models import Contact, Vendor
from vendors.queries import visible_vendors

__all__ = ["questionnaire_of", "questionnaire_of_version", "questionnaires_of_versions"]


@dataclass(frozen=True, slots=True)
class QuestionnaireRow:
    """A questionnaire with its newest version, as lists show it."""

    questionnaire_id: UUID
    version_id: UUID
    code: str
    title: str
    number: int
    n_sections: int
    n_questions: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """An assessment as lists show it; claimed and evidenced are 0 to 1, None when unscored."""

    assessment_id: UUID
    reference: str
    title: str
    version_number: int
    state: AssessmentState
    round: int
    contact_name: str
    sent_at: datetime
    due_on: date
    submitted_at: datetime | None
    n_visible: int
    n_answered: int
    claimed: float | None
    evidenced: float | None


def list_questionnaires(session: Session) -> list[QuestionnaireRow]:
    """Return the questionnaires in use, each with its newest version, by title."""
    newest = (
        select(
            QuestionnaireVersion.questionnaire_id,
            func.max(QuestionnaireVersion.number).label("number"),
        )
        .group_by(QuestionnaireVersion.questionnaire_id)
        .subquery()
    )
    chosen = (
        select(
            QuestionnaireRecord.id,
            QuestionnaireVersion.id,
            QuestionnaireRecord.code,
            QuestionnaireVersion.title,
            QuestionnaireVersion.number,
            QuestionnaireVersion.n_sections,
            QuestionnaireVersion.n_questions,
            QuestionnaireVersion.created_at,
        )
        .join(QuestionnaireVersion, QuestionnaireVersion.questionnaire_id == QuestionnaireRecord.id)
        .join(
            newest,
            (newest.c.questionnaire_id == QuestionnaireVersion.questionnaire_id)
            & (newest.c.number == QuestionnaireVersion.number),
        )
        .where(QuestionnaireRecord.archived_at.is_(None))
        .order_by(QuestionnaireVersion.title, QuestionnaireRecord.code)
    )
    return [QuestionnaireRow(*row) for row in session.execute(chosen)]


def latest_version(session: Session, code: str) -> QuestionnaireVersion | None:
    """Return the newest version of the questionnaire with this code, or None."""
    chosen = (
        select(QuestionnaireVersion)
        .join(QuestionnaireRecord, QuestionnaireRecord.id == QuestionnaireVersion.questionnaire_id)
        .where(QuestionnaireRecord.code == code, QuestionnaireRecord.archived_at.is_(None))
        .order_by(QuestionnaireVersion.number.desc())
        .limit(1)
    )
    return session.scalars(chosen).first()


def versions_of(session: Session, questionnaire_id: UUID) -> list[QuestionnaireVersion]:
    """Return the versions of a questionnaire, the newest first."""
    chosen = (
        select(QuestionnaireVersion)
        .where(QuestionnaireVersion.questionnaire_id == questionnaire_id)
        .order_by(QuestionnaireVersion.number.desc())
    )
    return list(session.scalars(chosen))


def get_version(session: Session, version_id: UUID) -> QuestionnaireVersion:
    """Return a version. Raises Missing."""
    found = session.get(QuestionnaireVersion, version_id)
    if found is None:
        raise Missing
    return found


def find_assessment(session: Session, viewer_id: UUID, assessment_id: UUID) -> Assessment | None:
    """Return an assessment of a vendor the person may see, with vendor, contact and version."""
    chosen = _with_parents().where(Assessment.id == assessment_id, visible_vendors(viewer_id))
    return session.scalars(chosen).first()


def get_assessment(session: Session, viewer_id: UUID, assessment_id: UUID) -> Assessment:
    """Return an assessment of a vendor the person may see. Raises Missing."""
    found = find_assessment(session, viewer_id, assessment_id)
    if found is None:
        raise Missing
    return found


def get_assessment_of_vendor(session: Session, vendor_id: UUID, assessment_id: UUID) -> Assessment:
    """Return an assessment of this vendor, for its own people. Raises Missing."""
    chosen = _with_parents().where(
        Assessment.id == assessment_id, Assessment.vendor_id == vendor_id
    )
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing
    return found


def _with_parents() -> Select[Assessment]:
    return (
        select(Assessment)
        .join(Assessment.vendor)
        .join(Assessment.contact)
        .join(Contact.person)
        .join(Assessment.questionnaire_version)
        .options(
            contains_eager(Assessment.vendor),
            contains_eager(Assessment.contact).contains_eager(Contact.person),
            contains_eager(Assessment.questionnaire_version),
        )
    )


def assessments_of(session: Session, vendor_id: UUID) -> list[AssessmentRow]:
    """Return the assessments of a vendor the caller may see, the newest first."""
    chosen = (
        assessment_rows()
        .where(Assessment.vendor_id == vendor_id)
        .order_by(Assessment.sent_at.desc(), Assessment.id)
    )
    return [AssessmentRow(*row) for row in session.execute(chosen)]


def assessment_rows() -> Select[*tuple[Any, ...]]:
    """Start a statement over assessments whose columns are the parts of an AssessmentRow."""
    return (
        select(
            Assessment.id,
            Assessment.reference,
            QuestionnaireVersion.title,
            QuestionnaireVersion.number,
            Assessment.state,
            Assessment.round,
            Person.name,
            Assessment.sent_at,
            Assessment.due_on,
            Assessment.submitted_at,
            Assessment.n_visible,
            Assessment.n_answered,
            Assessment.claimed,
            Assessment.evidenced,
        )
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Assessment.questionnaire_version_id)
        .join(Contact, Contact.id == Assessment.contact_id)
        .join(Person, Person.id == Contact.person_id)
        .join(Vendor, Vendor.id == Assessment.vendor_id)
    )


def never_sent() -> ColumnElement[bool]:
    """Return the condition under which a vendor has no assessment but withdrawn ones."""
    sent = select(Assessment.id).where(
        Assessment.vendor_id == Vendor.id, Assessment.state != AssessmentState.WITHDRAWN
    )
    return ~sent.exists()


def submissions_of(session: Session, assessment_id: UUID) -> list[Submission]:
    """Return the rounds that were handed in, the newest first."""
    chosen = select(Submission).where(Submission.assessment_id == assessment_id)
    return list(session.scalars(chosen.order_by(Submission.round.desc())))


def last_contact_id(session: Session, vendor_id: UUID) -> UUID | None:
    """Return who answered for a vendor the last time, or None before the first time."""
    chosen = (
        select(Assessment.contact_id)
        .where(Assessment.vendor_id == vendor_id)
        .order_by(Assessment.sent_at.desc(), Assessment.id)
        .limit(1)
    )
    return session.scalars(chosen).first()
