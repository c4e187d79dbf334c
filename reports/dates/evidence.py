"""Days on which proof ends."""

from collections.abc import Iterable

from sqlalchemy import exists, or_
from sqlalchemy.orm import Session, aliased

from evidence.models import Evidence
from reports.dates.row import DateKind, DateRow, Wanted
from reports.dates.selecting import OVER, of_vendors, rows_of, within
from vendors.models import Vendor


def proof(session: Session, wanted: Wanted) -> Iterable[DateRow]:
    """Yield files that end and that no newer file has taken the place of."""
    newer = aliased(Evidence)
    is_replaced = exists().where(
        newer.vendor_id == Evidence.vendor_id,
        newer.erased_at.is_(None),
        newer.id != Evidence.id,
        or_(
            newer.supersedes_id == Evidence.id,
            (newer.kind == Evidence.kind) & (newer.valid_until > Evidence.valid_until),
        ),
    )
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
            Evidence.erased_at.is_(None),
            Vendor.state.not_in(OVER),
            ~is_replaced,
        )
        .order_by(Evidence.valid_until, Evidence.id)
    )
    return rows_of(session, chosen, DateKind.EVIDENCE, wanted)
