"""Days on which proof ends."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from evidence.models import Evidence
from reminders.standing import is_proof_needed
from reports.dates.row import DateKind, DateRow, Wanted
from reports.dates.selecting import of_vendors, rows_of, within
from vendors.models import Vendor


def proof(session: Session, wanted: Wanted) -> Iterable[DateRow]:
    """Yield files that prove something today, end, and have no newer one in their place."""
    chosen = (
        of_vendors(
            wanted,
            Evidence.id.label("about"),
            Evidence.valid_until.label("on"),
            Evidence.reference,
            Evidence.title.label("detail"),
            Evidence.uploaded_at.label("made_at"),
        )
        .join(Evidence, Evidence.vendor_id == Vendor.id)
        .where(
            within(wanted, Evidence.valid_until, Evidence.id),
            is_proof_needed(),
        )
        .order_by(Evidence.valid_until, Evidence.id)
    )
    return rows_of(session, chosen, DateKind.EVIDENCE, wanted)
