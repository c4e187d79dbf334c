"""Proposals of a review with what became of them: who signed, and who sent one back."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from foundation.errors import Missing
from identity.models import Person
from reviews import rows
from reviews.decision_models import Decision, SentBack, SignOff
from reviews.models import Review
from reviews.rows import DecisionRow, SignOffRow
from reviews.rules import ReviewState
from vendors.queries import visible_vendors


@dataclass(frozen=True, slots=True)
class Returned:
    """Who sent a proposal back, when and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal; what was signed under one that no longer waits is void, and kept."""

    decision: DecisionRow
    signed: tuple[SignOffRow, ...]
    returned: Returned | None


def proposals_of(session: Session, review_id: UUID) -> list[ProposalRow]:
    """Return every proposal and decision of a review, the newest first, in three statements."""
    signed = _signed(session, review_id)
    returned = _returned(session, review_id)
    return [
        ProposalRow(each, tuple(signed[each.decision_id]), returned.get(each.decision_id))
        for each in rows.decisions_of_review(session, review_id)
    ]


def newest_returned(session: Session, review_id: UUID) -> Returned | None:
    """Return who sent the newest proposal of a review back; None where nobody did."""
    chosen = (
        select(Decision.id, Person.name, SentBack.at, SentBack.reason)
        .outerjoin(SentBack, SentBack.decision_id == Decision.id)
        .outerjoin(Person, Person.id == SentBack.person_id)
        .where(Decision.review_id == review_id)
        .order_by(Decision.round.desc())
        .limit(1)
    )
    found = session.execute(chosen).first()
    return Returned(*found[1:]) if found is not None and found[2] is not None else None


def get_review_with_return(
    session: Session, viewer_id: UUID, review_id: UUID
) -> tuple[Review, Returned | None]:
    """Return a review the person may see, and who sent its newest proposal back. Raises Missing.

    One statement: the desk costs what it cost.
    """
    newest = (
        select(Decision.id)
        .where(Decision.review_id == Review.id)
        .order_by(Decision.round.desc())
        .limit(1)
        .correlate(Review)
        .scalar_subquery()
    )
    chosen = (
        select(Review, Person.name, SentBack.at, SentBack.reason)
        .join(Review.vendor)
        .options(contains_eager(Review.vendor))
        .outerjoin(SentBack, SentBack.decision_id == newest)
        .outerjoin(Person, Person.id == SentBack.person_id)
        .where(Review.id == review_id, visible_vendors(viewer_id))
    )
    found = session.execute(chosen).first()
    if found is None:
        raise Missing
    review, by, at, reason = found
    is_back = at is not None and review.state is ReviewState.OPEN
    return review, Returned(by, at, reason) if is_back else None


def _signed(session: Session, review_id: UUID) -> dict[UUID, list[SignOffRow]]:
    chosen = (
        select(
            SignOff.decision_id, SignOff.person_id, Person.name, SignOff.role, SignOff.at,
            SignOff.note,
        )
        .join(Person, Person.id == SignOff.person_id)
        .join(Decision, Decision.id == SignOff.decision_id)
        .where(Decision.review_id == review_id)
        .order_by(SignOff.at, SignOff.id)
    )  # fmt: skip
    found: dict[UUID, list[SignOffRow]] = defaultdict(list)
    for row in session.execute(chosen):
        decision_id, *rest = tuple[Any, ...](row)
        found[decision_id].append(SignOffRow(*rest))
    return found


def _returned(session: Session, review_id: UUID) -> dict[UUID, Returned]:
    chosen = (
        select(SentBack.decision_id, Person.name, SentBack.at, SentBack.reason)
        .join(Person, Person.id == SentBack.person_id)
        .join(Decision, Decision.id == SentBack.decision_id)
        .where(Decision.review_id == review_id)
    )
    return {row[0]: Returned(row[1], row[2], row[3]) for row in session.execute(chosen)}
