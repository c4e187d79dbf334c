"""Tables of the organisation: settings, units, entities, functions, references."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from foundation.columns import Id
from foundation.db import Model, Versioned


class OrganisationSettings(Model):
    """One version of the organisation's settings; the newest number rules."""

    __tablename__ = "organisation_settings"

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str]
    home_country: Mapped[str]
    """ISO 3166-1 alpha-2."""
    time_zone: Mapped[str]
    currency: Mapped[str]
    """ISO 4217."""
    weekend: Mapped[list[int]] = mapped_column(JSON)
    """ISO weekdays, Monday is 1."""
    holidays: Mapped[list[str]] = mapped_column(JSON)
    regimes: Mapped[list[str]] = mapped_column(JSON)
    thresholds: Mapped[dict[str, Any]] = mapped_column(JSON)
    retention_months: Mapped[dict[str, int]] = mapped_column(JSON)
    regime_facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    """What we know better than the pack: by code, its status and the day it comes into force."""
    page_size: Mapped[str] = mapped_column(default="a4", server_default="a4")
    """What reports are printed on: a4 or letter."""
    second_language: Mapped[str] = mapped_column(default="none", server_default="none")
    """Of a second summary in reports: none or ur."""
    actor_id: Mapped[UUID | None]
    """The pseudonym of who made this version, as in the ledger."""
    created_at: Mapped[datetime]


class LegalEntity(Versioned, Model):
    """A company of ours that signs contracts."""

    __tablename__ = "legal_entity"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    country: Mapped[str]
    lei: Mapped[str | None] = mapped_column(unique=True)


class BusinessUnit(Versioned, Model):
    """A part of the organisation that owns vendors."""

    __tablename__ = "business_unit"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("business_unit.id"))
    archived_at: Mapped[datetime | None]


class BusinessFunction(Versioned, Model):
    """Something we do that a service supports."""

    __tablename__ = "business_function"
    __table_args__ = (
        CheckConstraint("rto_hours IS NULL OR rto_hours >= 0", name="rto_is_not_negative"),
        CheckConstraint("rpo_hours IS NULL OR rpo_hours >= 0", name="rpo_is_not_negative"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    is_critical: Mapped[bool | None]
    """None is "not assessed yet"."""
    rto_hours: Mapped[int | None]
    rpo_hours: Mapped[int | None]
    entity_id: Mapped[UUID | None] = mapped_column(ForeignKey("legal_entity.id"))


class ReferenceCounter(Model):
    """The last number given out for a kind of reference, such as V in V-0042."""

    __tablename__ = "reference_counter"

    kind: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
