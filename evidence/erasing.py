"""Erasing a file: its key is destroyed, so that its bytes are noise; the record stays."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session

from audit.actions import Action, Actor
from audit.commands import record
from evidence.holds import held_files
from evidence.models import Evidence
from evidence.storage import store
from foundation import clock
from foundation.errors import Refused

HELD = "This file is held for a legal matter and cannot be erased."


def crypto_erase(session: Session, evidence: Evidence, by: Actor, reason: str) -> None:
    """Destroy the key of a file, once; the ledger keeps the reason and the fingerprint.

    The bytes left behind open with nothing, and the worker sweeps them away a day later: a backup
    may be reading them. Raises Refused for a file that is under legal hold.
    """
    if held_files(session, [evidence.id]):
        raise Refused(HELD)
    if evidence.erased_at is not None:
        return
    at = clock.now()
    evidence.erased_at, evidence.wrapped_dek = at, None
    session.flush()
    record(
        session,
        at=at,
        actor=by,
        action=Action.EVIDENCE_ERASE,
        subject=("evidence", evidence.id),
        detail={
            "vendor": str(evidence.vendor_id),
            "sha256": evidence.sha256.hex(),
            "reason": reason,
        },
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
