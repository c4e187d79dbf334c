"""Taking evidence in and giving it back; bytes are handled outside of any transaction."""

from collections.abc import Iterator
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
from evidence.quarantine import quarantine
from evidence.queries import find_same
from evidence.quota import check_room
from evidence.received import Received, columns_of, discard, discarded_if_refused
from evidence.rules import GIVEN_OUT, EvidenceKind, ScanState, default_end
from evidence.seals import ERASED, check_record, label_of
from evidence.sniff import MEDIA_TYPES
from evidence.storage import store
from foundation import settings
from foundation.crypto import Label
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from identity.rules import Author
from organisation.commands import next_reference
from organisation.queries import day_of
from vendors.models import Vendor
from vendors.rules import Visibility

VIRUS = (
    "The selected file contains a virus. It is in quarantine and nobody can open it: bring a "
    "clean copy."
)
SHUT = {
    ScanState.INFECTED: "This file contains a virus. It is in quarantine, and nobody can open it.",
    ScanState.FAILED: "This file was not checked for viruses yet, so nobody can open it. "
    "It is scanned by itself as soon as the scanner answers: try again later.",
    ScanState.LOCKED: "This file is locked with a password, so it can be neither checked nor "
    "opened here. Upload a copy without one.",
    ScanState.TOO_LARGE: "This file is too large for the virus scanner, so nobody can open it. "
    "Upload it in smaller parts.",
}
MERGED = "This vendor was merged into another one meanwhile. Upload the file there."
LONGEST_TITLE = 200


def receive(
    stream: BinaryIO, *, vendor_id: UUID, filename: str, by: Author, at: datetime
) -> Received:
    """Judge, scan, encrypt and store an upload; raises Refused for its uploader.

    Call it while no transaction is open. A virus is kept, encrypted, where nobody can open it.
    What is never put on record is swept after a day.
    """
    judged = judge(stream, filename)
    said = scanner.scan(stream, settings.current().clamd)
    stream.seek(0)
    is_shut = judged.is_locked and said is not ScanState.INFECTED
    label = Label(vendor_id, new_id())
    received = Received(
        evidence_id=label.evidence_id,
        vendor_id=vendor_id,
        name=judged.name,
        media_type=MEDIA_TYPES[judged.file_type],
        scan_state=ScanState.LOCKED if is_shut else said,
        stored=store().put(stream, object_id=new_id(), label=label),
    )
    if said is ScanState.INFECTED:
        quarantine(received, by=by, at=at)
        raise Refused(VIRUS, where="file")
    return received


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
    ends_on = valid_until or (default_end(kind, issued_on) if issued_on else None)
    with discarded_if_refused(received):
        check_dates(issued_on, ends_on, today=day_of(session, at))
        # The counter is locked until the end: of two uploads at once the second sees the first.
        reference = next_reference(session, "E")
        same = find_same(session, vendor_id, received.sha256, visibility=visibility)
        if same is not None:
            _let_go(received, same)
            return same
        check_room(session, vendor_id, received.stored.size)
    row = Evidence(
        **columns_of(received),
        reference=reference,
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
    _note(session, row, by=by, at=at)
    session.flush()
    return row


def open_content(row: Evidence) -> Iterator[bytes]:
    """Give a file's bytes to somebody; raises Tampered when it is not what was put on record.

    Raises Refused for a file that nobody may have: erased, in quarantine, not scanned yet.
    """
    if row.erased_at is None and row.scan_state not in GIVEN_OUT:
        raise Refused(SHUT[row.scan_state])
    return open_stored(row)


def open_stored(row: Evidence) -> Iterator[bytes]:
    """Give a file's bytes to ourselves, whatever the scanner said; raises Tampered or Refused."""
    if row.erased_at is not None:
        raise Refused(ERASED)
    key = check_record(row)
    return store().open(row.object_id, label=label_of(row), key=key)


def _let_go(received: Received, same: Evidence) -> None:
    """Remove bytes that are on record already, unless it is these that are."""
    if same.object_id != received.stored.object_id:
        discard(received)


def _note(session: Session, row: Evidence, *, by: Author, at: datetime) -> None:
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.EVIDENCE_ADD,
        subject=("evidence", row.id),
        detail={
            "vendor": str(row.vendor_id),
            "sha256": row.sha256.hex(),
            "size": row.size,
            "kind": row.kind.value,
            "scan": row.scan_state.value,
        },
    )


def _refuse_merged(session: Session, vendor_id: UUID) -> None:
    """Let one file after another onto a vendor's record, and none once it was merged away.

    The bytes came while no transaction was open: meanwhile anything may have happened to it.
    """
    chosen = select(Vendor.merged_into_id).where(Vendor.id == vendor_id)
    if session.scalars(chosen.with_for_update(key_share=True)).one() is not None:
        raise Conflict(MERGED)
