"""Vendors of the inventory that may be one company: same name, same web site, same other name."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vendors.duplicate_hosts import SHARED_HOSTS
from vendors.duplicate_queries import Sameness
from vendors.models import Vendor, VendorAlias
from vendors.queries import visible_vendors
from vendors.rules import VendorState

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Twin:
    """One of the vendors that may be the same."""

    vendor_id: UUID
    reference: str
    name: str
    state: VendorState


@dataclass(frozen=True, slots=True)
class Twins:
    """Vendors that may be one company, and why."""

    sameness: Sameness
    vendors: tuple[Twin, ...]


def possible_duplicates(session: Session, viewer_id: UUID) -> list[Twins]:
    """Return the likeliest duplicates among the vendors a person may see; five statements."""
    found: dict[frozenset[UUID], Twins] = {}
    for sameness, column in (
        (Sameness.NAME, Vendor.name_key),
        (Sameness.DOMAIN, Vendor.domain_key),
    ):
        for twins in _same(session, viewer_id, sameness, column):
            found.setdefault(frozenset(one.vendor_id for one in twins.vendors), twins)
    for twins in _by_alias(session, viewer_id):
        found.setdefault(frozenset(one.vendor_id for one in twins.vendors), twins)
    return list(found.values())[:MOST_SHOWN]


def _same(session: Session, viewer_id: UUID, sameness: Sameness, column: object) -> list[Twins]:
    seen = (visible_vendors(viewer_id), Vendor.archived_at.is_(None))
    keys = (
        select(column)  # type: ignore[call-overload]  # a column of Vendor
        .where(*seen, column.not_in(["", *SHARED_HOSTS]))  # type: ignore[attr-defined]
        .group_by(column)
        .having(func.count() > 1)
        .order_by(column)
        .limit(MOST_SHOWN)
    )
    known = list(session.scalars(keys))
    chosen = (
        select(column, Vendor.id, Vendor.reference, Vendor.name, Vendor.state)  # type: ignore[call-overload]
        .where(*seen, column.in_(known))  # type: ignore[attr-defined]
        .order_by(column, Vendor.reference)
    )
    groups: dict[str, list[Twin]] = defaultdict(list)
    for key, *rest in session.execute(chosen) if known else ():
        groups[key].append(Twin(*rest))
    return [Twins(sameness, tuple(each)) for each in groups.values()]


def _by_alias(session: Session, viewer_id: UUID) -> list[Twins]:
    seen = (visible_vendors(viewer_id), Vendor.archived_at.is_(None))
    columns = (Vendor.id, Vendor.reference, Vendor.name, Vendor.state)
    chosen = (
        select(VendorAlias.vendor_id, *columns)
        .join(Vendor, Vendor.name_key == VendorAlias.name_key)
        .where(*seen, Vendor.id != VendorAlias.vendor_id)
        .order_by(Vendor.reference)
        .limit(MOST_SHOWN)
    )
    pairs = [(row[0], Twin(*row[1:])) for row in session.execute(chosen)]
    owners = select(*columns).where(*seen, Vendor.id.in_([owner_id for owner_id, _ in pairs]))
    known = {row[0]: Twin(*row) for row in session.execute(owners)} if pairs else {}
    return [
        Twins(Sameness.NAME, (known[owner_id], twin))
        for owner_id, twin in pairs
        if owner_id in known
    ]
