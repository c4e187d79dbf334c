"""Erasing a file: its key is destroyed, so that its bytes are noise; the record stays."""

from datetime import datetime

from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from evidence.models import Evidence
from foundation.errors import Refused
from identity.rules import Author

HELD = "This file is held for a legal matter and cannot be erased."


def erase(session: Session, row: Evidence, *, by: Author, at: datetime) -> None:
    """Destroy the key of a file, once. Raises Refused for one that is under legal hold."""
    if row.legal_hold:
        raise Refused(HELD)
    if row.erased_at is not None:
        return
    row.erased_at, row.wrapped_dek = at, None
    session.flush()
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.EVIDENCE_ERASE,
        subject=("evidence", row.id),
        detail={"vendor": str(row.vendor_id), "sha256": row.sha256.hex()},
    )
