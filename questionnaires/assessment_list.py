"""Assessments as a list over all vendors somebody may see, one page at a time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from foundation.paging import SIZE, Page, decode, page_of
from identity.models import Person
from questionnaires.models import Assessment, QuestionnaireVersion
from questionnaires.queries import AssessmentRow
from vendors.models import Contact, Vendor
from vendors.queries import visible_vendors


def list_assessments(
    session: Session,
    viewer_id: UUID,
    *,
    vendor_id: UUID | None = None,
    cursor: str | None = None,
    size: int = SIZE,
) -> Page[AssessmentRow]:
    """Return one page of assessments, the newest first; one statement."""
    chosen = (
        _rows()
        .where(visible_vendors(viewer_id))
        .order_by(Assessment.sent_at.desc(), Assessment.id.desc())
        .limit(size + 1)
    )
    if vendor_id is not None:
        chosen = chosen.where(Assessment.vendor_id == vendor_id)
    after = _place(cursor)
    if after is not None:
        chosen = chosen.where(tuple_(Assessment.sent_at, Assessment.id) < after)
    rows = [AssessmentRow(*row) for row in session.execute(chosen)]
    return page_of(rows, lambda row: [row.sent_at.isoformat(), str(row.assessment_id)], size=size)


def _rows() -> Select[*tuple[Any, ...]]:
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


def _place(cursor: str | None) -> tuple[datetime, UUID] | None:
    key = decode(cursor, length=2)
    if key is None:
        return None
    try:
        return datetime.fromisoformat(key[0]), UUID(key[1])
    except ValueError:
        return None
