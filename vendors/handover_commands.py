"""Handing vendors over: from somebody who leaves, or from a unit that is closed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.changes import put
from identity.rules import Author
from organisation.queries import day_of
from vendors.inventory_models import Exemption
from vendors.models import Vendor, VendorGrant
from vendors.noting import note_vendor


def rehome(
    session: Session, from_id: UUID, to_id: UUID, *, by: Author, at: datetime
) -> dict[str, int]:
    """Give every vendor and running exemption of one person to another; return how many of each.

    Need-to-know vendors go along, and the sight that was granted to who leaves ends.
    """
    vendors = list(session.scalars(select(Vendor).where(Vendor.owner_id == from_id)))
    for vendor in vendors:
        told: dict[str, object] = {"changes": put(vendor, {"owner_id": to_id})}
        note_vendor(session, Action.VENDOR_HAND_OVER, vendor.id, by=by, at=at, **told)
    exemptions = list(session.scalars(select(Exemption).where(_running(session, from_id, at))))
    for exemption in exemptions:
        told = {"exemption": str(exemption.id), "changes": put(exemption, {"owner_id": to_id})}
        note_vendor(session, Action.EXEMPTION_HAND_OVER, exemption.vendor_id, by=by, at=at, **told)
    seen = list(session.scalars(select(VendorGrant).where(VendorGrant.person_id == from_id)))
    for grant in seen:
        gone = {"person": str(from_id), "may_see": False}
        note_vendor(session, Action.VENDOR_SIGHT, grant.vendor_id, by=by, at=at, **gone)
        session.delete(grant)
    session.flush()
    return {"vendors": len(vendors), "exemptions": len(exemptions)}


def count_of(session: Session, person_id: UUID, at: datetime) -> dict[str, int]:
    """Return how many vendors and running exemptions a person owns."""
    owned = select(func.count()).select_from(Vendor).where(Vendor.owner_id == person_id)
    running = select(func.count()).select_from(Exemption).where(_running(session, person_id, at))
    return {"vendors": session.scalar(owned) or 0, "exemptions": session.scalar(running) or 0}


def move_unit(
    session: Session, from_unit: UUID, to_unit: UUID | None, *, by: Author, at: datetime
) -> int:
    """Give every vendor of a unit to another unit, or to none, and return how many."""
    vendors = list(session.scalars(select(Vendor).where(Vendor.unit_id == from_unit)))
    for vendor in vendors:
        changes = put(vendor, {"unit_id": to_unit})
        action = Action.VENDOR_HAND_OVER
        note_vendor(session, action, vendor.id, by=by, at=at, changes=changes)
    session.flush()
    return len(vendors)


def count_in_unit(session: Session, unit_id: UUID) -> int:
    """Return how many vendors a unit has, those included that few may see."""
    counted = select(func.count()).select_from(Vendor).where(Vendor.unit_id == unit_id)
    return session.scalar(counted) or 0


def _running(session: Session, person_id: UUID, at: datetime) -> ColumnElement[bool]:
    is_open = or_(Exemption.revoked_at.is_(None), Exemption.revoked_at > at)
    is_valid = Exemption.ends_on >= day_of(session, at)
    return (Exemption.owner_id == person_id) & is_valid & is_open
