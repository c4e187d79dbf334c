"""Reading vendors. Need-to-know is part of every question asked here."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, contains_eager

from foundation.errors import Missing
from identity.models import Person
from vendors.inventory_models import Exemption
from vendors.models import Contact, Vendor, VendorAlias, VendorGrant
from vendors.rules import ContactRole
from vendors.service_models import Service, TieringRecord
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


@dataclass(frozen=True, slots=True)
class Membership:
    """A vendor a person represents, as their other vendors' page may name it."""

    vendor_id: UUID
    reference: str
    name: str


def visible_vendors(viewer_id: UUID) -> ColumnElement[bool]:
    """Return the condition under which a person may know that a vendor exists."""
    granted = exists().where(VendorGrant.vendor_id == Vendor.id, VendorGrant.person_id == viewer_id)
    return or_(Vendor.is_need_to_know.is_(False), Vendor.owner_id == viewer_id, granted)


def find_vendor(session: Session, viewer_id: UUID, vendor_id: UUID) -> Vendor | None:
    """Return a vendor the person may see, or None: absent and hidden look the same."""
    chosen = select(Vendor).where(Vendor.id == vendor_id, visible_vendors(viewer_id))
    return session.scalars(chosen).first()


def get_vendor(session: Session, viewer_id: UUID, vendor_id: UUID) -> Vendor:
    """Return a vendor the person may see. Raises Missing."""
    found = find_vendor(session, viewer_id, vendor_id)
    if found is None:
        raise Missing
    return found


def get_vendor_with_owner(session: Session, viewer_id: UUID, vendor_id: UUID) -> Vendor:
    """Return a vendor the person may see, its owner read with it. Raises Missing."""
    chosen = (
        select(Vendor)
        .join(Vendor.owner)
        .options(contains_eager(Vendor.owner))
        .where(Vendor.id == vendor_id, visible_vendors(viewer_id))
    )
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing
    return found


def services_of(session: Session, vendor_id: UUID) -> list[Service]:
    """Return what we buy from a vendor, the default service first."""
    chosen = select(Service).where(Service.vendor_id == vendor_id)
    return list(
        session.scalars(chosen.order_by(Service.is_default.desc(), Service.name, Service.id))
    )


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


def tiering_of(service: Service) -> Tiering:
    """Return the computed tier of a service with its reasons; an override is not in it."""
    return tier_for(exposure_of_service(service))


def tierings_of(session: Session, service_id: UUID) -> list[TieringRecord]:
    """Return every computation of a service's tier, the newest first."""
    chosen = select(TieringRecord).where(TieringRecord.service_id == service_id)
    return list(session.scalars(chosen.order_by(TieringRecord.at.desc(), TieringRecord.id)))


def contacts_of(session: Session, vendor_id: UUID) -> list[ContactRow]:
    """Return the people of a vendor who may act for it, leads first."""
    chosen = (
        select(
            Contact.id,
            Contact.person_id,
            Person.name,
            Person.email,
            Contact.role,
            Contact.job_title,
        )
        .join(Person, Person.id == Contact.person_id)
        .where(Contact.vendor_id == vendor_id, Contact.removed_at.is_(None))
        .order_by(Contact.role, Person.name, Contact.id)
    )
    return [ContactRow(*row) for row in session.execute(chosen)]


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


def aliases_of(session: Session, vendor_id: UUID) -> list[str]:
    """Return the other names of a vendor."""
    chosen = select(VendorAlias.name).where(VendorAlias.vendor_id == vendor_id)
    return list(session.scalars(chosen.order_by(VendorAlias.name_key)))


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
