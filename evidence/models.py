"""The table of evidence."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from audit.actions import ActorKind
from evidence.rules import EvidenceKind, ScanState
from foundation.columns import Id, by_value
from foundation.db import Model, Versioned
from vendors.rules import Visibility

_WAITS = "erased_at IS NULL AND scan_state IN ('failed', 'not_scanned', 'too_large')"


class Evidence(Versioned, Model):
    """A file a vendor or we put on record; its bytes lie encrypted under a random id."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size_is_not_negative"),
        CheckConstraint(
            "valid_from IS NULL OR valid_until IS NULL OR valid_from <= valid_until",
            name="validity_runs_forward",
        ),
        # Crypto-erased: without its key the object is noise.
        CheckConstraint(
            "(erased_at IS NULL) = (wrapped_dek IS NOT NULL)", name="erased_has_no_key"
        ),
        Index("ix_evidence_vendor", "vendor_id", "uploaded_at"),
        Index(
            "ix_evidence_valid_until",
            "valid_until",
            sqlite_where=text("erased_at IS NULL"),
            postgresql_where=text("erased_at IS NULL"),
        ),
        Index(
            "ix_evidence_scan",
            "scan_again_at",
            sqlite_where=text(_WAITS),
            postgresql_where=text(_WAITS),
        ),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(unique=True)
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"))
    sealed_for_id: Mapped[UUID | None]
    """The vendor its bytes were encrypted for, when a merge gave the file to another one."""
    object_id: Mapped[UUID] = mapped_column(unique=True)
    """The name in the store; a re-encryption writes a new one."""
    sealed_version: Mapped[int] = mapped_column(default=1)
    """How often its bytes were encrypted, each time with a key of their own."""
    sealed_under: Mapped[str] = mapped_column(default="")
    """The key of the ring that was current when its own key was made; a re-wrap leaves it.

    Empty where nobody knows: it counts as older than all of them.
    """
    title: Mapped[str]
    kind: Mapped[EvidenceKind] = mapped_column(by_value(EvidenceKind, name="kind"))
    original_name: Mapped[str]
    """For display only; never a path."""
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    """Of the plaintext."""
    kek_id: Mapped[str]
    wrapped_dek: Mapped[bytes | None] = mapped_column(LargeBinary)
    row_mac: Mapped[bytes] = mapped_column(LargeBinary)
    """Ties id, vendor, version, hash, size, key and scan state together."""
    scan_state: Mapped[ScanState] = mapped_column(by_value(ScanState, name="scan_state"))
    scan_again_at: Mapped[datetime | None]
    """When the worker brings a file that waits before the scanner again; empty means at once."""
    issued_on: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    visibility: Mapped[Visibility] = mapped_column(by_value(Visibility, name="visibility"))
    uploaded_by_kind: Mapped[ActorKind] = mapped_column(by_value(ActorKind, name="uploaded_by"))
    uploaded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("evidence.id"))
    legal_hold: Mapped[bool] = mapped_column(default=False)
    erased_at: Mapped[datetime | None]
