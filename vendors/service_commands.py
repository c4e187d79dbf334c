"""Services of a vendor: what our use touches, and the tier that follows from it."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Refused
from foundation.ids import new_id
from identity.rules import Author
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.noting import note_vendor
from vendors.queries import every_service_of, exposure_of_service, services_of
from vendors.rules import ExemptionKind, PciScope
from vendors.scoping import pci_scope_of
from vendors.service_models import Service, TieringRecord
from vendors.tier_model import TierModel
from vendors.tier_versions import model_in_force
from vendors.tiering import (
    NOTHING_KNOWN,
    Exposure,
    Tiering,
    describe,
    tier_for,
    vendor_tier,
)
from vendors.wording import checked_name

Intake = dict[str, object]


def add_service(
    session: Session, vendor: Vendor, name: str, *, by: Author, at: datetime
) -> Service:
    """Add something else we buy from a vendor; its exposure is not known yet."""
    checked = checked_name(name, what="The service's name")
    same = refuse_taken(session, vendor, checked)
    service = new_service(session, vendor, checked, at=at, is_default=not same)
    set_exposure(session, service, NOTHING_KNOWN, {}, by=by, at=at)
    note_service(session, Action.SERVICE_ADD, service, by=by, at=at, name=checked)
    return service


def refuse_taken(
    session: Session, vendor: Vendor, name: str, *, but: UUID | None = None
) -> list[Service]:
    """Return the vendor's other services. Raises Refused when one has this name."""
    others = [one for one in every_service_of(session, vendor.id) if one.id != but]
    same = next((one for one in others if one.name.casefold() == name.casefold()), None)
    if same is not None:
        archived = " It is archived: bring it back instead." if same.archived_at else ""
        raise Refused(
            f"{vendor.name} already has a service called {name}. Choose another name." + archived,
            where="service_name",
        )
    return others


def note_service(
    session: Session,
    action: Action,
    service: Service,
    *,
    by: Author,
    at: datetime,
    **detail: object,
) -> None:
    """Note what happened to a service, under its vendor."""
    told = {"service": str(service.id), **detail}
    note_vendor(session, action, service.vendor_id, by=by, at=at, **told)


def set_exposure(
    session: Session,
    service: Service,
    exposure: Exposure,
    intake: Intake,
    *,
    by: Author,
    at: datetime,
) -> Tiering:
    """Store what our use of a service touches, and its tier; a change ends an override."""
    before = service.tier
    if before is None or exposure != exposure_of_service(service):
        end_overrides(session, service.id, by=by, at=at)
    tiering, told = rate(service, exposure, intake, model_in_force(session), at=at)
    if not overrides_of(session, service.id):
        service.tier = tiering.tier
    session.add(told)
    retier(session, service.vendor_id)
    note_service(
        session,
        Action.VENDOR_EXPOSURE,
        service,
        by=by,
        at=at,
        before=before,
        after=service.tier,
    )
    return tiering


def rate(
    service: Service, exposure: Exposure, intake: Intake, model: TierModel, *, at: datetime
) -> tuple[Tiering, TieringRecord]:
    """Write an exposure and its score on a service; its tier is for the caller to set."""
    tiering = tier_for(exposure, model)
    for name, value in asdict(exposure).items():
        setattr(service, name, value)
    service.intake = dict(intake)
    service.pci_scope = pci_scope_of(exposure)
    service.inherent_score = tiering.score
    service.is_tier_provisional = tiering.is_provisional
    service.tier_model, service.computed_tier = model.version, tiering.tier
    return tiering, record_of(service, exposure, describe(exposure, model), at=at)


def first_service(
    vendor: Vendor,
    name: str,
    exposure: Exposure,
    intake: Intake,
    model: TierModel,
    *,
    at: datetime,
) -> tuple[Service, TieringRecord]:
    """Return the rows of a new vendor's service and its score, and give both their tier."""
    service = service_row(vendor, name, at=at, is_default=True)
    tiering, told = rate(service, exposure, intake, model, at=at)
    service.tier = vendor.tier = vendor.computed_tier = tiering.tier
    vendor.is_tier_provisional = tiering.is_provisional
    return service, told


def keep_record(
    session: Session,
    service: Service,
    exposure: Exposure,
    result: dict[str, object],
    *,
    at: datetime,
) -> None:
    """Keep a computation of a service's tier with the model that made it."""
    session.add(record_of(service, exposure, result, at=at))


def record_of(
    service: Service, exposure: Exposure, result: dict[str, object], *, at: datetime
) -> TieringRecord:
    """Return the row of a computation; it names the model that made it."""
    return TieringRecord(
        id=new_id(),
        service_id=service.id,
        at=at,
        model_version=str(result["model_version"]),
        exposure=asdict(exposure),
        result=result,
    )


def new_service(
    session: Session, vendor: Vendor, name: str, *, at: datetime, is_default: bool
) -> Service:
    """Add the bare row of a service; its exposure comes next."""
    service = service_row(vendor, name, at=at, is_default=is_default)
    session.add(service)
    session.flush()
    return service


def service_row(vendor: Vendor, name: str, *, at: datetime, is_default: bool) -> Service:
    """Return the row of a new service. Raises Refused for a name that cannot stay."""
    return Service(
        id=new_id(),
        vendor_id=vendor.id,
        name=checked_name(name, what="The service's name"),
        is_default=is_default,
        pci_scope=PciScope.SHARES_ACCOUNT_DATA,
        created_at=at,
    )


def retier(session: Session, vendor_id: UUID) -> Vendor:
    """Give a vendor the most closely watched tier of its services."""
    session.flush()
    services = services_of(session, vendor_id)
    vendor = session.get_one(Vendor, vendor_id)
    vendor.tier = vendor_tier(service.tier for service in services)
    vendor.computed_tier = vendor_tier(service.computed_tier for service in services)
    vendor.is_tier_provisional = any(service.is_tier_provisional for service in services)
    session.flush()
    return vendor


def overrides_of(session: Session, service_id: UUID) -> list[Exemption]:
    """Return the overrides of a service's tier that were not ended."""
    chosen = select(Exemption).where(
        Exemption.kind == ExemptionKind.OVERRIDE,
        Exemption.subject_kind == "service",
        Exemption.subject_id == service_id,
        Exemption.revoked_at.is_(None),
    )
    return list(session.scalars(chosen))


def end_overrides(session: Session, service_id: UUID, *, by: Author, at: datetime) -> int:
    """End what set a service's tier by hand, and return how many there were."""
    found = overrides_of(session, service_id)
    for override in found:
        override.revoked_at = at
        record(
            session,
            at=at,
            actor=by.actor,
            action=Action.EXEMPTION_END,
            subject=("vendor", override.vendor_id),
            detail={"exemption": str(override.id)},
        )
    session.flush()
    return len(found)
