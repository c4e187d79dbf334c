"""What is written down at once, whatever becomes of the request: a copy taken, a file refused."""

from datetime import datetime

from sqlalchemy.orm import Session

from audit.actions import Action, Actor
from audit.commands import record
from evidence.letters import was_refused
from evidence.models import Evidence
from foundation.crypto import Tampered
from foundation.db import side_write
from identity.rules import Author


def note_download(row: Evidence, *, by: Author, at: datetime) -> None:
    """Write into the ledger, at once, that somebody takes a copy."""
    with side_write() as apart:
        record(
            apart,
            at=at,
            actor=by.actor,
            action=Action.EVIDENCE_DOWNLOAD,
            subject=("evidence", row.id),
            detail={"sha256": row.sha256.hex()},
        )


def note_tampering(row: Evidence, found: Tampered, *, by: Author, at: datetime) -> None:
    """Write into the ledger, at once, that a stored file was refused, and tell administrators."""
    with side_write() as apart:
        record_tampering(apart, row, found, actor=by.actor, at=at)
        was_refused(apart, row, found.what, at=at)


def record_tampering(
    session: Session, row: Evidence, found: Tampered, *, actor: Actor, at: datetime
) -> None:
    """Write into the ledger that a stored file was refused, and what was found."""
    record(
        session,
        at=at,
        actor=actor,
        action=Action.EVIDENCE_TAMPERED,
        subject=("evidence", row.id),
        detail={"found": str(found)},
    )
