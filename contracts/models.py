"""Tables of contracts: what they signed, its dates and its clauses."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contracts.rules import ClauseStatus, ContractState
from foundation.columns import Id, by_value
from foundation.db import Model, Moving, Versioned
from vendors.models import Vendor


class Contract(Moving, Versioned, Model):
    """An agreement with a vendor."""

    __tablename__ = "contract"
    __days__ = ("ends_on", "notice_deadline_on")
    __table_args__ = (
        CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="runs_forward"
        ),
        CheckConstraint("notice_days IS NULL OR notice_days >= 0", name="notice_is_not_negative"),
        CheckConstraint("NOT auto_renews OR renewal_months IS NOT NULL", name="renewal_has_length"),
        CheckConstraint("(value_minor IS NULL) = (currency = '')", name="value_has_currency"),
        CheckConstraint(
            "(notice_given_on IS NULL) = (leaves_on IS NULL)", name="notice_has_last_day"
        ),
        CheckConstraint(
            "leaves_on IS NULL OR (leaves_on >= notice_given_on AND notice_deadline_on IS NULL)",
            name="notice_ends_deadline",
        ),
        Index("ix_contract_vendor", "vendor_id"),
        Index(
            "ix_contract_notice",
            "notice_deadline_on",
            sqlite_where=text("state != 'ended'"),
            postgresql_where=text("state != 'ended'"),
        ),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(unique=True)
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"))
    title: Mapped[str]
    state: Mapped[ContractState] = mapped_column(by_value(ContractState, name="state"))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    """None is open-ended."""
    notice_days: Mapped[int | None]
    """Ours: how many days before the end we must speak."""
    provider_notice_days: Mapped[int | None]
    auto_renews: Mapped[bool] = mapped_column(default=False)
    renewal_months: Mapped[int | None]
    notice_deadline_on: Mapped[date | None]
    """Computed by contracts.rules.notice_deadline, never typed; None once notice was given."""
    notice_given_on: Mapped[date | None]
    leaves_on: Mapped[date | None]
    """The last day of a contract that ends because notice was given."""
    signing_entity_id: Mapped[UUID | None] = mapped_column(ForeignKey("legal_entity.id"))
    overarching_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract.id"))
    value_minor: Mapped[int | None] = mapped_column(BigInteger)
    """A year's cost in the currency's minor unit; beyond 2^31 for a large one in rupees."""
    currency: Mapped[str] = mapped_column(default="")
    governing_law: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]

    vendor: Mapped[Vendor] = relationship(lazy="raise")


class ContractService(Model):
    """A service a contract covers."""

    __tablename__ = "contract_service"

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True, index=True)


class ContractDocument(Model):
    """A file of the contract: the agreement, an annex, an amendment."""

    __tablename__ = "contract_document"
    __table_args__ = (UniqueConstraint("contract_id", "evidence_id"),)

    id: Mapped[Id]
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"))
    attached_at: Mapped[datetime]


class ContractNotice(Model):
    """That we gave notice of a contract; one that was taken back stays as it was written."""

    __tablename__ = "contract_notice"
    __table_args__ = (
        CheckConstraint("leaves_on >= given_on", name="ends_after_notice"),
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by_id IS NULL)", name="taken_back_by_somebody"
        ),
        CheckConstraint("(taken_back_at IS NULL) = (reason = '')", name="taken_back_has_reason"),
        # A contract ends once: one notice stands at a time.
        Index(
            "uq_contract_notice_standing",
            "contract_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    given_on: Mapped[date]
    leaves_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    letter_id: Mapped[UUID | None] = mapped_column(ForeignKey("evidence.id"))
    """The letter, among the files of the contract."""
    noted_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    noted_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")
    """Why it was taken back; never empty once it was."""


class ClauseCheck(Versioned, Model):
    """One required clause of one contract: what must stand there and what does."""

    __tablename__ = "clause_check"
    __table_args__ = (
        UniqueConstraint("contract_id", "clause_code"),
        CheckConstraint("status != 'waived' OR exemption_id IS NOT NULL", name="waived_has_waiver"),
        CheckConstraint("(status = 'open') = (checked_at IS NULL)", name="checked_has_moment"),
    )

    id: Mapped[Id]
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    clause_code: Mapped[str]
    """From the catalogue, such as DP-j."""
    is_required: Mapped[bool] = mapped_column(default=True)
    why_required: Mapped[str] = mapped_column(default="")
    status: Mapped[ClauseStatus] = mapped_column(by_value(ClauseStatus, name="status"))
    required_value: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The parameter as the catalogue demanded it when the check was opened."""
    found_value: Mapped[str] = mapped_column(default="")
    meets: Mapped[bool | None]
    deviation: Mapped[str] = mapped_column(default="")
    page: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    checked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]
    exemption_id: Mapped[UUID | None] = mapped_column(ForeignKey("exemption.id"))
