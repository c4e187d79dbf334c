"""The inbox: the open reviews of vendors on their way, and who has the ball of each."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.models import Person
from reviews.models import Review
from reviews.rules import ReviewState
from reviews.turn_queries import N_HELD, held_columns, held_of, is_on_its_way, joined, parts_of
from reviews.turns import Turn, are_answers_late, is_review_late, turn_of
from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.rules import VendorState

MOST_READ = 5000
SIZE = 50
"""How many are drawn at once; the counts are of all that are read."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One open review; `due_on` is the day of what the vendor holds, or else of what is in."""

    turn: Turn
    review_id: UUID
    reference: str
    vendor_id: UUID
    vendor: str
    vendor_state: VendorState
    tier: int | None
    computed_tier: int | None
    next_review_on: date | None
    kind: str
    state: ReviewState
    reviewer_id: UUID | None
    reviewer: str | None
    due_on: date | None

    def are_answers_late(self, on: date) -> bool:
        """Say whether the vendor is past the day its answers were due."""
        return are_answers_late(self.turn, self.due_on, on)

    def is_review_late(self, on: date) -> bool:
        """Say whether the vendor is used past the day of its next review."""
        return is_review_late(self.vendor_state, self.next_review_on, on)

    def is_overdue(self, on: date) -> bool:
        """Say whether the answers or the review are past their day."""
        return self.are_answers_late(on) or self.is_review_late(on)

    @property
    def is_new(self) -> bool:
        """Whether answers are in and nobody has taken them yet."""
        return self.reviewer_id is None and self.turn is Turn.RISK


def inbox(session: Session, viewer_id: UUID) -> list[InboxRow]:
    """Return the open reviews the person may see, the soonest due first; one statement."""
    parts = parts_of()
    columns: tuple[Any, ...] = (
        *held_columns(parts),
        Review.id,
        Review.reference,
        Vendor.id,
        Vendor.name,
        Vendor.state,
        Vendor.tier,
        Vendor.computed_tier,
        Vendor.next_review_on,
        Review.kind,
        Review.state,
        Review.reviewer_id,
        Person.name,
        parts.live.c.due_on,
    )
    chosen = joined(select(*columns).select_from(Vendor), parts)
    chosen = (
        chosen.join(Review, Review.vendor_id == Vendor.id)
        .outerjoin(Person, Person.id == Review.reviewer_id)
        .where(
            Review.state != ReviewState.DECIDED, is_on_its_way(parts), visible_vendors(viewer_id)
        )
        .order_by(Review.opened_at, Review.id)
        .limit(MOST_READ)
    )
    rows = [_row(tuple(row)) for row in session.execute(chosen)]
    return sorted(rows, key=lambda row: (row.due_on is None, row.due_on or date.max, row.reference))


def _row(values: tuple[Any, ...]) -> InboxRow:
    return InboxRow(turn_of(held_of(values[:N_HELD])), *values[N_HELD:])
