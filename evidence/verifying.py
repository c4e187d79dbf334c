"""Proving the store: every file on record opens, and is what was put on record."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.models import Entry
from evidence.commands import open_stored
from evidence.models import Evidence
from evidence.storage import GRACE, ObjectLost, store
from foundation.crypto import Tampered
from foundation.db import Database
from foundation.errors import Refused

AT_ONCE = 500
CHANGED = "its bytes are not those that were put on record"
OTHER_THAN_THE_LEDGER = "the ledger remembers another fingerprint"


@dataclass(slots=True)
class Proven:
    """What was found. `refused` and `lost` are pairs of a reference and what is wrong."""

    checked: int = 0
    size: int = 0
    erased: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)
    strays: int = 0
    """Objects that no row has named for longer than the sweep needs."""

    @property
    def is_whole(self) -> bool:
        """Whether every file is there and is what it was, and nothing else is there."""
        return not (self.refused or self.lost or self.strays)


def prove(database: Database, at: datetime) -> Proven:
    """Read every stored file whole, and look for objects without a row. Changes nothing."""
    found, after = Proven(), None
    with database.reading() as session:
        told = _told(session)
    while rows := _rows(database, after):
        for row in rows:
            _prove(row, told.get(row.id, ""), found)
        after = rows[-1].id
    with database.reading() as session:
        kept = set(session.scalars(select(Evidence.object_id)))
    # Two graces: the sweep comes once in a while, and only then takes what is old enough.
    found.strays = len(store().strays(kept, before=at - 2 * GRACE))
    return found


def _told(session: Session) -> dict[UUID, str]:
    """Return the fingerprints that the ledger remembers of every file."""
    adding = (Action.EVIDENCE_ADD.value, Action.EVIDENCE_QUARANTINE.value)
    chosen = select(Entry.subject_id, Entry.chained).where(Entry.action.in_(adding))
    return {each: str(detail.get("sha256", "")) for each, detail in session.execute(chosen)}


def _rows(database: Database, after: UUID | None) -> list[Evidence]:
    chosen = select(Evidence).order_by(Evidence.id).limit(AT_ONCE)
    with database.reading() as session:
        rows = session.scalars(chosen if after is None else chosen.where(Evidence.id > after)).all()
        session.expunge_all()
        return list(rows)


def _prove(row: Evidence, told: str, found: Proven) -> None:
    if row.erased_at is not None:
        found.erased += 1
        return
    found.checked += 1
    try:
        found.size += _read(row, told)
    except ObjectLost as lost:
        found.lost.append((row.reference, lost.what))
    except Tampered as tampered:
        found.refused.append((row.reference, tampered.what))
    except Refused as refused:
        found.refused.append((row.reference, str(refused)))


def _read(row: Evidence, told: str) -> int:
    """Return how many bytes a file has; raises Tampered when they are not what was recorded."""
    if told and told != row.sha256.hex():
        raise Tampered(row.id, OTHER_THAN_THE_LEDGER)
    hashed, size = hashlib.sha256(), 0
    for part in open_stored(row):
        hashed.update(part)
        size += len(part)
    if (hashed.digest(), size) != (row.sha256, row.size):
        raise Tampered(row.id, CHANGED)
    return size
