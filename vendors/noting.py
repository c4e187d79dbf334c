"""What every change of a vendor writes into the ledger."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from identity.rules import Author


def note_vendor(
    session: Session,
    action: Action,
    vendor_id: UUID,
    *,
    by: Author,
    at: datetime,
    **detail: object,
) -> None:
    """Note what happened to a vendor, or to something of it that is told under its name."""
    record(
        session,
        at=at,
        actor=by.actor,
        action=action,
        subject=("vendor", vendor_id),
        detail=detail,
    )
