"""Erasing a file: its key is destroyed, so that its bytes are noise; the record stays."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from evidence.commands import store
from evidence.holds import held_files
from evidence.models import Evidence
from foundation.errors import Refused
from identity.rules import Author

HELD = "This file is held for a legal matter and cannot be erased."


def erase(session: Session, row: Evidence, *, by: Author, at: datetime) -> None:
    """Destroy the key of a file, once. Raises Refused for one that is under legal hold."""
    if held_files(session, [row.id]):
        raise Refused(HELD)
    if row.erased_at is not None:
        return
    row.erased_at, row.wrapped_dek = at, None
    session.flush()
    delete_after_commit(session, [row.object_id])
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.EVIDENCE_ERASE,
        subject=("evidence", row.id),
        detail={"vendor": str(row.vendor_id), "sha256": row.sha256.hex()},
    )


def delete_after_commit(session: Session, object_ids: Iterable[UUID]) -> None:
    """Delete stored bytes once what is done here is committed; rolled back, they stay.

    Without its key an object is noise already: one that a crash leaves behind tells nothing.
    """
    doomed = tuple(object_ids)

    @event.listens_for(session, "after_commit", once=True)
    def _delete(committed: Session) -> None:
        del committed
        for object_id in doomed:
            store().delete(object_id)
