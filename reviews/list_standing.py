"""Where the vendors of a list stand: who has the ball, what is late, what risk is left."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from reviews.decision_models import Decision
from reviews.models import Review
from reviews.residual import Band
from reviews.rules import Outcome
from reviews.turn_queries import N_HELD, held_columns, held_of, joined, parts_of
from reviews.turns import Turn, are_answers_late, is_review_late, turn_of
from vendors.models import Vendor


@dataclass(frozen=True, slots=True)
class ListStanding:
    """One vendor; a band that is None was never decided about, and is not low."""

    turn: Turn
    is_late: bool
    band: Band | None


def standings_of(session: Session, vendor_ids: list[UUID], today: date) -> dict[UUID, ListStanding]:
    """Return where these vendors stand, in one statement; need-to-know is the caller's."""
    parts, decided = parts_of(vendor_ids), decided_bands(vendor_ids)
    columns = (
        *held_columns(parts),
        parts.live.c.due_on,
        decided.c.band,
        Vendor.id,
        Vendor.state,
        Vendor.next_review_on,
    )
    chosen = joined(select(*columns).select_from(Vendor), parts)
    chosen = chosen.outerjoin(decided, decided.c.vendor_id == Vendor.id)
    found = {}
    for row in session.execute(chosen.where(Vendor.id.in_(vendor_ids))):
        turn = turn_of(held_of(row[:N_HELD]))
        due_on, band, vendor_id, state, again_on = row[N_HELD:]
        late = are_answers_late(turn, due_on, today) or is_review_late(state, again_on, today)
        found[vendor_id] = ListStanding(turn, late, Band(band) if band else None)
    return found


def decided_bands(among: Collection[UUID] | None = None) -> Subquery:
    """Return of each vendor the remaining risk its decision in force rests on."""
    place = func.row_number().over(
        partition_by=Review.vendor_id, order_by=(Review.cycle.desc(), Decision.round.desc())
    )
    chosen = (
        select(Review.vendor_id, Decision.band, place.label("place"))
        .join(Review, Review.id == Decision.review_id)
        .where(Decision.is_final, Decision.outcome != Outcome.MORE_NEEDED)
    )
    if among is not None:
        chosen = chosen.where(Review.vendor_id.in_(among))
    ranked = chosen.subquery()
    return select(ranked.c.vendor_id, ranked.c.band).where(ranked.c.place == 1).subquery()
