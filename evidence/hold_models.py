"""The table of legal holds: what may not be erased, since when, and why."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.columns import Id
from foundation.db import Model


def _one_open(name: str, column: str, condition: str) -> Index:
    where = text(f"lifted_at IS NULL AND {condition}")
    return Index(name, column, unique=True, sqlite_where=where, postgresql_where=where)


class LegalHold(Model):
    """A vendor, or one file of it, that is kept for a legal matter whatever the rules say."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint("reason != ''", name="has_reason"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_reason = '')", name="lifted_has_reason"),
        # One hold stands at a time, whoever else pressed at the same moment.
        _one_open("uq_legal_hold_vendor", "vendor_id", "evidence_id IS NULL"),
        _one_open("uq_legal_hold_file", "evidence_id", "evidence_id IS NOT NULL"),
    )

    id: Mapped[Id]
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"))
    evidence_id: Mapped[UUID | None] = mapped_column(ForeignKey("evidence.id"))
    """One file; None is everything of the vendor."""
    reason: Mapped[str]
    set_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
    lifted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    lifted_at: Mapped[datetime | None]
    lifted_reason: Mapped[str] = mapped_column(default="")
    """Why it was lifted; never empty once it was."""
