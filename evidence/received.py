"""A file that came in: it lies encrypted in the store and is not on record yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from evidence.rules import ScanState
from evidence.storage import Stored, store
from foundation import crypto
from foundation.crypto import Label
from foundation.errors import Refused


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


def discard(received: Received) -> None:
    """Remove a received file that will not be put on record; call it outside a transaction."""
    store().delete(received.stored.object_id)


@contextmanager
def discarded_if_refused(received: Received) -> Iterator[None]:
    """Leave nothing in the store of a file that is refused on its way onto the record."""
    try:
        yield
    except Refused:
        discard(received)
        raise


def columns_of(received: Received) -> dict[str, object]:
    """Return the columns of a row that say what lies in the store."""
    stored, state = received.stored, received.scan_state
    label = Label(received.vendor_id, received.evidence_id)
    return {
        "id": received.evidence_id,
        "vendor_id": received.vendor_id,
        "object_id": stored.object_id,
        "sealed_version": label.version,
        "sealed_under": stored.key.kek_id,
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
