"""Keeping store and database of one mind: what no row names goes, what a row misses is told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Action
from audit.commands import record
from evidence.letters import was_refused
from evidence.models import Evidence
from evidence.storage import GRACE, ObjectLost, Swept, store
from foundation.db import Database


def sweep_store(database: Database, at: datetime) -> Swept:
    """Delete objects that no row has named for a day; tell of rows whose object is not there.

    The bytes of a file that was erased stay for that day too: a backup may be reading them.
    """
    with database.reading() as session:
        known = set(session.scalars(_kept(at)).all())
    swept = store().sweep(known, now=at)
    with database.writing() as session:
        lost = tuple(sorted(row.object_id for row in _lost(session, swept.lost)))
        for row in _lost(session, swept.lost):
            _tell(session, row, at)
        if swept.deleted:
            record(
                session,
                at=at,
                actor=SYSTEM,
                action=Action.EVIDENCE_SWEEP,
                subject=("installation", UUID(int=0)),
                detail={"files": len(swept.deleted)},
            )
    return Swept(swept.deleted, lost)


def _kept(at: datetime) -> Select[UUID]:
    return select(Evidence.object_id).where(
        or_(Evidence.erased_at.is_(None), Evidence.erased_at > at - GRACE)
    )


def _lost(session: Session, object_ids: tuple[UUID, ...]) -> list[Evidence]:
    """Return the rows that still miss their object: one encrypted anew meanwhile has another."""
    chosen = select(Evidence).where(
        Evidence.object_id.in_(object_ids), Evidence.erased_at.is_(None)
    )
    return [row for row in session.scalars(chosen) if not store().has(row.object_id)]


def _tell(session: Session, row: Evidence, at: datetime) -> None:
    lost = ObjectLost(row.object_id)
    record(
        session,
        at=at,
        actor=SYSTEM,
        action=Action.EVIDENCE_TAMPERED,
        subject=("evidence", row.id),
        detail={"found": str(lost)},
    )
    was_refused(session, row, lost.what, at=at)
