"""Days by which conditions of approvals must be met."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, exists, func
from sqlalchemy.orm import Session, aliased

from identity.models import Person
from reports.dates.row import DateKind, DateRow, Wanted
from reports.dates.selecting import OVER, of_vendors, rows_of, within
from reviews.decision_models import Condition, Decision
from reviews.models import Review
from reviews.rules import Outcome
from vendors.models import Vendor


def conditions(session: Session, wanted: Wanted) -> Iterable[DateRow]:
    """Yield conditions nobody has met, of the approval that counts now."""
    chosen = (
        of_vendors(
            wanted,
            Condition.id.label("about"),
            Condition.due_on.label("on"),
            Review.reference,
            Condition.text.label("detail"),
            Condition.owner_id,
            Person.name.label("holder"),
            func.coalesce(Decision.decided_at, Decision.proposed_at).label("made_at"),
            owners=(Condition.owner_id,),
        )
        .select_from(Vendor)
        .join(Condition, Condition.vendor_id == Vendor.id)
        .join(Decision, Decision.id == Condition.decision_id)
        .join(Review, Review.id == Decision.review_id)
        .join(Person, Person.id == Condition.owner_id)
        .where(
            within(wanted, Condition.due_on, Condition.id),
            Condition.met_at.is_(None),
            ~_is_replaced(),
            Vendor.state.not_in(OVER),
        )
        .order_by(Condition.due_on, Condition.id)
    )
    return rows_of(session, chosen, DateKind.CONDITION, wanted)


def _is_replaced() -> ColumnElement[bool]:
    """Say whether a later approval says anew what it depends on."""
    newer, review = aliased(Decision), aliased(Review)
    return exists().where(
        review.vendor_id == Condition.vendor_id,
        newer.review_id == review.id,
        newer.decided_at > Decision.decided_at,
        newer.outcome.in_((Outcome.APPROVED, Outcome.APPROVED_WITH_CONDITIONS)),
    )
