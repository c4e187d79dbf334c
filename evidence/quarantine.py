"""A file in which a virus was found on its way in: kept encrypted, opened for nobody."""

from datetime import datetime

from sqlalchemy.orm import Session

from audit.actions import Action, ActorKind
from audit.commands import record
from evidence.letters import virus_was_found
from evidence.models import Evidence
from evidence.queries import find_same
from evidence.received import Received, columns_of, discard
from evidence.rules import EvidenceKind, ScanState
from foundation.db import side_write
from identity.rules import Author
from organisation.commands import next_reference
from vendors.rules import Visibility


def quarantine(received: Received, *, by: Author, at: datetime) -> None:
    """Put an infected file on record where nobody can open it, and tell who looks after it.

    The same bytes brought again are noted and not kept twice.
    """
    with side_write() as apart:
        reference = next_reference(apart, "E")
        same = find_same(apart, received.vendor_id, received.sha256)
        is_known = same is not None and same.scan_state is ScanState.INFECTED
        row = same if same is not None and is_known else _row(received, reference, by=by, at=at)
        if not is_known:
            apart.add(row)
            apart.flush()
        _note(apart, row, by=by, at=at)
        virus_was_found(apart, row, at=at)
    if is_known:
        discard(received)


def _row(received: Received, reference: str, *, by: Author, at: datetime) -> Evidence:
    is_theirs = by.actor.kind is ActorKind.VENDOR
    return Evidence(
        **columns_of(received),
        reference=reference,
        title=received.name,
        kind=EvidenceKind.OTHER,
        visibility=Visibility.VENDOR if is_theirs else Visibility.INTERNAL,
        uploaded_by_kind=by.actor.kind,
        uploaded_by_id=by.person_id,
        uploaded_at=at,
    )


def _note(session: Session, row: Evidence, *, by: Author, at: datetime) -> None:
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.EVIDENCE_QUARANTINE,
        subject=("evidence", row.id),
        detail={"vendor": str(row.vendor_id), "sha256": row.sha256.hex(), "size": row.size},
    )
