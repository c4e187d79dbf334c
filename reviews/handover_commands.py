"""Handing the work of the risk team over: from somebody who leaves to somebody who stays."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.changes import Changes, put
from audit.commands import record
from identity.rules import Author
from reviews.decision_models import Condition
from reviews.models import Finding, Review
from reviews.rules import FindingState, ReviewState
from vendors.models import Vendor
from vendors.queries import visible_vendors


def rehome(
    session: Session,
    from_id: UUID,
    to_id: UUID,
    *,
    may_judge: bool,
    by: Author,
    at: datetime,
) -> dict[str, int]:
    """Give open reviews, findings and conditions of one person to another; return how many of each.

    A review goes back to the team where the other person may not judge, or may not see the vendor.
    Nobody is let into a need-to-know vendor by the way: its findings and conditions go to whoever
    owns the vendor.
    """
    reviews = list(session.scalars(select(Review).where(_open_reviews(from_id))))
    findings = list(session.scalars(select(Finding).where(_open_findings(from_id))))
    conditions = list(session.scalars(select(Condition).where(_open_conditions(from_id))))
    about = {one.vendor_id for one in reviews} | {one.vendor_id for one in findings}
    about |= {one.vendor_id for one in conditions}
    owners = _owners(session, to_id, about)
    for review in reviews:
        is_theirs = may_judge and owners[review.vendor_id] == to_id
        changes = put(review, {"reviewer_id": to_id if is_theirs else None})
        _note(session, Action.REVIEW_HAND_OVER, ("review", review.id), changes, by=by, at=at)
    for finding in findings:
        changes = put(finding, {"owner_id": owners[finding.vendor_id]})
        _note(session, Action.FINDING_HAND_OVER, ("finding", finding.id), changes, by=by, at=at)
    for condition in conditions:
        changes = put(condition, {"owner_id": owners[condition.vendor_id]})
        subject = ("condition", condition.id)
        _note(session, Action.CONDITION_HAND_OVER, subject, changes, by=by, at=at)
    session.flush()
    return {"reviews": len(reviews), "findings": len(findings), "conditions": len(conditions)}


def count_of(session: Session, person_id: UUID) -> dict[str, int]:
    """Return how many open reviews, findings and conditions a person has."""
    wanted = {
        "reviews": select(func.count()).select_from(Review).where(_open_reviews(person_id)),
        "findings": select(func.count()).select_from(Finding).where(_open_findings(person_id)),
        "conditions": select(func.count())
        .select_from(Condition)
        .where(_open_conditions(person_id)),
    }
    return {name: session.scalar(counted) or 0 for name, counted in wanted.items()}


def _owners(session: Session, to_id: UUID, vendor_ids: set[UUID]) -> dict[UUID, UUID]:
    """Return who takes over for each vendor: the person, or its owner where they may not see it."""
    chosen = select(Vendor.id, Vendor.owner_id, visible_vendors(to_id))
    rows = session.execute(chosen.where(Vendor.id.in_(vendor_ids)))
    return {vendor_id: to_id if is_seen else owner_id for vendor_id, owner_id, is_seen in rows}


def _open_reviews(person_id: UUID) -> ColumnElement[bool]:
    return (Review.reviewer_id == person_id) & (Review.state != ReviewState.DECIDED)


def _open_findings(person_id: UUID) -> ColumnElement[bool]:
    return (Finding.owner_id == person_id) & (Finding.state != FindingState.CLOSED)


def _open_conditions(person_id: UUID) -> ColumnElement[bool]:
    return (Condition.owner_id == person_id) & Condition.met_at.is_(None)


def _note(
    session: Session,
    action: Action,
    subject: tuple[str, UUID],
    changes: Changes,
    *,
    by: Author,
    at: datetime,
) -> None:
    detail: dict[str, object] = {"changes": changes} if changes else {}
    record(session, at=at, actor=by.actor, action=action, subject=subject, detail=detail)
