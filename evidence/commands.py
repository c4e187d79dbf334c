"""Taking evidence in and giving it back; bytes are handled outside of any transaction."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from evidence import scanner
from evidence.dates import check_dates
from evidence.intake import judge
from evidence.models import Evidence
from evidence.queries import find_same
from evidence.rules import EvidenceKind, ScanState, default_end
from evidence.sniff import MEDIA_TYPES
from evidence.storage import EvidenceStore, Stored
from foundation import crypto, settings
from foundation.crypto import Label, Tampered, WrappedKey
from foundation.db import side_write
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from identity.rules import Author
from organisation.commands import next_reference
from vendors.models import Vendor
from vendors.rules import Visibility

VIRUS = "The selected file contains a virus."
ERASED = "This file was erased. Only its record is left."
WAITING = "This file was not checked for viruses yet, so nobody can open it. Try again later."
MERGED = "This vendor was merged into another one meanwhile. Upload the file there."
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Received:
    """A file that lies encrypted in the store and is not on record yet."""

    evidence_id: UUID
    vendor_id: UUID
    name: str
    media_type: str
    scan_state: ScanState
    stored: Stored

    @property
    def sha256(self) -> bytes:
        """The hash of what was uploaded."""
        return self.stored.sha256


def receive(
    stream: BinaryIO, *, vendor_id: UUID, filename: str, by: Author, at: datetime
) -> Received:
    """Judge, scan, encrypt and store an upload; raises Refused for its uploader.

    Call it while no transaction is open. What is never put on record is swept after a day.
    """
    judged = judge(stream, filename)
    scan_state = scanner.scan(stream, settings.current().clamd)
    stream.seek(0)
    if scan_state is ScanState.INFECTED:
        _quarantine(vendor_id, judged.size, by=by, at=at)
        raise Refused(VIRUS, where="file")
    label = Label(vendor_id, new_id())
    return Received(
        evidence_id=label.evidence_id,
        vendor_id=vendor_id,
        name=judged.name,
        media_type=MEDIA_TYPES[judged.file_type],
        scan_state=scan_state,
        stored=store().put(stream, object_id=new_id(), label=label),
    )


def discard(received: Received) -> None:
    """Remove a received file that will not be put on record; call it outside a transaction."""
    store().delete(received.stored.object_id)


def put_on_record(  # noqa: PLR0913  every fact of a file is named
    session: Session,
    received: Received,
    *,
    vendor_id: UUID,
    title: str,
    kind: EvidenceKind,
    issued_on: date | None,
    valid_until: date | None,
    visibility: Visibility,
    by: Author,
    at: datetime,
) -> Evidence:
    """Record a received file; the same bytes again give the file that is on record already."""
    if received.vendor_id != vendor_id:
        raise LookupError("The file was received for another vendor.")
    _refuse_merged(session, vendor_id)
    same = find_same(session, vendor_id, received.sha256, visibility=visibility)
    if same is not None:
        return same
    ends_on = valid_until or (default_end(kind, issued_on) if issued_on else None)
    check_dates(issued_on, ends_on, today=at.date())
    row = Evidence(
        **_of_received(received),
        reference=next_reference(session, "E"),
        vendor_id=vendor_id,
        title=(title.strip() or received.name)[:LONGEST_TITLE],
        kind=kind,
        issued_on=issued_on,
        valid_from=issued_on,
        valid_until=ends_on,
        visibility=visibility,
        uploaded_by_kind=by.actor.kind,
        uploaded_by_id=by.person_id,
        uploaded_at=at,
    )
    session.add(row)
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.EVIDENCE_ADD,
        subject=("evidence", row.id),
        detail={
            "vendor": str(vendor_id),
            "sha256": received.sha256.hex(),
            "size": row.size,
            "kind": kind.value,
            "scan": row.scan_state.value,
        },
    )
    session.flush()
    return row


def _refuse_merged(session: Session, vendor_id: UUID) -> None:
    """Let one file after another onto a vendor's record, and none once it was merged away.

    The bytes came while no transaction was open: meanwhile anything may have happened to it.
    """
    chosen = select(Vendor.merged_into_id).where(Vendor.id == vendor_id)
    if session.scalars(chosen.with_for_update(key_share=True)).one() is not None:
        raise Conflict(MERGED)


def open_content(row: Evidence) -> Iterator[bytes]:
    """Give a file's bytes; raises Tampered when row or object is not what was put on record."""
    if row.erased_at is not None or row.wrapped_dek is None:
        raise Refused(ERASED)
    if row.scan_state not in {ScanState.CLEAN, ScanState.NOT_SCANNED}:
        raise Refused(WAITING if row.scan_state is ScanState.FAILED else VIRUS)
    key = check_record(row)
    sealed_for = Label(row.sealed_for_id or row.vendor_id, row.id)
    return store().open(row.object_id, label=sealed_for, key=key)


def check_record(row: Evidence) -> WrappedKey:
    """Return a file's closed key; raises Tampered when its row was changed behind our back."""
    if row.wrapped_dek is None:
        raise Refused(ERASED)
    key = WrappedKey(row.kek_id, row.wrapped_dek)
    if not hmac.compare_digest(_mac(row, key), row.row_mac):
        raise Tampered(row.id, "its record was changed")
    return key


def give_to(row: Evidence, vendor_id: UUID) -> None:
    """Put a file under another vendor; raises Tampered when its row was changed.

    The bytes stay encrypted for the vendor they came from, which the row remembers; the row itself
    is authenticated anew, so that nobody else can move it.
    """
    key = check_record(row) if row.wrapped_dek is not None else None
    row.sealed_for_id = row.sealed_for_id or row.vendor_id
    row.vendor_id = vendor_id
    if key is not None:
        row.row_mac = _mac(row, key)


def rewrap(row: Evidence) -> None:
    """Close a file's key under the current key of the ring; raises Tampered for a changed row."""
    label = Label(row.sealed_for_id or row.vendor_id, row.id)
    key = crypto.rewrap(check_record(row), label)
    row.kek_id, row.wrapped_dek = key.kek_id, key.blob
    row.row_mac = _mac(row, key)


def _mac(row: Evidence, key: WrappedKey) -> bytes:
    label, state = Label(row.vendor_id, row.id), row.scan_state.value
    return crypto.row_mac(key, label, sha256=row.sha256, size=row.size, state=state)


def note_download(row: Evidence, *, by: Author, at: datetime) -> None:
    """Write into the ledger, at once, that somebody takes a copy."""
    _note(row, Action.EVIDENCE_DOWNLOAD, by=by, at=at, detail={"sha256": row.sha256.hex()})


def note_tampering(row: Evidence, found: Tampered, *, by: Author, at: datetime) -> None:
    """Write into the ledger, at once, that a stored file was refused."""
    _note(row, Action.EVIDENCE_TAMPERED, by=by, at=at, detail={"found": str(found)})


def store() -> EvidenceStore:
    """Return the store of this installation."""
    return EvidenceStore(settings.current().evidence_dir)


def _of_received(received: Received) -> dict[str, object]:
    stored, state = received.stored, received.scan_state
    label = Label(received.vendor_id, received.evidence_id)
    return {
        "id": received.evidence_id,
        "object_id": stored.object_id,
        "original_name": received.name,
        "media_type": received.media_type,
        "size": stored.size,
        "sha256": stored.sha256,
        "kek_id": stored.key.kek_id,
        "wrapped_dek": stored.key.blob,
        "row_mac": crypto.row_mac(
            stored.key, label, sha256=stored.sha256, size=stored.size, state=state.value
        ),
        "scan_state": state,
    }


def _quarantine(vendor_id: UUID, size: int, *, by: Author, at: datetime) -> None:
    with side_write() as apart:
        record(
            apart,
            at=at,
            actor=by.actor,
            action=Action.EVIDENCE_QUARANTINE,
            subject=("vendor", vendor_id),
            detail={"size": size},
        )


def _note(
    row: Evidence, action: Action, *, by: Author, at: datetime, detail: dict[str, object]
) -> None:
    with side_write() as apart:
        record(
            apart, at=at, actor=by.actor, action=action, subject=("evidence", row.id), detail=detail
        )
