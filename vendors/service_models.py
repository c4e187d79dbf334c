"""Tables of services: what we buy, what our use touches, and who stands behind it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.columns import Id, by_value
from foundation.db import Model, Versioned
from vendors.rules import PciScope
from vendors.tier_model import TIER_MODEL, Factor


class Service(Versioned, Model):
    """Something we buy from a vendor. Exposure, tier and PCI scope belong to it."""

    __tablename__ = "service"
    __table_args__ = (
        *(
            CheckConstraint(f"{factor} IS NULL OR {factor} BETWEEN 0 AND 4", name=f"{factor}_range")
            for factor in Factor
        ),
        CheckConstraint("tier IS NULL OR tier BETWEEN 1 AND 4", name="tier_is_1_to_4"),
        Index(
            "uq_service_default",
            "vendor_id",
            unique=True,
            sqlite_where=text("is_default"),
            postgresql_where=text("is_default"),
        ),
    )

    id: Mapped[Id]
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"), index=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    is_default: Mapped[bool] = mapped_column(default=False)
    is_ict: Mapped[bool] = mapped_column(default=True)
    function_id: Mapped[UUID | None] = mapped_column(ForeignKey("business_function.id"))
    pci_scope: Mapped[PciScope] = mapped_column(by_value(PciScope, name="pci_scope"))
    intake: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    """The plain answers of the intake, as given."""
    data_class: Mapped[int | None]
    data_volume: Mapped[int | None]
    access: Mapped[int | None]
    criticality: Mapped[int | None]
    substitutability: Mapped[int | None]
    regulatory: Mapped[int | None]
    location: Mapped[int | None]
    subcontracting: Mapped[int | None]
    account_data: Mapped[bool | None]
    cde: Mapped[bool | None]
    critical_function: Mapped[bool | None]
    inherent_score: Mapped[float | None]
    """0 to 100, one decimal."""
    tier: Mapped[int | None]
    """The tier that counts: the computed one, or the one set by an override."""
    computed_tier: Mapped[int | None]
    tier_model: Mapped[str] = mapped_column(default=TIER_MODEL.version)
    """The version of the tier model that computed it."""
    is_tier_provisional: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    """We buy it no longer: it counts in no tier and can be brought back."""

    @property
    def is_scope_assumed(self) -> bool:
        """Whether the PCI scope is only the worst case: nobody has said what it touches."""
        if self.pci_scope is PciScope.SHARES_ACCOUNT_DATA:
            return self.account_data is None
        return self.pci_scope is PciScope.AFFECTS_SECURITY and self.cde is None


class TieringRecord(Model):
    """One computation of a tier, kept for ever with the model that made it."""

    __tablename__ = "tiering_record"

    id: Mapped[Id]
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), index=True)
    at: Mapped[datetime]
    model_version: Mapped[str]
    exposure: Mapped[dict[str, object]] = mapped_column(JSON)
    result: Mapped[dict[str, object]] = mapped_column(JSON)


class SubProcessor(Model):
    """A company a vendor uses for its service to us; rank 1 is the vendor itself."""

    __tablename__ = "sub_processor"
    __table_args__ = (
        UniqueConstraint("vendor_id", "name"),
        CheckConstraint("rank >= 2", name="rank_is_below_the_vendor"),
    )

    id: Mapped[Id]
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"))
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("vendor.id"))
    """The same company in our own inventory, if it is there."""
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(default="", index=True)
    """The name as the same company is found by at other vendors; see vendors.naming."""
    country: Mapped[str] = mapped_column(default="")
    purpose: Mapped[str] = mapped_column(default="")
    rank: Mapped[int] = mapped_column(default=2)
