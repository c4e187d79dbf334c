"""Tables around the inventory: tags, fields, views, notes, imports, exemptions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.columns import Id, by_value
from foundation.db import Model, Versioned
from vendors.rules import BulkKind, ExemptionKind, Visibility


class Tag(Model):
    """A word vendors are grouped by."""

    __tablename__ = "tag"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)


class VendorTag(Model):
    """A tag on a vendor."""

    __tablename__ = "vendor_tag"
    __table_args__ = (Index("ix_vendor_tag_tag", "tag_id", "vendor_id"),)

    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"), primary_key=True)
    tag_id: Mapped[UUID] = mapped_column(ForeignKey("tag.id"), primary_key=True)


class CustomField(Model):
    """A field the organisation added to its inventory."""

    __tablename__ = "custom_field"
    __table_args__ = (
        CheckConstraint("kind IN ('text', 'number', 'date', 'choice', 'yes_no')", name="kind"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)


class CustomValue(Model):
    """What a vendor's added field holds, in its canonical text form."""

    __tablename__ = "custom_value"

    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"), primary_key=True)
    field_id: Mapped[UUID] = mapped_column(ForeignKey("custom_field.id"), primary_key=True)
    value: Mapped[str]


class SavedView(Model):
    """A filter somebody keeps."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    query: Mapped[str]
    """What stands behind the question mark of the address."""
    removed_at: Mapped[datetime | None]
    """When it was deleted; for a while it can be taken back."""


class BulkChange(Model):
    """One change of many vendors, whole, so that it can be undone."""

    __tablename__ = "bulk_change"

    id: Mapped[Id]
    kind: Mapped[BulkKind] = mapped_column(by_value(BulkKind, name="kind"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    rows: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """For each vendor that changed its id, what it had before, and what it has now."""
    undone_at: Mapped[datetime | None]


class Note(Versioned, Model):
    """A remark on a vendor, for us or shared with them; later it is superseded, not changed."""

    __tablename__ = "note"

    id: Mapped[Id]
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
    visibility: Mapped[Visibility] = mapped_column(by_value(Visibility, name="visibility"))
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    supersedes_id: Mapped[UUID | None]
    """The note this one takes the place of."""
    superseded_at: Mapped[datetime | None]


class ImportBatch(Model):
    """One import, whole, so that it can be undone."""

    __tablename__ = "import_batch"

    id: Mapped[Id]
    kind: Mapped[str]
    file_name: Mapped[str]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    rows: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    """What undoing needs of each row; the first also names the columns that were left behind."""
    undone_at: Mapped[datetime | None]


class Exemption(Versioned, Model):
    """The one shape of waiver, acceptance and override: who, why, until when."""

    __tablename__ = "exemption"
    __table_args__ = (
        CheckConstraint("reason != ''", name="has_reason"),
        Index(
            "ix_exemption_ends",
            "ends_on",
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    kind: Mapped[ExemptionKind] = mapped_column(by_value(ExemptionKind, name="kind"))
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"), index=True)
    subject_kind: Mapped[str]
    """clause, finding, gate or service."""
    subject_id: Mapped[UUID]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    compensating_control: Mapped[str] = mapped_column(default="")
    ends_on: Mapped[date]
    frozen_rating: Mapped[str]
    """What was at stake when it was granted, in words."""
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
