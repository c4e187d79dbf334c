"""Reading the conditions of approvals."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from foundation.errors import Missing
from identity.models import Person
from reviews.decision_models import Condition, Decision
from reviews.models import Review
from vendors.models import Vendor
from vendors.queries import visible_vendors

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One condition, as a list or its own page prints it."""

    condition_id: UUID
    text: str
    due_on: date
    met_at: datetime | None
    met_note: str
    version: int
    owner_id: UUID
    owner: str
    met_by: str | None
    vendor_id: UUID
    vendor: str
    tier: int | None
    review_id: UUID
    review: str

    def is_overdue(self, today: date) -> bool:
        """Whether it should have been met by now."""
        return self.met_at is None and self.due_on < today


def list_conditions(
    session: Session, viewer_id: UUID, *, only_open: bool, owner_id: UUID | None = None
) -> list[ConditionRow]:
    """Return conditions of vendors the person may see, the soonest due first; at most 200."""
    chosen = _select(viewer_id)
    if only_open:
        chosen = chosen.where(Condition.met_at.is_(None))
    if owner_id is not None:
        chosen = chosen.where(Condition.owner_id == owner_id)
    ordered = chosen.order_by(Condition.due_on, Condition.id).limit(MOST_SHOWN)
    return [ConditionRow(*row) for row in session.execute(ordered)]


def get_condition(session: Session, viewer_id: UUID, condition_id: UUID) -> Condition:
    """Return a condition of a vendor the person may see. Raises Missing."""
    chosen = (
        select(Condition)
        .join(Vendor, Vendor.id == Condition.vendor_id)
        .where(Condition.id == condition_id, visible_vendors(viewer_id))
    )
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing
    return found


def get_condition_row(session: Session, viewer_id: UUID, condition_id: UUID) -> ConditionRow:
    """Return the same as a row. Raises Missing."""
    found = session.execute(_select(viewer_id).where(Condition.id == condition_id)).first()
    if found is None:
        raise Missing
    return ConditionRow(*found)


def _select(viewer_id: UUID) -> Select[*tuple[Any, ...]]:
    """Return the statement over conditions of decisions that came into force."""
    met_by = aliased(Person)
    return (
        select(
            Condition.id,
            Condition.text,
            Condition.due_on,
            Condition.met_at,
            Condition.met_note,
            Condition.version,
            Condition.owner_id,
            Person.name,
            met_by.name,
            Vendor.id,
            Vendor.name,
            Vendor.tier,
            Review.id,
            Review.reference,
        )
        .join(Decision, Decision.id == Condition.decision_id)
        .join(Review, Review.id == Decision.review_id)
        .join(Vendor, Vendor.id == Condition.vendor_id)
        .join(Person, Person.id == Condition.owner_id)
        .outerjoin(met_by, met_by.id == Condition.met_by_id)
        .where(visible_vendors(viewer_id))
    )
