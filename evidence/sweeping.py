"""Keeping store and database of one mind: what no row names goes, what a row misses is told."""

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Action
from audit.commands import record
from evidence.letters import was_refused
from evidence.models import Evidence
from evidence.noting import record_tampering
from evidence.storage import GRACE, ObjectLost, Swept, store
from foundation.db import Database

log = logging.getLogger("duly.evidence")

MOST_STRANGERS = 100
"""More objects that no row ever named look like the wrong database, and nothing is deleted."""
MOST_TOLD = 5
"""Of a store that is gone whole, so many files are told, and not each of thousands."""


def sweep_store(database: Database, at: datetime) -> Swept:
    """Delete objects that no row has named for a day; tell of rows whose object is not there.

    The bytes of a file that was erased stay for that day too: a backup may be reading them.
    """
    with database.reading() as session:
        named = set(session.scalars(select(Evidence.object_id)))
        kept = set(session.scalars(select(Evidence.object_id).where(_is_kept(at))))
    swept = store().sweep(kept | _held(named, at), now=at)
    with database.writing() as session:
        lost = _lost(session, swept.lost)
        for row in lost[:MOST_TOLD]:
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
        return Swept(swept.deleted, tuple(row.object_id for row in lost))


def _held(named: set[UUID], at: datetime) -> set[UUID]:
    """Return the strangers that stay, because there are too many to be what a crash left."""
    strangers = store().strays(named, before=at - GRACE)
    if len(strangers) <= MOST_STRANGERS:
        return set()
    log.error(
        "%d stored files belong to no record and are left alone: is this the right database?",
        len(strangers),
    )
    return set(strangers)


def _is_kept(at: datetime) -> ColumnElement[bool]:
    return or_(Evidence.erased_at.is_(None), Evidence.erased_at > at - GRACE)


def _lost(session: Session, object_ids: tuple[UUID, ...]) -> list[Evidence]:
    """Return the rows that still miss their object: one encrypted anew meanwhile has another."""
    missing = set(object_ids)
    chosen = select(Evidence).where(Evidence.erased_at.is_(None)).order_by(Evidence.id)
    found = [row for row in session.scalars(chosen) if row.object_id in missing] if missing else []
    return [row for row in found if not store().has(row.object_id)]


def _tell(session: Session, row: Evidence, at: datetime) -> None:
    """Tell of a file that is not there, once a day."""
    lost = ObjectLost(row.object_id)
    if was_refused(session, row, lost.what, at=at):
        record_tampering(session, row, lost, actor=SYSTEM, at=at)
