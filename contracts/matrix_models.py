"""Tables of the PCI responsibility matrix: one for a vendor, a row for each requirement."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from contracts.matrix_rules import Share
from foundation.columns import Id, by_value
from foundation.db import Model, Moving, Versioned


class ResponsibilityMatrix(Moving, Versioned, Model):
    """Who meets which requirement of PCI DSS between a vendor and us (12.8.5)."""

    __tablename__ = "responsibility_matrix"
    __days__ = ("valid_until",)
    __table_args__ = (
        CheckConstraint("(agreed_on IS NULL) = (valid_until IS NULL)", name="agreed_has_end"),
        CheckConstraint("agreed_on <= valid_until", name="validity_runs_forward"),
        Index("ix_responsibility_matrix_valid_until", "valid_until"),
    )

    id: Mapped[Id]
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"), unique=True)
    agreed_on: Mapped[date | None]
    """The day both sides agreed to it; None while it is being worked out."""
    valid_until: Mapped[date | None]
    """Computed by contracts.matrix_rules.valid_until, never typed."""
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class Responsibility(Model):
    """Who meets one requirement; a principal one without a row has no owner."""

    __tablename__ = "responsibility"

    matrix_id: Mapped[UUID] = mapped_column(
        ForeignKey("responsibility_matrix.id"), primary_key=True
    )
    number: Mapped[str] = mapped_column(primary_key=True)
    """Of the requirement in PCI DSS, such as 3 or 3.5."""
    share: Mapped[Share | None] = mapped_column(by_value(Share, name="share"))
    note: Mapped[str] = mapped_column(default="")
