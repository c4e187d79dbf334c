"""Already known? Vendors that look like one somebody is about to add."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from vendors.duplicate_hosts import telling_host
from vendors.models import Vendor, VendorAlias
from vendors.naming import looks_like, name_key
from vendors.queries import visible_vendors

MOST_COMPARED = 400
MOST_SHOWN = 5
_ENDS = 3


class Sameness(StrEnum):
    """Why two vendors could be one."""

    NAME = "name"
    DOMAIN = "domain"
    LOOKS = "looks"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A vendor already in the inventory that could be the same company."""

    vendor_id: UUID
    reference: str
    name: str
    sameness: Sameness


def duplicates_of(
    session: Session, viewer_id: UUID, name: str, website: str = ""
) -> list[Duplicate]:
    """Return vendors that look the same; one the viewer may not see is never named."""
    key, host = name_key(name), telling_host(website)
    if len(key) < 2 and not host:
        return []
    chosen = (
        select(Vendor.id, Vendor.reference, Vendor.name, Vendor.name_key, Vendor.domain_key)
        .where(visible_vendors(viewer_id), Vendor.archived_at.is_(None))
        .where(or_(*_candidates(key, host)))
        .order_by(Vendor.name_key != key, func.abs(func.length(Vendor.name_key) - len(key)))
        .limit(MOST_COMPARED)
    )
    rows = session.execute(chosen).all()
    aliased = _aliased(session, [row[0] for row in rows], key)
    found = []
    for vendor_id, reference, known, known_key, known_host in rows:
        if known_key == key or vendor_id in aliased:
            found.append(Duplicate(vendor_id, reference, known, Sameness.NAME))
        elif host and known_host == host:
            found.append(Duplicate(vendor_id, reference, known, Sameness.DOMAIN))
        elif looks_like(name, known):
            found.append(Duplicate(vendor_id, reference, known, Sameness.LOOKS))
    return sorted(found, key=lambda one: list(Sameness).index(one.sameness))[:MOST_SHOWN]


def _candidates(key: str, host: str) -> list[ColumnElement[bool]]:
    aliased = select(VendorAlias.vendor_id).where(VendorAlias.name_key == key)
    found: list[ColumnElement[bool]] = [Vendor.name_key == key, Vendor.id.in_(aliased)]
    if host:
        found.append(Vendor.domain_key == host)
    if len(key) >= _ENDS:
        longest = max(key.split(), key=len)
        found += [
            Vendor.name_key.startswith(key[:_ENDS], autoescape=True),
            Vendor.name_key.endswith(key[-_ENDS:], autoescape=True),
            Vendor.name_key.contains(longest, autoescape=True),
        ]
    return found


def _aliased(session: Session, vendor_ids: list[UUID], key: str) -> set[UUID]:
    chosen = select(VendorAlias.vendor_id).where(
        VendorAlias.vendor_id.in_(vendor_ids), VendorAlias.name_key == key
    )
    return set(session.scalars(chosen))
