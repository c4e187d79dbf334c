"""Assessments as a list over all vendors somebody may see, one page at a time."""

from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.orm import Session

from foundation.paging import SIZE, Page, moment_and_id, page_of
from questionnaires.models import Assessment
from questionnaires.queries import AssessmentRow, assessment_rows
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
        assessment_rows()
        .where(visible_vendors(viewer_id))
        .order_by(Assessment.sent_at.desc(), Assessment.id.desc())
        .limit(size + 1)
    )
    if vendor_id is not None:
        chosen = chosen.where(Assessment.vendor_id == vendor_id)
    after = moment_and_id(cursor)
    if after is not None:
        chosen = chosen.where(tuple_(Assessment.sent_at, Assessment.id) < after)
    rows = [AssessmentRow(*row) for row in session.execute(chosen)]
    return page_of(rows, lambda row: [row.sent_at.isoformat(), str(row.assessment_id)], size=size)
