"""All evidence on record in one hash, so that a row changed or taken away is noticed."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit import merkle
from audit.actions import Action
from audit.models import Entry
from evidence.models import Evidence


def evidence_until(session: Session, seq: int) -> Iterator[tuple[UUID, bytes, int]]:
    """Yield id, SHA-256 and entry of the files put on record up to an entry, in their order.

    The entry decides and no clock: it was sealed in the transaction that stored the row.
    """
    chosen = (
        select(Evidence.id, Evidence.sha256, func.min(Entry.seq))
        .join(Entry, (Entry.subject_kind == "evidence") & (Entry.subject_id == Evidence.id))
        .where(Entry.action == Action.EVIDENCE_ADD.value, Entry.seq <= seq)
        .group_by(Evidence.id, Evidence.sha256)
        .order_by(func.min(Entry.seq), Evidence.id)
    )
    for evidence_id, sha256, entry in session.execute(chosen):
        yield evidence_id, bytes(sha256), entry


def evidence_root(session: Session, seq: int) -> str:
    """Return the Merkle root over the files put on record up to an entry, in hex."""
    return merkle.root([key.bytes + sha for key, sha, _ in evidence_until(session, seq)]).hex()
