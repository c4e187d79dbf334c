"""Opening reviews: one cycle at a time for a vendor, joined by what the vendor submits."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.actions import Action, Actor
from audit.commands import record
from foundation.errors import Refused
from foundation.ids import new_id
from identity.rules import Author
from organisation.commands import next_reference
from questionnaires.models import Assessment
from reviews import letters
from reviews.models import Review, ReviewAssessment, ReviewService
from reviews.rules import ReviewState
from vendors.models import Vendor
from vendors.queries import services_of

KINDS = frozenset({"initial", "reassessment", "off_cycle"})


def open_review(session: Session, vendor: Vendor, *, kind: str, by: Actor, at: datetime) -> Review:
    """Open the vendor's next cycle over all its services; an open review is returned instead."""
    if kind not in KINDS:
        raise ValueError(f"A review is one of {', '.join(sorted(KINDS))}; not {kind!r}.")
    _lock(session, vendor.id)
    known = find_open(session, vendor.id)
    if known is not None:
        return known
    cycles = select(func.max(Review.cycle)).where(Review.vendor_id == vendor.id)
    review = Review(
        id=new_id(),
        reference=next_reference(session, "R"),
        vendor_id=vendor.id,
        cycle=(session.scalar(cycles) or 0) + 1,
        kind=kind,
        state=ReviewState.OPEN,
        opened_at=at,
    )
    session.add(review)
    session.flush()
    for service in services_of(session, vendor.id):
        session.add(ReviewService(review_id=review.id, service_id=service.id))
    _note(session, Action.REVIEW_OPEN, review, by=by, at=at, kind=kind, cycle=review.cycle)
    session.flush()
    return review


def receive_submission(
    session: Session, assessment: Assessment, *, by: Actor, at: datetime
) -> Review:
    """Put a submitted assessment before us: it joins the vendor's open review, or opens one.

    The portal calls this right after `submit`, in the same transaction. An assessment that comes
    back after a clarification stays with the review it already belongs to.
    """
    known = review_of_assessment(session, assessment.id)
    if known is not None:
        letters.answers_are_in(session, known, assessment, at=at)
        return known
    vendor = session.get_one(Vendor, assessment.vendor_id)
    earlier = select(Review.id).where(Review.vendor_id == vendor.id).limit(1)
    kind = "initial" if session.scalar(earlier) is None else "reassessment"
    review = open_review(session, vendor, kind=kind, by=by, at=at)
    _join(session, review, assessment, by=by, at=at)
    letters.answers_are_in(session, review, assessment, at=at)
    return review


def join(session: Session, assessment: Assessment, *, by: Actor, at: datetime) -> Review | None:
    """Let an assessment join the vendor's open review; None when no review is open."""
    known = review_of_assessment(session, assessment.id)
    review = known or find_open(session, assessment.vendor_id)
    if known is None and review is not None:
        _join(session, review, assessment, by=by, at=at)
    return review


def take(session: Session, review: Review, *, by: Author, at: datetime) -> None:
    """Make somebody the reviewer. Raises Refused once the review is decided."""
    if review.state is ReviewState.DECIDED:
        raise Refused("This review is decided. There is nothing left to take.")
    if review.reviewer_id == by.person_id:
        return
    review.reviewer_id = by.person_id
    session.flush()
    _note(session, Action.REVIEW_TAKE, review, by=by.actor, at=at)


def find_open(session: Session, vendor_id: UUID) -> Review | None:
    """Return the vendor's open review, or None."""
    chosen = select(Review).where(
        Review.vendor_id == vendor_id, Review.state != ReviewState.DECIDED
    )
    return session.scalars(chosen).first()


def review_of_assessment(session: Session, assessment_id: UUID) -> Review | None:
    """Return the review an assessment belongs to, or None."""
    chosen = (
        select(Review)
        .join(ReviewAssessment, ReviewAssessment.review_id == Review.id)
        .where(ReviewAssessment.assessment_id == assessment_id)
    )
    return session.scalars(chosen).first()


def lock(session: Session, review: Review) -> None:
    """Let one change after another into a review, each seeing what the last one stored."""
    session.flush()
    columns = ("state", "reviewer_id", "decided_at", "version")
    session.refresh(review, attribute_names=columns, with_for_update=True)


def refuse_unless_open(review: Review) -> None:
    """Raise Refused when a decision waits for signatures or has been taken."""
    if review.state is ReviewState.AWAITING_SIGN_OFF:
        raise Refused(
            "A decision waits for signatures, so nothing under it may change. "
            "Withdraw the proposal first."
        )
    if review.state is ReviewState.DECIDED:
        raise Refused("This review is decided; nothing in it can change any more.")


def _join(
    session: Session, review: Review, assessment: Assessment, *, by: Actor, at: datetime
) -> None:
    session.add(ReviewAssessment(review_id=review.id, assessment_id=assessment.id))
    session.flush()
    _note(session, Action.REVIEW_JOIN, review, by=by, at=at, assessment=str(assessment.id))


def _lock(session: Session, vendor_id: UUID) -> None:
    session.flush()
    session.scalars(select(Vendor.id).where(Vendor.id == vendor_id).with_for_update()).one()


def _note(
    session: Session, action: Action, review: Review, *, by: Actor, at: datetime, **detail: object
) -> None:
    record(session, at=at, actor=by, action=action, subject=("review", review.id), detail=detail)
