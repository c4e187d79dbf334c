"""Bringing files that wait before the scanner again, until it has said what they are."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Action
from audit.commands import record
from evidence import scanner
from evidence.commands import open_stored
from evidence.letters import tell_uploader, virus_was_found, was_refused
from evidence.models import Evidence
from evidence.noting import record_tampering
from evidence.rules import SCANNED_LATER, ScanState
from evidence.seals import note_verdict
from evidence.streams import Flow
from foundation import settings
from foundation.columns import spelled
from foundation.crypto import Tampered
from foundation.db import Database
from foundation.errors import Refused

AT_ONCE = 20
"""Files of one round; the next one goes on."""
AGAIN = {
    ScanState.FAILED: timedelta(minutes=1),
    ScanState.TOO_LARGE: timedelta(hours=1),
}
AFTER_TAMPERING = timedelta(days=1)


def scan_waiting(database: Database, at: datetime) -> int:
    """Scan the files that wait, if the scanner is there; return of how many it now knows."""
    address = settings.current().clamd
    if not address:
        return 0
    with database.reading() as session:
        waiting = _waiting(session, at)
    if not waiting or not scanner.answers(address):
        return 0
    n_known = 0
    for evidence_id in waiting:
        said = _scan(database, evidence_id, address, at)
        if said is ScanState.FAILED:
            break  # the scanner is ill: the others need not wait for it, too
        n_known += said is not None
    return n_known


def _waiting(session: Session, at: datetime) -> list[UUID]:
    is_due = or_(Evidence.scan_again_at.is_(None), Evidence.scan_again_at <= at)
    chosen = (
        select(Evidence.id)
        .where(Evidence.erased_at.is_(None), spelled(Evidence.scan_state, *sorted(SCANNED_LATER)))
        .where(is_due)
        .order_by(Evidence.scan_again_at.is_not(None), Evidence.scan_again_at, Evidence.id)
    )
    return list(session.scalars(chosen.limit(AT_ONCE)))


def _scan(database: Database, evidence_id: UUID, address: str, at: datetime) -> ScanState | None:
    """Scan one file and keep what was said; None when there is nothing to say of it."""
    with database.reading() as session:
        row = session.get_one(Evidence, evidence_id)
        session.expunge(row)
    try:
        parts = Flow(open_stored(row))
        said = scanner.scan(parts, address, seconds=scanner.SECONDS_OF_WORKER)
        with database.writing() as session:
            _keep(session, evidence_id, said, at)
    except Tampered as found:
        _refuse(database, evidence_id, found, at)
        return None
    except OSError:
        unread = Tampered(evidence_id, "its bytes cannot be read from the disk")
        _refuse(database, evidence_id, unread, at)
        return None
    except Refused:  # it was erased meanwhile
        return None
    return said


def _keep(session: Session, evidence_id: UUID, said: ScanState, at: datetime) -> None:
    row = session.get_one(Evidence, evidence_id, with_for_update=True)
    if row.erased_at is not None or row.scan_state not in SCANNED_LATER:
        return
    if said in AGAIN:
        row.scan_again_at = at + AGAIN[said]
    if said is row.scan_state or said is ScanState.FAILED:
        return
    note_verdict(row, said)
    record(
        session,
        at=at,
        actor=SYSTEM,
        action=Action.EVIDENCE_SCAN,
        subject=("evidence", row.id),
        detail={"vendor": str(row.vendor_id), "sha256": row.sha256.hex(), "state": said.value},
    )
    if said is ScanState.INFECTED:
        virus_was_found(session, row, at=at)
        tell_uploader(session, row, at=at)


def _refuse(database: Database, evidence_id: UUID, found: Tampered, at: datetime) -> None:
    with database.writing() as session:
        row = session.get_one(Evidence, evidence_id, with_for_update=True)
        row.scan_again_at = at + AFTER_TAMPERING
        record_tampering(session, row, found, actor=SYSTEM, at=at)
        was_refused(session, row, found.what, at=at)
