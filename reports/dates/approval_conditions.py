"""Days by which conditions of approvals must be met."""

from collections.abc import Iterable

from sqlalchemy import func
from sqlalchemy.orm import Session

from identity.models import Person
from reminders.standing import is_condition_open
from reports.dates.row import DateKind, DateRow, Wanted
from reports.dates.selecting import of_vendors, rows_of, within
from reviews.decision_models import Condition, Decision
from reviews.models import Review
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
            is_condition_open(),
        )
        .order_by(Condition.due_on, Condition.id)
    )
    return rows_of(session, chosen, DateKind.CONDITION, wanted)
