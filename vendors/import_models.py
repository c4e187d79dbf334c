"""Tables of imports: lists on their way in, remembered columns, and what was decided before."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from foundation.columns import Id, by_value
from foundation.db import Model
from vendors.importing.words import PastDecision
from vendors.rules import VendorState


class ImportDraft(Model):
    """A list somebody is bringing in: read, not applied. Sealed, theirs alone, and it expires."""

    __tablename__ = "import_draft"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    file_name: Mapped[str]
    table_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The rows as read, compressed and sealed."""
    choices_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """What was decided so far: sheet, header, columns, words, mended cells."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ColumnMemory(Model):
    """Which column filled which field in the last list with the same header."""

    __tablename__ = "column_memory"

    signature: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of the header's words."""
    mapping: Mapped[dict[str, str]] = mapped_column(JSON)
    """Place of the column, from 0, to the field; under "by", the id of whoever said so."""
    saved_at: Mapped[datetime]


class PastRecord(Model):
    """What others decided about a vendor before Duly. It clears nothing: see docs/decisions."""

    __tablename__ = "past_record"

    id: Mapped[Id]
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"), index=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("import_batch.id"), index=True)
    decision: Mapped[PastDecision | None] = mapped_column(
        by_value(PastDecision, name="past_decision")
    )
    decided_on: Mapped[date | None]
    decided_by: Mapped[str] = mapped_column(default="")
    state_before: Mapped[VendorState | None] = mapped_column(
        by_value(VendorState, name="state_before")
    )
    tier_before: Mapped[str] = mapped_column(default="")
    """As the list called it; our tier comes from exposure alone."""
    recorded_at: Mapped[datetime]
