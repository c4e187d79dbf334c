"""The table of change attestations: what a vendor was asked between reviews, and said."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.columns import Id, by_value
from foundation.db import Model, Versioned
from reviews.attestation_rules import AttestationState


def _index_while(name: str, column: str, state: AttestationState) -> Index:
    """Return an index of the rows in one state alone."""
    where = text(f"state = '{state.value}'")
    return Index(name, column, sqlite_where=where, postgresql_where=where)


class Attestation(Versioned, Model):
    """One asking whether anything has changed since a day, and the answer to it.

    That a vendor is asked once for each period is claimed in the reminders: one row for each
    vendor and day since which is asked.
    """

    __tablename__ = "attestation"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('asked', 'overtaken')) = (declared_at IS NULL)", name="word_has_moment"
        ),
        CheckConstraint(
            "(declared_at IS NULL) = (declared_by_id IS NULL)", name="word_has_somebody"
        ),
        CheckConstraint("declared_at IS NULL OR declared_name != ''", name="word_has_name"),
        CheckConstraint("state != 'reported' OR judge_by IS NOT NULL", name="change_has_date"),
        CheckConstraint(
            "(state IN ('noted', 'reassessed')) = (judged_at IS NOT NULL)",
            name="judgement_has_moment",
        ),
        CheckConstraint("judged_at IS NULL OR reason != ''", name="judgement_has_reason"),
        Index("ix_attestation_vendor", "vendor_id", "asked_at"),
        _index_while("ix_attestation_due", "due_on", AttestationState.ASKED),
        _index_while("ix_attestation_remind", "remind_on", AttestationState.ASKED),
        _index_while("ix_attestation_judge", "judge_by", AttestationState.REPORTED),
    )

    id: Mapped[Id]
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"))
    since_on: Mapped[date]
    """The day of the last decision, or of the vendor's last word, whichever is later."""
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    remind_on: Mapped[date | None]
    """The day to look whether the vendor is to be reminded; None for never again."""
    state: Mapped[AttestationState] = mapped_column(by_value(AttestationState, name="state"))
    changes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """A sentence for each kind of change that was reported."""
    declared_at: Mapped[datetime | None]
    declared_on: Mapped[date | None]
    """The day of it in the organisation's zone, from which the next one is counted."""
    declared_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    declared_name: Mapped[str] = mapped_column(default="")
    declared_role: Mapped[str] = mapped_column(default="")
    judge_by: Mapped[date | None]
    judged_at: Mapped[datetime | None]
    judged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")
    """Why a reported change was judged so; never empty once it was."""
    review_id: Mapped[UUID | None] = mapped_column(ForeignKey("review.id"))
    """The review in which a reported change is looked at."""
