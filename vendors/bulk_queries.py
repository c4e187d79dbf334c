"""Which vendors a change of many is about: the ticked ones, or all that match a filter."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from foundation.errors import Missing
from vendors.inventory_models import BulkChange
from vendors.list_filter import VendorFilter
from vendors.list_queries import narrowed
from vendors.models import Vendor
from vendors.queries import visible_vendors

MOST_AT_ONCE = 2000
_IN_ONE = 500


@dataclass(frozen=True, slots=True)
class Chosen:
    """A vendor a change is about, as lists name it."""

    vendor_id: UUID
    reference: str
    name: str


def ticked(session: Session, viewer_id: UUID, vendor_ids: Iterable[UUID]) -> list[Chosen]:
    """Return those of some vendors the person may change, by name: no merged one is among them."""
    return _chosen(session, vendor_ids, changeable(viewer_id))


def named(session: Session, viewer_id: UUID, vendor_ids: Iterable[UUID]) -> list[Chosen]:
    """Return those of some vendors the person may see, by name."""
    return _chosen(session, vendor_ids, visible_vendors(viewer_id))


def changeable(viewer_id: UUID) -> ColumnElement[bool]:
    """Return the condition under which a person may change a vendor: seen, and not merged away."""
    return and_(visible_vendors(viewer_id), Vendor.merged_into_id.is_(None))


def _chosen(
    session: Session, vendor_ids: Iterable[UUID], seen: ColumnElement[bool]
) -> list[Chosen]:
    found: list[Chosen] = []
    for some in batched(dict.fromkeys(vendor_ids)):
        chosen = select(Vendor.id, Vendor.reference, Vendor.name).where(Vendor.id.in_(some), seen)
        found += [Chosen(*row) for row in session.execute(chosen)]
    return sorted(found, key=lambda one: one.name.casefold())


def all_that_match(session: Session, viewer_id: UUID, wanted: VendorFilter) -> list[Chosen]:
    """Return the vendors a filter shows, by name; one more than may be changed says "too many"."""
    shown = select(Vendor.id, Vendor.reference, Vendor.name)
    chosen = narrowed(session, viewer_id, wanted, shown).order_by(Vendor.name_key, Vendor.id)
    return [Chosen(*row) for row in session.execute(chosen.limit(MOST_AT_ONCE + 1))]


def get_bulk_change(session: Session, person_id: UUID, bulk_id: UUID) -> BulkChange:
    """Return a change this person made. Raises Missing for one of somebody else."""
    chosen = select(BulkChange).where(BulkChange.id == bulk_id, BulkChange.by_id == person_id)
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing
    return found


def batched(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    """Yield ids in lists no statement is too short for."""
    rest = iter(ids)
    while some := list(islice(rest, _IN_ONE)):
        yield some
