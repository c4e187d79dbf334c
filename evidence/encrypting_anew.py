"""Encrypting stored files anew, each under a key of its own that nobody has seen before.

A re-wrap closes the same keys under another one; whoever once had them has them still. This makes
new ones: first the new object, then its row, then the old object goes. Stopped anywhere, even by
force, it is simply run again; what was left over no row names, and the sweep takes it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Action
from audit.commands import record
from evidence.commands import open_stored
from evidence.models import Evidence
from evidence.seals import label_of, switch
from evidence.storage import Stored, store
from evidence.streams import Flow
from foundation import keyring
from foundation.crypto import Label, Tampered
from foundation.db import Database
from foundation.errors import Refused
from foundation.failpoints import failpoint
from foundation.ids import new_id

AT_ONCE = 100


@dataclass(slots=True)
class Renewed:
    """How many files have new keys, and which ones were refused."""

    files: int = 0
    refused: list[str] = field(default_factory=list)


def encrypt_anew(database: Database, at: datetime) -> Renewed:
    """Encrypt every file anew whose key was made under an older key of the ring."""
    done, after = Renewed(), None
    while True:
        with database.reading() as session:
            chosen = _older(session, after)
        if not chosen:
            return done
        for evidence_id in chosen:
            if _is_still_older(database, evidence_id):
                renew(database, evidence_id, done, at)
        after = chosen[-1]


def _is_older() -> ColumnElement[bool]:
    current = keyring.current().current_id
    return and_(Evidence.erased_at.is_(None), Evidence.sealed_under != current)


def _older(session: Session, after: UUID | None) -> list[UUID]:
    chosen = select(Evidence.id).where(_is_older()).order_by(Evidence.id).limit(AT_ONCE)
    if after is not None:
        chosen = chosen.where(Evidence.id > after)
    return list(session.scalars(chosen))


def _is_still_older(database: Database, evidence_id: UUID) -> bool:
    """Say whether nobody else was faster."""
    with database.reading() as session:
        chosen = select(Evidence.id).where(Evidence.id == evidence_id, _is_older())
        return session.scalars(chosen).first() is not None


def renew(database: Database, evidence_id: UUID, done: Renewed, at: datetime) -> None:
    """Encrypt one file anew, and note in `done` what became of it."""
    with database.reading() as session:
        row = session.get_one(Evidence, evidence_id)
        session.expunge(row)
    try:
        label = _next_label(row)
        stored = _copied(row, label)
        failpoint("evidence.after_copy")
        with database.writing() as session:
            is_ours = _switch(session, row, stored, label, at)
    except Tampered as found:
        done.refused.append(f"{row.reference}: {found.what}")
        return
    except Refused:  # it was erased meanwhile
        return
    failpoint("evidence.after_switch")
    store().delete(row.object_id if is_ours else stored.object_id)
    done.files += is_ours


def _next_label(row: Evidence) -> Label:
    label = label_of(row)
    return Label(label.vendor_id, label.evidence_id, label.version + 1)


def _copied(row: Evidence, label: Label) -> Stored:
    """Store the bytes a second time under a new key; raises Tampered when they are not the same."""
    stored = store().put(Flow(open_stored(row)), object_id=new_id(), label=label)
    if (stored.sha256, stored.size) != (row.sha256, row.size):
        store().delete(stored.object_id)
        raise Tampered(row.object_id, "its bytes are not those that were put on record")
    return stored


def _switch(session: Session, known: Evidence, stored: Stored, label: Label, at: datetime) -> bool:
    """Let the row name the new bytes; False when somebody else was faster."""
    row = session.get_one(Evidence, known.id, with_for_update=True)
    if row.erased_at is not None or row.object_id != known.object_id:
        return False
    switch(row, stored, label.version)
    record(
        session,
        at=at,
        actor=SYSTEM,
        action=Action.EVIDENCE_REENCRYPT,
        subject=("evidence", row.id),
        detail={"sha256": row.sha256.hex(), "version": label.version},
    )
    return True
