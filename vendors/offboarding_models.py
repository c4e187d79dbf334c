"""The table of offboarding: what was done about each line of the checklist."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.columns import Id, by_value
from foundation.db import Model
from vendors.offboarding import LineState


class OffboardingLine(Model):
    """A settled line of a vendor's checklist; a line without a row is open."""

    __tablename__ = "offboarding_line"
    __table_args__ = (
        CheckConstraint("state != 'not_needed' OR note != ''", name="not_needed_has_reason"),
        Index(
            "uq_offboarding_line",
            "vendor_id",
            "code",
            unique=True,
            sqlite_where=text("NOT is_past"),
            postgresql_where=text("NOT is_past"),
        ),
    )

    id: Mapped[Id]
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"))
    code: Mapped[str]
    """Of vendors.offboarding.CHECKLIST."""
    state: Mapped[LineState] = mapped_column(by_value(LineState, name="state"))
    note: Mapped[str] = mapped_column(default="")
    evidence_id: Mapped[UUID | None]
    """The certificate; evidence lives above this room."""
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    is_past: Mapped[bool] = mapped_column(default=False)
    """Of an earlier offboarding: the vendor came back since."""
