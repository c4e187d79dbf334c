"""What is written down at once, whatever becomes of the request: a copy taken, a file refused."""

from datetime import datetime

from audit.actions import Action
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
        record(
            apart,
            at=at,
            actor=by.actor,
            action=Action.EVIDENCE_TAMPERED,
            subject=("evidence", row.id),
            detail={"found": str(found)},
        )
        was_refused(apart, row, found.what, at=at)
