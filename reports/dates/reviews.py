"""Days on which vendors are to be looked at again."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from identity.models import Person
from reminders.standing import has_open_review, is_asked, is_in_use
from reports.dates.row import DateKind, DateRow, Wanted
from reports.dates.selecting import of_vendors, rows_of, within
from vendors.models import Vendor


def reviews(session: Session, wanted: Wanted) -> Iterable[DateRow]:
    """Yield vendors in use with the day of their next review."""
    chosen = (
        of_vendors(
            wanted,
            Vendor.id.label("about"),
            Vendor.next_review_on.label("on"),
            Vendor.reference,
            Vendor.purpose.label("detail"),
            Person.name.label("holder"),
            Vendor.created_at.label("made_at"),
            Vendor.times_moved,
            Vendor.moved_at,
        )
        .select_from(Vendor)
        .join(Person, Person.id == Vendor.owner_id)
        .where(within(wanted, Vendor.next_review_on, Vendor.id), is_in_use())
        .order_by(Vendor.next_review_on, Vendor.id)
    )
    if wanted.is_work:
        chosen = chosen.where(~has_open_review(), ~is_asked())
    return rows_of(session, chosen, DateKind.REVIEW, wanted)
