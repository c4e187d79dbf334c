"""Reading reviews and findings. Need-to-know is part of every question asked here."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, contains_eager

from foundation.errors import Missing
from organisation.queries import day_of
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from reviews.decision_models import Decision
from reviews.models import Finding, Review, ReviewAssessment
from reviews.rules import Outcome
from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.rules import OVER

MOST_WAITING = 50
"""How many submissions are shown at once; those behind them come up as these are started."""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A submitted assessment that belongs to no review yet."""

    assessment_id: UUID
    reference: str
    vendor: str
    submitted_at: datetime | None


def find_review(session: Session, viewer_id: UUID, review_id: UUID) -> Review | None:
    """Return a review, with its vendor, of a vendor the person may see; or None."""
    chosen = (
        select(Review)
        .join(Review.vendor)
        .options(contains_eager(Review.vendor))
        .where(Review.id == review_id, visible_vendors(viewer_id))
    )
    return session.scalars(chosen).first()


def get_review(session: Session, viewer_id: UUID, review_id: UUID) -> Review:
    """Return a review of a vendor the person may see. Raises Missing."""
    found = find_review(session, viewer_id, review_id)
    if found is None:
        raise Missing
    return found


def list_waiting(session: Session, viewer_id: UUID) -> list[WaitingRow]:
    """Return submitted assessments that no review looks at yet: the oldest first.

    At most one more than MOST_WAITING, which tells that there are more.
    """
    joined = exists().where(ReviewAssessment.assessment_id == Assessment.id)
    chosen = (
        select(Assessment.id, Assessment.reference, Vendor.name, Assessment.submitted_at)
        .join(Vendor, Vendor.id == Assessment.vendor_id)
        .where(
            Assessment.state == AssessmentState.SUBMITTED,
            ~joined,
            visible_vendors(viewer_id),
            Vendor.archived_at.is_(None),
            Vendor.state.not_in(OVER),
        )
        .order_by(Assessment.submitted_at, Assessment.id)
        .limit(MOST_WAITING + 1)
    )
    return [WaitingRow(*row) for row in session.execute(chosen)]


def get_finding(session: Session, viewer_id: UUID, finding_id: UUID) -> Finding:
    """Return a finding of a vendor the person may see. Raises Missing."""
    chosen = (
        select(Finding)
        .join(Vendor, Vendor.id == Finding.vendor_id)
        .where(Finding.id == finding_id, visible_vendors(viewer_id))
    )
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing
    return found


def get_waiting_decision(session: Session, review: Review) -> Decision:
    """Return the proposal that waits for signatures. Raises Missing."""
    chosen = (
        select(Decision)
        .where(
            Decision.review_id == review.id,
            Decision.is_final.is_(False),
            Decision.withdrawn_at.is_(None),
        )
        .order_by(Decision.round.desc())
    )
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing("No decision waits for signatures here: it is final, or was withdrawn.")
    return found


def last_decided(session: Session, vendor_ids: list[UUID]) -> dict[UUID, tuple[str, date]]:
    """Return what was last decided about vendors: the outcome in words, and the day.

    That more was needed is no outcome: an approval before it is still the one in force.
    """
    chosen = (
        select(Review.vendor_id, Decision.outcome, Decision.decided_at)
        .join(Review, Review.id == Decision.review_id)
        .where(
            Review.vendor_id.in_(vendor_ids),
            Decision.is_final.is_(True),
            Decision.outcome != Outcome.MORE_NEEDED,
            Decision.withdrawn_at.is_(None),
            Decision.decided_at.is_not(None),
        )
        .order_by(Decision.decided_at)
    )
    return {
        vendor_id: (outcome.value.replace("_", " ").capitalize(), day_of(session, decided_at))
        for vendor_id, outcome, decided_at in session.execute(chosen)
        if decided_at is not None
    }
