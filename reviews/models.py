"""Tables of reviews: one cycle of due diligence, its verdicts and findings."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.columns import Id, by_value
from foundation.db import Model, Versioned
from reviews.rules import FindingState, ReviewState, Severity, VerdictOutcome
from vendors.models import Vendor


class Review(Versioned, Model):
    """One cycle of due diligence on a vendor."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("vendor_id", "cycle"),
        CheckConstraint("kind IN ('initial', 'reassessment', 'off_cycle')", name="kind"),
        CheckConstraint(
            "(state = 'decided') = (decided_at IS NOT NULL)", name="decided_has_moment"
        ),
        # A vendor has one open review at a time.
        Index(
            "uq_review_open",
            "vendor_id",
            unique=True,
            sqlite_where=text("state != 'decided'"),
            postgresql_where=text("state != 'decided'"),
        ),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(unique=True)
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"))
    cycle: Mapped[int]
    kind: Mapped[str]
    state: Mapped[ReviewState] = mapped_column(by_value(ReviewState, name="state"))
    reviewer_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    vendor: Mapped[Vendor] = relationship(lazy="raise")


class ReviewAssessment(Model):
    """An assessment a review looks at."""

    __tablename__ = "review_assessment"

    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"), primary_key=True)
    assessment_id: Mapped[UUID] = mapped_column(
        ForeignKey("assessment.id"), primary_key=True, unique=True
    )


class ReviewService(Model):
    """A service a review is about."""

    __tablename__ = "review_service"

    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"), primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)


class Verdict(Versioned, Model):
    """What a reviewer made of one answer."""

    __tablename__ = "verdict"
    __table_args__ = (UniqueConstraint("review_id", "assessment_id", "code"),)

    id: Mapped[Id]
    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"))
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    code: Mapped[str]
    outcome: Mapped[VerdictOutcome] = mapped_column(by_value(VerdictOutcome, name="outcome"))
    answer_version: Mapped[int]
    """The version judged; a changed answer needs a new look."""
    is_contradicted: Mapped[bool] = mapped_column(default=False)
    """The proof says otherwise: the answer counts nothing."""
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]


class Finding(Versioned, Model):
    """Something that must be mended or accepted, with an owner and a date."""

    __tablename__ = "finding"
    __table_args__ = (
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_moment"),
        CheckConstraint(
            "state != 'accepted' OR exemption_id IS NOT NULL", name="accepted_has_acceptance"
        ),
        Index("ix_finding_vendor", "vendor_id"),
        Index(
            "ix_finding_due",
            "due_on",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(unique=True)
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"))
    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"))
    assessment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessment.id"))
    code: Mapped[str | None]
    """The question it came from."""
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    severity: Mapped[Severity] = mapped_column(by_value(Severity, name="severity"))
    state: Mapped[FindingState] = mapped_column(by_value(FindingState, name="state"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    raised_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    raised_at: Mapped[datetime]
    due_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    closing_note: Mapped[str] = mapped_column(default="")
    exemption_id: Mapped[UUID | None] = mapped_column(ForeignKey("exemption.id"))
