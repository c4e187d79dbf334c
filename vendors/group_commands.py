"""The company behind a vendor: its parent, and the countries it is in."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.changes import pair
from foundation.errors import Refused
from identity.rules import Author
from vendors.countries import is_country
from vendors.group_queries import ancestors_of
from vendors.models import Vendor, VendorCountry
from vendors.naming import name_key
from vendors.noting import note_vendor
from vendors.queries import visible_vendors
from vendors.rules import Presence

MOST_COUNTRIES = 250


def set_parent(
    session: Session, vendor: Vendor, parent: Vendor | None, *, by: Author, at: datetime
) -> None:
    """Say which company a vendor belongs to, or none. Raises Refused for a circle."""
    if parent is not None:
        if parent.id == vendor.id:
            raise Refused("A company is not its own parent. Name another one.", where="parent")
        # Both rows, in one order: two halves of a circle cannot pass each other.
        both = select(Vendor.id).where(Vendor.id.in_([vendor.id, parent.id])).order_by(Vendor.id)
        session.execute(both.with_for_update())
        if vendor.id in ancestors_of(session, parent.id):
            raise Refused(
                f"{parent.name} belongs to {vendor.name} already, so {vendor.name} cannot belong "
                "to it. Take the other tie away first.",
                where="parent",
            )
    before = vendor.parent_id
    vendor.parent_id = parent.id if parent else None
    session.flush()
    if before != vendor.parent_id:
        detail: dict[str, object] = {"changes": {"parent": pair(before, vendor.parent_id)}}
        note_vendor(session, Action.VENDOR_PARENT, vendor.id, by=by, at=at, **detail)


def find_named(session: Session, viewer_id: UUID, typed: str) -> Vendor:
    """Return the one vendor somebody named by reference or name. Raises Refused."""
    text = " ".join(typed.split())
    by_reference = func.upper(Vendor.reference) == text.upper()
    chosen = (
        select(Vendor)
        .where(visible_vendors(viewer_id), Vendor.archived_at.is_(None))
        .where(by_reference | (Vendor.name_key == name_key(text)))
        .order_by(Vendor.name_key, Vendor.id)
        .limit(6)
    )
    found = list(session.scalars(chosen))
    if not found:
        raise Refused(
            f"There is no vendor “{text}” in the inventory. Write its reference, like V-0042, "
            "or its name.",
            where="parent",
        )
    if len(found) > 1:
        named = ", ".join(f"{one.reference} {one.name}" for one in found)
        raise Refused(
            f"Several vendors have this name: {named}. Write the reference.", where="parent"
        )
    return found[0]


def set_countries(
    session: Session,
    vendor: Vendor,
    presence: Presence,
    codes: Iterable[str],
    *,
    by: Author,
    at: datetime,
) -> None:
    """Store where a vendor operates, or serves us from. Raises Refused for what is no country."""
    wanted = {code.strip().upper() for code in codes if code.strip()}
    wrong = sorted(code for code in wanted if not is_country(code))
    if wrong or len(wanted) > MOST_COUNTRIES:
        raise Refused(f"Not a country: {', '.join(wrong)[:80]}. Choose from the list.")
    of_vendor = (VendorCountry.vendor_id == vendor.id, VendorCountry.presence == presence)
    before = set(session.scalars(select(VendorCountry.country).where(*of_vendor)))
    if before == wanted:
        return
    session.execute(delete(VendorCountry).where(*of_vendor))
    session.add_all(
        VendorCountry(vendor_id=vendor.id, country=code, presence=presence)
        for code in sorted(wanted)
    )
    session.flush()
    detail: dict[str, object] = {
        "presence": presence.value,
        "added": sorted(wanted - before),
        "removed": sorted(before - wanted),
    }
    note_vendor(session, Action.VENDOR_COUNTRIES, vendor.id, by=by, at=at, **detail)
