"""Changing vendors: registering, editing, moving, clearing, and the tier of their services."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.changes import put
from foundation.db import lock_row
from foundation.errors import Conflict
from foundation.ids import new_id
from identity.rules import Author
from organisation.commands import next_reference
from vendors.identifier_commands import add_identifier
from vendors.life_commands import move
from vendors.models import Vendor, VendorGrant
from vendors.naming import domain_key, name_key
from vendors.noting import note_vendor
from vendors.numbers import kind_of
from vendors.rules import PciScope, VendorState
from vendors.service_commands import (
    Intake,
    add_service,
    first_service,
    note_service,
    retier,
    set_exposure,
)
from vendors.tier_versions import model_in_force
from vendors.tiering import NOTHING_KNOWN, Exposure
from vendors.wording import checked_name, checked_text, checked_website

__all__ = [
    "NewVendor",
    "VendorEdit",
    "add_service",
    "clear",
    "edit",
    "move",
    "register",
    "retier",
    "set_exposure",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVendor:
    """What registering a vendor takes; without an exposure everything is not known yet."""

    name: str
    owner_id: UUID
    website: str = ""
    purpose: str = ""
    country: str = ""
    category: str = ""
    unit_id: UUID | None = None
    is_need_to_know: bool = False
    service_name: str = ""
    exposure: Exposure = NOTHING_KNOWN
    intake: Intake = field(default_factory=dict)
    number: str = ""
    """Of a register or a tax office, as somebody typed it."""
    pci_scope: PciScope | None = None
    """None: read from the exposure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorEdit:
    """The facts of a vendor as somebody left them, made on top of `version`."""

    version: int
    name: str
    owner_id: UUID
    legal_name: str = ""
    website: str = ""
    purpose: str = ""
    country: str = ""
    category: str = ""
    unit_id: UUID | None = None
    is_need_to_know: bool = False


def register(session: Session, new: NewVendor, *, by: Author, at: datetime) -> Vendor:
    """Add a vendor with its first service and tier. Raises Refused for texts that cannot stay."""
    vendor = vendor_row(new, next_reference(session, "V"), at=at)
    name, model = new.service_name or vendor.name, model_in_force(session)
    service, told = first_service(vendor, name, new.exposure, new.intake, model, at=at)
    if new.pci_scope is not None:
        service.pci_scope = new.pci_scope
    for row in (vendor, service, told):
        session.add(row)
        session.flush()
    note_vendor(session, Action.VENDOR_ADD, vendor.id, by=by, at=at, reference=vendor.reference)
    _keep_sight(session, vendor, by=by, at=at)
    if new.number:
        add_identifier(session, vendor, kind_of(new.number), new.number, by=by, at=at)
    note_service(
        session, Action.VENDOR_EXPOSURE, service, by=by, at=at, before=None, after=service.tier
    )
    return vendor


def vendor_row(new: NewVendor, reference: str, *, at: datetime) -> Vendor:
    """Return the row of a new vendor. Raises Refused for texts that cannot stay."""
    name = checked_name(new.name, what="The company's name")
    website = checked_website(new.website)
    return Vendor(
        id=new_id(),
        reference=reference,
        name=name,
        name_key=name_key(name),
        website=website,
        domain_key=domain_key(website),
        country=checked_text(new.country, what="The country", longest=100),
        category=checked_text(new.category, what="The category", longest=200),
        purpose=checked_text(new.purpose, what="What they do for us"),
        state=VendorState.ONBOARDING,
        is_need_to_know=new.is_need_to_know,
        owner_id=new.owner_id,
        unit_id=new.unit_id,
        created_at=at,
    )


def edit(session: Session, vendor: Vendor, change: VendorEdit, *, by: Author, at: datetime) -> None:
    """Store the facts of a vendor. Raises Conflict when somebody was faster."""
    lock_row(vendor)
    if change.version != vendor.version:
        raise Conflict(
            f"{vendor.name} was changed by somebody else while you were editing. "
            "Both texts are shown below: keep what is right and save again.",
            theirs=vendor,
        )
    name = checked_name(change.name, what="The company's name")
    website = checked_website(change.website)
    values: dict[str, object] = {
        "name": name,
        "legal_name": checked_text(change.legal_name, what="The legal name", longest=200),
        "website": website,
        "country": checked_text(change.country, what="The country", longest=100),
        "category": checked_text(change.category, what="The category", longest=200),
        "purpose": checked_text(change.purpose, what="What they do for us"),
        "owner_id": change.owner_id,
        "unit_id": change.unit_id,
        "is_need_to_know": change.is_need_to_know,
    }
    changes = put(vendor, values)
    vendor.name_key, vendor.domain_key = name_key(name), domain_key(website)
    session.flush()
    if "is_need_to_know" in changes:
        _keep_sight(session, vendor, by=by, at=at)
    if changes:
        told = {"fields": list(changes), "changes": changes}
        note_vendor(session, Action.VENDOR_EDIT, vendor.id, by=by, at=at, **told)


def clear(  # noqa: PLR0913  every part of a clearance is named
    session: Session,
    vendor: Vendor,
    *,
    review_id: UUID,
    on: date,
    next_review_on: date | None,
    by: Author,
    at: datetime,
) -> None:
    """Write down that a review cleared a vendor, and when to look again."""
    vendor.cleared_by = review_id
    vendor.cleared_on = on
    vendor.next_review_on = next_review_on
    session.flush()
    note_vendor(session, Action.VENDOR_CLEAR, vendor.id, by=by, at=at, review=str(review_id))


def _keep_sight(session: Session, vendor: Vendor, *, by: Author, at: datetime) -> None:
    """Whoever hides a vendor keeps seeing it."""
    if not vendor.is_need_to_know or vendor.owner_id == by.person_id:
        return
    chosen = select(VendorGrant.id).where(
        VendorGrant.vendor_id == vendor.id, VendorGrant.person_id == by.person_id
    )
    if session.scalars(chosen).first() is None:
        session.add(
            VendorGrant(id=new_id(), vendor_id=vendor.id, person_id=by.person_id, granted_at=at)
        )
        session.flush()
