"""Days by which findings must be mended."""

from collections.abc import Iterable

from sqlalchemy import or_
from sqlalchemy.orm import Session

from identity.models import Person
from reminders.standing import is_finding_open
from reports.dates.row import DateKind, DateRow, Wanted
from reports.dates.selecting import of_vendors, rows_of, within
from reviews.finding_queries import is_to_mend
from reviews.models import Finding
from reviews.rules import FindingState
from vendors.models import Vendor


def findings(session: Session, wanted: Wanted) -> Iterable[DateRow]:
    """Yield findings that are not closed or accepted; mended ones only as work."""
    is_mended = (Finding.state == FindingState.FIXED) & is_to_mend()
    is_due = within(wanted, Finding.due_on, Finding.id) & is_finding_open()
    chosen = (
        of_vendors(
            wanted,
            Finding.id.label("about"),
            Finding.due_on.label("on"),
            Finding.reference,
            Finding.title.label("detail"),
            Finding.owner_id,
            Finding.raised_by_id.label("also_id"),
            Person.name.label("holder"),
            Finding.severity.label("word"),
            is_mended.label("is_mended"),
            Finding.raised_at.label("made_at"),
            owners=(Finding.owner_id, Finding.raised_by_id),
        )
        .select_from(Vendor)
        .join(Finding, Finding.vendor_id == Vendor.id)
        .join(Person, Person.id == Finding.owner_id)
        .where(or_(is_due, is_mended) if wanted.is_work else is_due)
        .order_by(Finding.due_on, Finding.id)
    )
    return rows_of(session, chosen, DateKind.FINDING, wanted)
