"""Tables of vendors: who we buy from."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.columns import Id, by_value
from foundation.db import Model, Moving, Versioned
from identity.models import Person
from vendors.rules import ContactRole, Presence, VendorState


class Vendor(Moving, Versioned, Model):
    """A company we buy from, or mean to."""

    __tablename__ = "vendor"
    __days__ = ("next_review_on",)
    __table_args__ = (
        # PCI DSS 12.8.3: due diligence comes before engagement.
        CheckConstraint("state != 'active' OR cleared_by IS NOT NULL", name="active_is_cleared"),
        CheckConstraint("(cleared_by IS NULL) = (cleared_on IS NULL)", name="clearance_has_date"),
        CheckConstraint("tier IS NULL OR tier BETWEEN 1 AND 4", name="tier_is_1_to_4"),
        Index("ix_vendor_list", "name_key", "id"),
        # Each filter and each order has its rows side by side, so that a page costs the same
        # whatever the number of vendors.
        Index("ix_vendor_next_review", "next_review_on", "id"),
        Index(
            "ix_vendor_review_due",
            "state",  # without statistics SQLite would take the index of states, and sort
            "next_review_on",
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index("ix_vendor_created", "created_at", "id"),
        *(
            Index(f"ix_vendor_{name}", column, "name_key", "id")
            for name, column in (
                ("tier", "tier"),
                ("state", "state"),
                ("owner", "owner_id"),
                ("unit", "unit_id"),
                ("country", "country"),
                ("category", "category"),
            )
        ),
        # Only those put away: an index on "not archived" would be taken for every page.
        Index(
            "ix_vendor_archived",
            "name_key",
            "id",
            sqlite_where=text("archived_at IS NOT NULL"),
            postgresql_where=text("archived_at IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str]
    """The name as duplicates are found by; see vendors.naming."""
    legal_name: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    domain_key: Mapped[str] = mapped_column(default="", index=True)
    country: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    purpose: Mapped[str] = mapped_column(default="")
    """What they do for us, in the words of whoever registered the need."""
    state: Mapped[VendorState] = mapped_column(by_value(VendorState, name="state"))
    is_need_to_know: Mapped[bool] = mapped_column(default=False)
    tier: Mapped[int | None]
    """The highest of its services'; None before the first exposure."""
    computed_tier: Mapped[int | None]
    """What it would be without overrides."""
    is_tier_provisional: Mapped[bool] = mapped_column(default=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("business_unit.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("vendor.id"))
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("vendor.id"))
    archived_at: Mapped[datetime | None]
    cleared_by: Mapped[UUID | None]
    """The review that cleared it, written down by the room above."""
    cleared_on: Mapped[date | None]
    next_review_on: Mapped[date | None]
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    """Everything of it was erased; the row keeps the reference that reports and ledger name."""

    owner: Mapped[Person] = relationship(lazy="raise")

    @property
    def is_archived(self) -> bool:
        """Whether it was put away: it stands in no list, and nothing is sent to it."""
        return self.archived_at is not None


class VendorAlias(Model):
    """Another name the vendor is known by."""

    __tablename__ = "vendor_alias"
    __table_args__ = (UniqueConstraint("vendor_id", "name_key"),)

    id: Mapped[Id]
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"))
    name: Mapped[str]
    name_key: Mapped[str]


class VendorCountry(Model):
    """A country the vendor is in: it operates there, or serves us from there."""

    __tablename__ = "vendor_country"

    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"), primary_key=True)
    country: Mapped[str] = mapped_column(primary_key=True)
    """ISO 3166-1 alpha-2."""
    presence: Mapped[Presence] = mapped_column(
        by_value(Presence, name="presence"), primary_key=True
    )


class VendorIdentifier(Model):
    """A registration, tax or bank number. Bank and identity numbers live in the vault."""

    __tablename__ = "vendor_identifier"
    __table_args__ = (
        UniqueConstraint("kind", "value_index"),
        CheckConstraint(
            "(value IS NULL) != (value_sealed IS NULL)", name="value_is_plain_or_sealed"
        ),
    )

    id: Mapped[Id]
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"))
    kind: Mapped[str]
    value: Mapped[str | None]
    value_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    shown: Mapped[str]
    """The masked form pages print."""
    value_index: Mapped[bytes] = mapped_column(LargeBinary)
    """A keyed index for finding duplicates without reading the value."""


class Contact(Versioned, Model):
    """A person's membership at a vendor; one person may represent several."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("vendor_id", "person_id"),
        Index(
            "uq_contact_primary",
            "vendor_id",
            unique=True,
            sqlite_where=text("is_primary"),
            postgresql_where=text("is_primary"),
        ),
    )

    id: Mapped[Id]
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[ContactRole] = mapped_column(by_value(ContactRole, name="role"))
    job_title: Mapped[str] = mapped_column(default="")
    duties: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What they are turned to for: values of vendors.rules.Duty."""
    is_primary: Mapped[bool] = mapped_column(default=False)
    """Whom we turn to first; one of a vendor at most."""
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    left_on: Mapped[date | None]
    """The day they left the company, when they were removed because of it."""

    person: Mapped[Person] = relationship(lazy="raise")
    vendor: Mapped[Vendor] = relationship(lazy="raise")


class VendorGrant(Model):
    """Somebody who may see a need-to-know vendor."""

    __tablename__ = "vendor_grant"
    __table_args__ = (UniqueConstraint("vendor_id", "person_id"),)

    id: Mapped[Id]
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]
