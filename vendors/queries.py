"""Reading vendors. Need-to-know is part of every question asked here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, contains_eager, object_session

from foundation.errors import Missing, Moved
from identity.models import Person
from vendors.inventory_models import Exemption
from vendors.models import Contact, Vendor, VendorGrant
from vendors.rules import ContactRole, Duty
from vendors.service_models import Service, TieringRecord
from vendors.tier_model import TierModel
from vendors.tier_versions import model_named
from vendors.tiering import Exposure, Factor, Flag, Tiering, tier_for


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A person of a vendor, as lists show them."""

    contact_id: UUID
    person_id: UUID
    name: str
    email: str
    role: ContactRole
    job_title: str
    is_primary: bool = False
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True)
class FormerContact:
    """A person who acted for a vendor once."""

    contact_id: UUID
    name: str
    job_title: str
    removed_at: datetime | None
    left_on: date | None


@dataclass(frozen=True, slots=True)
class Membership:
    """A vendor a person represents, as their other vendors' page may name it."""

    vendor_id: UUID
    reference: str
    name: str


def visible_vendors(viewer_id: UUID | BindParameter[UUID]) -> ColumnElement[bool]:
    """Return the condition under which a person may know that a vendor exists."""
    granted = exists().where(VendorGrant.vendor_id == Vendor.id, VendorGrant.person_id == viewer_id)
    is_known = or_(Vendor.is_need_to_know.is_(False), Vendor.owner_id == viewer_id, granted)
    return and_(Vendor.erased_at.is_(None), is_known)


def find_vendor(session: Session, viewer_id: UUID, vendor_id: UUID) -> Vendor | None:
    """Return a vendor the person may see, or None: absent and hidden look the same."""
    chosen = select(Vendor).where(Vendor.id == vendor_id, visible_vendors(viewer_id))
    return session.scalars(chosen).first()


def get_vendor(session: Session, viewer_id: UUID, vendor_id: UUID) -> Vendor:
    """Return a vendor the person may see. Raises Missing, and Moved for one that was merged."""
    return _there(find_vendor(session, viewer_id, vendor_id))


def get_vendor_with_owner(session: Session, viewer_id: UUID, vendor_id: UUID) -> Vendor:
    """Return the same, its owner read with it."""
    chosen = (
        select(Vendor)
        .join(Vendor.owner)
        .options(contains_eager(Vendor.owner))
        .where(Vendor.id == vendor_id, visible_vendors(viewer_id))
    )
    return _there(session.scalars(chosen).first())


def _there(found: Vendor | None) -> Vendor:
    if found is None:
        raise Missing
    if found.merged_into_id is not None:
        raise Moved(found.merged_into_id)
    return found


def services_of(session: Session, vendor_id: UUID) -> list[Service]:
    """Return what we buy from a vendor now, the default service first."""
    chosen = select(Service).where(Service.vendor_id == vendor_id, Service.archived_at.is_(None))
    return list(
        session.scalars(chosen.order_by(Service.is_default.desc(), Service.name, Service.id))
    )


def every_service_of(session: Session, vendor_id: UUID) -> list[Service]:
    """Return what we buy from a vendor and what we bought, what is archived last."""
    chosen = select(Service).where(Service.vendor_id == vendor_id)
    order = (Service.archived_at.is_not(None), Service.is_default.desc(), Service.name, Service.id)
    return list(session.scalars(chosen.order_by(*order)))


def default_service(session: Session, vendor_id: UUID) -> Service:
    """Return the first service of a vendor. Raises Missing when it has none."""
    chosen = select(Service).where(Service.vendor_id == vendor_id, Service.is_default.is_(True))
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing
    return found


def get_service(session: Session, vendor_id: UUID, service_id: UUID) -> Service:
    """Return a service of this vendor. Raises Missing for one of another vendor."""
    chosen = select(Service).where(Service.vendor_id == vendor_id, Service.id == service_id)
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing
    return found


def exposure_of_service(service: Service) -> Exposure:
    """Return what our use of a service touches."""
    return Exposure(**{name.value: getattr(service, name.value) for name in (*Factor, *Flag)})


def model_of(service: Service) -> TierModel:
    """Return the version of the tier model that computed a stored service's tier."""
    return model_named(cast("Session", object_session(service)), service.tier_model)


def tiering_of(service: Service) -> Tiering:
    """Return the computed tier of a stored service with its reasons; an override is not in it.

    The model is the one that made the tier: publishing another changes nothing by itself.
    """
    return tier_for(exposure_of_service(service), model_of(service))


def tierings_of(session: Session, service_id: UUID) -> list[TieringRecord]:
    """Return every computation of a service's tier, the newest first."""
    chosen = select(TieringRecord).where(TieringRecord.service_id == service_id)
    return list(session.scalars(chosen.order_by(TieringRecord.at.desc(), TieringRecord.id)))


def contacts_of(session: Session, vendor_id: UUID) -> list[ContactRow]:
    """Return the people of a vendor who may act for it, the primary one and leads first."""
    chosen = (
        select(
            Contact.id,
            Contact.person_id,
            Person.name,
            Person.email,
            Contact.role,
            Contact.job_title,
            Contact.is_primary,
            Contact.duties,
        )
        .join(Person, Person.id == Contact.person_id)
        .where(Contact.vendor_id == vendor_id, Contact.removed_at.is_(None))
        .order_by(Contact.is_primary.desc(), Contact.role, Person.name, Contact.id)
    )
    return [ContactRow(*row[:-1], _duties(row[-1])) for row in session.execute(chosen)]


def former_contacts_of(session: Session, vendor_id: UUID) -> list[FormerContact]:
    """Return the people who no longer act for a vendor, the last to go first."""
    chosen = (
        select(Contact.id, Person.name, Contact.job_title, Contact.removed_at, Contact.left_on)
        .join(Person, Person.id == Contact.person_id)
        .where(Contact.vendor_id == vendor_id, Contact.removed_at.is_not(None))
        .order_by(Contact.removed_at.desc(), Contact.id)
        .limit(50)
    )
    return [FormerContact(*row) for row in session.execute(chosen)]


def _duties(stored: Iterable[str]) -> tuple[Duty, ...]:
    return tuple(duty for duty in Duty if duty.value in set(stored))


def get_contact(session: Session, vendor_id: UUID, contact_id: UUID) -> Contact:
    """Return a person of this vendor who was not removed. Raises Missing."""
    chosen = select(Contact).where(
        Contact.id == contact_id, Contact.vendor_id == vendor_id, Contact.removed_at.is_(None)
    )
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing
    return found


def memberships_of(
    session: Session, viewer_id: UUID, person_ids: Iterable[UUID]
) -> dict[UUID, list[Membership]]:
    """Return the vendors these people represent, as far as the viewer may know of them."""
    chosen = (
        select(Contact.person_id, Vendor.id, Vendor.reference, Vendor.name)
        .join(Vendor, Vendor.id == Contact.vendor_id)
        .where(
            Contact.person_id.in_(list(person_ids)),
            Contact.removed_at.is_(None),
            visible_vendors(viewer_id),
        )
        .order_by(Vendor.name_key, Vendor.id)
    )
    found: dict[UUID, list[Membership]] = {}
    for person_id, vendor_id, reference, name in session.execute(chosen):
        found.setdefault(person_id, []).append(Membership(vendor_id, reference, name))
    return found


def exemptions_of(session: Session, vendor_id: UUID) -> list[Exemption]:
    """Return waivers, acceptances and overrides of a vendor that were not revoked."""
    chosen = select(Exemption).where(
        and_(Exemption.vendor_id == vendor_id, Exemption.revoked_at.is_(None))
    )
    return list(session.scalars(chosen.order_by(Exemption.ends_on, Exemption.id)))


def granted_people(session: Session, vendor_id: UUID) -> dict[UUID, str]:
    """Return who was given sight of a need-to-know vendor, with their names."""
    chosen = (
        select(Person.id, Person.name)
        .join(VendorGrant, VendorGrant.person_id == Person.id)
        .where(VendorGrant.vendor_id == vendor_id)
        .order_by(Person.name)
    )
    return dict(session.execute(chosen).all())


def get_vendor_for_system(session: Session, vendor_id: UUID) -> Vendor:
    """Return a vendor for Duly's own work, which has no viewer. Raises Missing."""
    found = session.get(Vendor, vendor_id)
    if found is None:
        raise Missing
    return found
