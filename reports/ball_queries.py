"""Who has the ball: every vendor on its way, with the party whose move it is, in one statement."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    select,
    union,
)
from sqlalchemy.orm import Session, aliased

from identity.models import Person
from questionnaires.answer_models import Clarification
from questionnaires.models import Assessment
from questionnaires.rules import WITH_VENDOR, AssessmentState
from reports.progress import Turn
from reviews.decision_models import Decision, SentBack
from reviews.models import Review
from reviews.rules import ReviewState
from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.rules import VendorState

MOST_READ = 300
_OVER = (VendorState.ENDED, VendorState.DECLINED)


@dataclass(frozen=True, slots=True)
class BallRow:
    """A vendor on its way; the assessment is the one the party with the ball looks at."""

    vendor_id: UUID
    reference: str
    vendor: str
    tier: int | None
    is_provisional: bool
    state: VendorState
    owner_id: UUID
    owner: str
    turn: Turn
    since: datetime
    assessment_id: UUID | None
    assessment_reference: str | None
    assessment_state: AssessmentState | None
    round: int | None
    due_on: date | None
    n_answered: int | None
    n_visible: int | None
    review_id: UUID | None
    reviewer_id: UUID | None
    reviewer: str | None
    proposer_id: UUID | None
    """Who proposed what was sent back."""
    sent_back_by: str | None
    """Who sent the newest proposal back, while that is the last thing that happened."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The subqueries, one row for each vendor."""

    live: Subquery
    opened: Subquery
    proposed: Subquery
    returned: Subquery


def _parts() -> _Parts:
    return _Parts(_live(), _opened(), _proposed(), _returned())


def ball_rows(session: Session, viewer_id: UUID, *, owner_id: UUID | None = None) -> list[BallRow]:
    """Return the vendors on their way that a person may see, the longest waiting first.

    Of each party at most MOST_READ: a long list just imported hides nobody else's turn.
    """
    parts = _parts()
    turn, since = _turn(parts), _since(parts)
    owner, reviewer = aliased(Person), aliased(Person)
    columns: tuple[Any, ...] = (
        Vendor.id,
        Vendor.reference,
        Vendor.name,
        Vendor.tier,
        Vendor.is_tier_provisional,
        Vendor.state,
        Vendor.owner_id,
        owner.name,
        turn,
        since,
        *(getattr(parts.live.c, name) for name in _SHOWN),
        parts.opened.c.id,
        parts.opened.c.reviewer_id,
        reviewer.name,
        parts.returned.c.proposed_by_id,
        case((_is_returned(parts), parts.returned.c.name)),
        func.row_number().over(partition_by=turn, order_by=(since, Vendor.reference)),
    )
    chosen = _joined(select(*columns), parts).join(owner, owner.id == Vendor.owner_id)
    chosen = chosen.outerjoin(reviewer, reviewer.id == parts.opened.c.reviewer_id)
    chosen = chosen.where(visible_vendors(viewer_id))
    if owner_id is not None:
        chosen = chosen.where(Vendor.owner_id == owner_id)
    *shown, place = chosen.subquery().c
    reference, waited = shown[1], shown[9]
    longest = select(*shown).where(place <= MOST_READ).order_by(waited, reference)
    return [_row(tuple(row)) for row in session.execute(longest)]


def count_by_turn(
    session: Session, viewer_id: UUID, edges: tuple[datetime, ...]
) -> dict[tuple[Turn, int], int]:
    """Count vendors on their way by who has the ball and how many of these moments ago it came.

    `edges` go back in time; a ball that came after the first counts as 0.
    """
    parts = _parts()
    turn, since = _turn(parts).label("turn"), _since(parts)
    age = case(*((since >= edge, place) for place, edge in enumerate(edges)), else_=len(edges))
    inner = _joined(select(turn, age.label("age")), parts).where(visible_vendors(viewer_id))
    found = inner.subquery()
    counted = select(found.c.turn, found.c.age, func.count()).group_by(found.c.turn, found.c.age)
    return {(Turn(row[0]), row[1]): row[2] for row in session.execute(counted)}


_SHOWN = ("id", "reference", "state", "round", "due_on", "n_answered", "n_visible")


def _joined(chosen: Select[Any], parts: _Parts) -> Select[Any]:
    # A list of ids first: joining every vendor in use to nothing is most of the work.
    on_its_way = union(
        select(Vendor.id).where(Vendor.state == VendorState.ONBOARDING),
        select(parts.live.c.vendor_id),
        select(parts.opened.c.vendor_id),
    )
    return (
        chosen.select_from(Vendor)
        .outerjoin(parts.live, parts.live.c.vendor_id == Vendor.id)
        .outerjoin(parts.opened, parts.opened.c.vendor_id == Vendor.id)
        .outerjoin(parts.proposed, parts.proposed.c.vendor_id == Vendor.id)
        .outerjoin(parts.returned, parts.returned.c.vendor_id == Vendor.id)
        .where(Vendor.id.in_(on_its_way), Vendor.archived_at.is_(None), Vendor.state.not_in(_OVER))
    )


def _live() -> Subquery:
    """Of each vendor the assessment that counts: one it has before one it handed in."""
    asked = (
        select(func.max(Clarification.sent_at))
        .where(Clarification.assessment_id == Assessment.id)
        .correlate(Assessment)
        .scalar_subquery()
    )
    is_away = Assessment.state.in_(WITH_VENDOR)
    since = case(
        (Assessment.state == AssessmentState.RETURNED, func.coalesce(asked, Assessment.sent_at)),
        (Assessment.state == AssessmentState.SUBMITTED, Assessment.submitted_at),
        else_=Assessment.sent_at,
    )
    place = func.row_number().over(
        partition_by=Assessment.vendor_id,
        order_by=(case((is_away, 0), else_=1), Assessment.due_on, Assessment.id),
    )
    ranked = (
        select(
            Assessment.vendor_id,
            *(getattr(Assessment, name) for name in _SHOWN),
            since.label("since"),
            is_away.label("is_away"),
            place.label("place"),
        )
        .where(Assessment.state.in_([*WITH_VENDOR, AssessmentState.SUBMITTED]))
        .subquery()
    )
    return select(ranked).where(ranked.c.place == 1).subquery()


def _opened() -> Subquery:
    """Of each vendor the open review; there is one at most."""
    return (
        select(Review.vendor_id, Review.id, Review.reviewer_id, Review.opened_at)
        .where(Review.state != ReviewState.DECIDED)
        .subquery()
    )


def _proposed() -> Subquery:
    """Of each vendor the proposal that waits for signatures; there is one at most."""
    return (
        select(Review.vendor_id, func.max(Decision.proposed_at).label("at"))
        .join(Review, Review.id == Decision.review_id)
        .where(Decision.is_final.is_(False), Decision.withdrawn_at.is_(None))
        .group_by(Review.vendor_id)
        .subquery()
    )


def _returned() -> Subquery:
    """Of each vendor whose newest proposal was sent back: when and by whom."""
    later = aliased(Decision)
    is_newest = ~exists().where(later.review_id == Decision.review_id, later.round > Decision.round)
    return (
        select(Review.vendor_id, SentBack.at, Person.name, Decision.proposed_by_id)
        .join(Decision, Decision.id == SentBack.decision_id)
        .join(Review, Review.id == Decision.review_id)
        .join(Person, Person.id == SentBack.person_id)
        .where(Review.state == ReviewState.OPEN, is_newest)
        .subquery()
    )


def _is_returned(parts: _Parts) -> ColumnElement[bool]:
    """Say whether a proposal came back after the answers did."""
    return and_(~parts.live.c.is_away, parts.returned.c.at >= parts.live.c.since)


def _turn(parts: _Parts) -> ColumnElement[str]:
    return case(
        (parts.proposed.c.at.is_not(None), literal(Turn.SIGNERS.value)),
        (parts.live.c.is_away, literal(Turn.VENDOR.value)),
        (parts.live.c.id.is_not(None), literal(Turn.RISK.value)),
        else_=literal(Turn.BUYER.value),
    )


def _since(parts: _Parts) -> ColumnElement[datetime]:
    return func.coalesce(
        parts.proposed.c.at,
        case((_is_returned(parts), parts.returned.c.at)),
        parts.live.c.since,
        parts.opened.c.opened_at,
        Vendor.created_at,
    )


def _row(values: tuple[Any, ...]) -> BallRow:
    return BallRow(*(*values[:8], Turn(values[8]), *values[9:]))
