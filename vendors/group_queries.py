"""Reading the group a vendor belongs to: upwards to its parents, downwards to its daughters."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import CTE, literal, select
from sqlalchemy.orm import Session, aliased

from vendors.models import Vendor
from vendors.queries import visible_vendors

DEEPEST = 50
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Relative:
    """A company of the same group, as far as the viewer may know of it."""

    vendor_id: UUID
    reference: str
    name: str
    tier: int | None
    is_tier_provisional: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The parents of a vendor, the nearest first, and the companies directly below it."""

    parents: tuple[Relative, ...]
    daughters: tuple[Relative, ...]


def ancestors_of(session: Session, vendor_id: UUID) -> list[UUID]:
    """Return a vendor and everything above it, the nearest first; one statement."""
    chain = _chain(vendor_id)
    return list(dict.fromkeys(session.scalars(select(chain.c.id).order_by(chain.c.depth))))


def group_of(session: Session, viewer_id: UUID, vendor_id: UUID) -> Group:
    """Return the group around a vendor; companies the viewer may not see are left out."""
    chain = _chain(vendor_id)
    chosen = (
        select(
            Vendor.id,
            Vendor.reference,
            Vendor.name,
            Vendor.tier,
            Vendor.is_tier_provisional,
            Vendor.parent_id,
            chain.c.depth,
        )
        .outerjoin(chain, chain.c.id == Vendor.id)
        .where(visible_vendors(viewer_id), Vendor.archived_at.is_(None), Vendor.id != vendor_id)
        .where((chain.c.depth > 0) | (Vendor.parent_id == vendor_id))
        .order_by(chain.c.depth, Vendor.name_key, Vendor.id)
        .limit(MOST_SHOWN)
    )
    rows = session.execute(chosen).all()
    parents = {row[0]: Relative(*row[:5]) for row in rows if row.depth}
    daughters = {row[0]: Relative(*row[:5]) for row in rows if row.parent_id == vendor_id}
    return Group(tuple(parents.values()), tuple(daughters.values()))


def _chain(vendor_id: UUID) -> CTE:
    """Return a vendor at depth 0 and its parents; a circle in damaged data ends at the deepest."""
    start = (
        select(Vendor.id, Vendor.parent_id, literal(0).label("depth"))
        .where(Vendor.id == vendor_id)
        .cte("above", recursive=True)
    )
    parent = aliased(Vendor)
    return start.union_all(
        select(parent.id, parent.parent_id, start.c.depth + 1)
        .join(start, parent.id == start.c.parent_id)
        .where(start.c.depth < DEEPEST)
    )
