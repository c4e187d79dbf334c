"""Days on which PCI responsibility matrices stop to hold."""

from collections.abc import Iterable

from sqlalchemy import literal
from sqlalchemy.orm import Session

from contracts.matrix_models import ResponsibilityMatrix
from reminders.due_queries import MATRIX
from reminders.standing import is_matrix_needed
from reports.dates.row import DateKind, DateRow, Wanted
from reports.dates.selecting import of_vendors, rows_of, within
from vendors.models import Vendor


def matrices(session: Session, wanted: Wanted) -> Iterable[DateRow]:
    """Yield matrices that were agreed, of vendors whose services touch card data."""
    chosen = (
        of_vendors(
            wanted,
            ResponsibilityMatrix.id.label("about"),
            ResponsibilityMatrix.valid_until.label("on"),
            Vendor.reference,
            literal(MATRIX).label("detail"),
            ResponsibilityMatrix.changed_at.label("made_at"),
            ResponsibilityMatrix.times_moved,
            ResponsibilityMatrix.moved_at,
        )
        .join(ResponsibilityMatrix, ResponsibilityMatrix.vendor_id == Vendor.id)
        .where(
            within(wanted, ResponsibilityMatrix.valid_until, ResponsibilityMatrix.id),
            is_matrix_needed(),
        )
        .order_by(ResponsibilityMatrix.valid_until, ResponsibilityMatrix.id)
    )
    return rows_of(session, chosen, DateKind.MATRIX, wanted)
