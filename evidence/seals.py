"""What ties a file's row together: its owner, hash, size, key and scan state are authenticated."""

import hmac
from uuid import UUID

from evidence.models import Evidence
from evidence.rules import ScanState
from evidence.storage import Stored
from foundation import crypto, keyring
from foundation.crypto import Label, Tampered, WrappedKey
from foundation.errors import Refused

ERASED = "This file was erased. Only its record is left."


def label_of(row: Evidence) -> Label:
    """Return what a file's bytes were encrypted for: vendor it came from, id, version."""
    return Label(row.sealed_for_id or row.vendor_id, row.id, row.sealed_version)


def check_record(row: Evidence) -> WrappedKey:
    """Return a file's closed key; raises Tampered when its row was changed behind our back."""
    if row.wrapped_dek is None:
        raise Refused(ERASED)
    key = WrappedKey(row.kek_id, row.wrapped_dek)
    if row.kek_id not in keyring.current().keys:
        raise Tampered(row.id, "it names a key that is not in the key file")
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
    key = crypto.rewrap(check_record(row), label_of(row))
    row.kek_id, row.wrapped_dek = key.kek_id, key.blob
    row.row_mac = _mac(row, key)


def note_verdict(row: Evidence, state: ScanState) -> None:
    """Keep what the scanner said later on; raises Tampered when the row was changed."""
    key = check_record(row)
    row.scan_state = state
    row.row_mac = _mac(row, key)


def switch(row: Evidence, stored: Stored, version: int) -> None:
    """Let a row name its bytes encrypted anew; raises Tampered when the row was changed."""
    check_record(row)
    row.object_id, row.sealed_version = stored.object_id, version
    row.kek_id, row.wrapped_dek = stored.key.kek_id, stored.key.blob
    row.sealed_under = stored.key.kek_id
    row.row_mac = _mac(row, stored.key)


def _mac(row: Evidence, key: WrappedKey) -> bytes:
    label = Label(row.vendor_id, row.id, row.sealed_version)
    return crypto.row_mac(key, label, sha256=row.sha256, size=row.size, state=row.scan_state.value)
