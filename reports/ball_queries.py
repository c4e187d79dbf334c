"""Who has the ball: every vendor on its way, with the party whose move it is, in one statement."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, aliased

from foundation.dates import day_in
from identity.models import Person
from organisation.queries import time_zone_of_organisation
from questionnaires.rules import AssessmentState
from reviews.turn_queries import (
    N_HELD,
    SHOWN,
    Chosen,
    Parts,
    held_columns,
    held_of,
    is_on_its_way,
    is_returned,
    joined,
    parts_of,
    since_of,
)
from reviews.turns import (
    Errand,
    Turn,
    are_answers_late,
    errand_of,
    is_review_late,
    turn_of,
)
from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.rules import VendorState

MOST_READ = 300


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
    since_on: date
    """The day of it with us."""
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
    contract_id: UUID | None = None
    """The contract that is to be brought into force, or ended."""
    contract_reference: str | None = None
    next_review_on: date | None = None
    errand: Errand | None = None
    """What procurement has to do, while it has the ball."""

    def are_answers_late(self, today: date) -> bool:
        """Say whether the vendor is past the day its answers were due."""
        return are_answers_late(self.turn, self.due_on, today)

    def is_review_late(self, today: date) -> bool:
        """Say whether the vendor is used past the day of its next review."""
        return is_review_late(self.state, self.next_review_on, today)


def ball_rows(session: Session, viewer_id: UUID, *, owner_id: UUID | None = None) -> list[BallRow]:
    """Return the vendors on their way that a person may see, the longest waiting first.

    Of each party at least MOST_READ: a long list just imported hides nobody else's turn.
    """
    parts = parts_of()
    chosen = _statement(parts).where(is_on_its_way(parts), visible_vendors(viewer_id))
    if owner_id is not None:
        chosen = chosen.where(Vendor.owner_id == owner_id)
    return _read(session, chosen)


def find_ball(session: Session, vendor_id: UUID) -> BallRow | None:
    """Return where one vendor on its way stands, as lists show it; None for any other."""
    parts = parts_of([vendor_id])
    chosen = _statement(parts).where(Vendor.id == vendor_id, is_on_its_way(parts))
    return next(iter(_read(session, chosen)), None)


def late_answers(session: Session, viewer_id: UUID, today: date) -> list[BallRow]:
    """Return the vendors past the day their answers were due, the longest late first."""
    parts = parts_of()
    is_past = and_(parts.live.c.is_away, parts.live.c.due_on < today)
    chosen = _statement(parts).where(is_on_its_way(parts), is_past, visible_vendors(viewer_id))
    rows = [row for row in _read(session, chosen) if row.are_answers_late(today)]
    return sorted(rows, key=lambda row: (row.due_on or today, row.reference))


def count_by_turn(
    session: Session, viewer_id: UUID, edges: tuple[datetime, ...]
) -> dict[tuple[Turn, int], int]:
    """Count vendors on their way by who has the ball and how many of these moments ago it came.

    `edges` go back in time; a ball that came after the first counts as 0.
    """
    parts = parts_of()
    since = since_of(parts)
    age = case(*((since >= edge, place) for place, edge in enumerate(edges)), else_=len(edges))
    inner = joined(select(*held_columns(parts), age.label("age")).select_from(Vendor), parts)
    found = inner.where(is_on_its_way(parts), visible_vendors(viewer_id)).subquery()
    counted: dict[tuple[Turn, int], int] = defaultdict(int)
    for *held, old, count in session.execute(select(*found.c, func.count()).group_by(*found.c)):
        counted[turn_of(held_of(held)), old] += count
    return dict(counted)


def _statement(parts: Parts) -> Chosen:
    """Return the statement over vendors: what decides the ball, then the rest of the row."""
    owner, reviewer = aliased(Person), aliased(Person)
    held, since = held_columns(parts), since_of(parts).label("since")
    place = func.row_number().over(
        partition_by=[each.element for each in held], order_by=(since_of(parts), Vendor.reference)
    )
    columns: tuple[Any, ...] = (
        *held,
        since,
        *(getattr(parts.live.c, name).label(f"live_{name}") for name in SHOWN),
        parts.opened.c.id.label("review_id"),
        parts.opened.c.reviewer_id,
        reviewer.name.label("reviewer"),
        parts.returned.c.proposed_by_id,
        case((is_returned(parts), parts.returned.c.name)).label("sent_back_by"),
        parts.loose.c.id.label("contract_id"),
        parts.loose.c.reference.label("contract_reference"),
        Vendor.next_review_on,
        Vendor.id.label("vendor_id"),
        Vendor.reference.label("vendor_reference"),
        Vendor.name.label("vendor"),
        Vendor.tier,
        Vendor.is_tier_provisional,
        Vendor.state.label("vendor_state"),
        Vendor.owner_id,
        owner.name.label("owner"),
        place.label("place"),
    )
    chosen = joined(select(*columns).select_from(Vendor), parts)
    chosen = chosen.join(owner, owner.id == Vendor.owner_id)
    return chosen.outerjoin(reviewer, reviewer.id == parts.opened.c.reviewer_id)


N_VENDOR = 8
"""Columns of the vendor itself, at the end of a row."""


def _read(session: Session, chosen: Chosen) -> list[BallRow]:
    found = chosen.subquery()
    *shown, place = found.c
    order = (found.c.since, found.c.vendor_reference)
    longest = select(*shown).where(place <= MOST_READ).order_by(*order)
    zone = time_zone_of_organisation(session)
    return [_row(tuple(row), zone) for row in session.execute(longest)]


def _row(values: tuple[Any, ...], zone: str) -> BallRow:
    held = held_of(values[:N_HELD])
    turn = turn_of(held)
    errand = errand_of(held) if turn is Turn.BUYER else None
    since, *others = values[N_HELD:-N_VENDOR]
    return BallRow(*(*values[-N_VENDOR:], turn, since, day_in(since, zone), *others, errand))
