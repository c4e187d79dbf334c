"""Tables of reports: the register of what was issued, and the work of building it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.columns import Id, by_value
from foundation.db import Model, Versioned
from reports.papers import Paper
from reports.rules import ReportState


class Report(Versioned, Model):
    """A report: its frozen dossier first, its issued bytes when the worker has built them."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("vendor_id", "number"),
        CheckConstraint("(state = 'issued') = (file_sha256 IS NOT NULL)", name="issued_has_file"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress_is_percent"),
        Index("ix_report_dossier", "dossier_sha256"),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(unique=True)
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"))
    review_id: Mapped[UUID | None] = mapped_column(ForeignKey("review.id"))
    number: Mapped[int]
    state: Mapped[ReportState] = mapped_column(by_value(ReportState, name="state"))
    progress: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(default="")
    as_of: Mapped[datetime]
    """The moment the dossier speaks of; a fact inside it, never the renderer's clock."""
    requested_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    dossier_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """Canonical JSON, sealed by the field vault."""
    dossier_sha256: Mapped[str]
    template_version: Mapped[str]
    renderer: Mapped[str] = mapped_column(default="")
    file_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The issued bytes, kept and never made again."""
    file_sha256: Mapped[str | None] = mapped_column(unique=True)
    file_size: Mapped[int | None]
    issued_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)


class ReportPaper(Model):
    """A paper that was issued beside the full report: the board's page, or the vendor's copy."""

    __tablename__ = "report_paper"
    __table_args__ = (
        UniqueConstraint("report_id", "paper"),
        CheckConstraint("paper != 'full'", name="paper_is_beside"),
        Index("ix_report_paper_data", "data_sha256"),
    )

    id: Mapped[Id]
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    paper: Mapped[Paper] = mapped_column(by_value(Paper, name="paper"))
    data_sha256: Mapped[str]
    """Of the cut of the dossier it embeds."""
    file_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The issued bytes, kept and never made again."""
    file_sha256: Mapped[str] = mapped_column(unique=True)
    file_size: Mapped[int]
