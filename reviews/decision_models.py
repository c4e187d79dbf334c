"""Tables of decisions: the outcome, who signed, under which conditions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from accounts.rules import Role
from foundation.columns import Id, by_value
from foundation.db import Model, Versioned
from reviews.gates import GateStatus
from reviews.rules import Outcome


class Decision(Versioned, Model):
    """What was decided about a vendor, with the numbers it rested on frozen."""

    __tablename__ = "decision"
    __table_args__ = (
        # The first decision of a round wins, whoever else pressed at the same moment.
        UniqueConstraint("review_id", "round"),
        CheckConstraint(
            "NOT is_final OR outcome = 'more_needed' OR valid_until IS NOT NULL"
            " OR outcome = 'rejected'",
            name="approval_has_end",
        ),
        CheckConstraint("is_final = (decided_at IS NOT NULL)", name="final_has_moment"),
    )

    id: Mapped[Id]
    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"))
    round: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(by_value(Outcome, name="outcome"))
    note: Mapped[str]
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    is_final: Mapped[bool] = mapped_column(default=False)
    """Everybody the tier demands has signed."""
    withdrawn_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    tier: Mapped[int]
    inherent: Mapped[float]
    claimed: Mapped[float | None]
    evidenced: Mapped[float | None]
    residual: Mapped[float | None]
    band: Mapped[str | None]
    basis: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Gates, blockers, model versions as they stood."""
    valid_until: Mapped[date | None]
    next_review_on: Mapped[date | None]


class SignOff(Model):
    """One person's signature under a decision, in one role."""

    __tablename__ = "sign_off"
    __table_args__ = (UniqueConstraint("decision_id", "person_id"),)

    id: Mapped[Id]
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(by_value(Role, name="role"))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")


class SentBack(Model):
    """That a signer sent a proposal back to the reviewer; the signatures under it are void."""

    __tablename__ = "sent_back"
    __table_args__ = (CheckConstraint("reason != ''", name="has_reason"),)

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    """A proposal is sent back once, whoever else pressed at the same moment."""
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    reason: Mapped[str]


class Condition(Versioned, Model):
    """Something an approval depends on, with a date; for one service or all."""

    __tablename__ = "condition"
    __table_args__ = (
        Index(
            "ix_condition_due",
            "due_on",
            sqlite_where=text("met_at IS NULL"),
            postgresql_where=text("met_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"))
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id"))
    text: Mapped[str]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    met_at: Mapped[datetime | None]
    met_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    met_note: Mapped[str] = mapped_column(default="", server_default="")
    """How it is known that it was met; never empty once it was."""


class GateJudgement(Versioned, Model):
    """A gate a reviewer answered by hand, because no question, clause or file does."""

    __tablename__ = "gate_judgement"
    __table_args__ = (
        UniqueConstraint("review_id", "gate"),
        CheckConstraint("note != ''", name="has_note"),
    )

    id: Mapped[Id]
    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"))
    gate: Mapped[str]
    """G1 to G12."""
    status: Mapped[GateStatus] = mapped_column(by_value(GateStatus, name="status"))
    note: Mapped[str]
    """What was looked at; never empty."""
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
