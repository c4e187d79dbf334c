"""The inventory as a list: filtered, sorted, one page at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from foundation.paging import SIZE, Page, encode
from identity.models import Person
from vendors.list_filter import VendorFilter, conditions
from vendors.list_sorts import columns_of, key_of, page_after
from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.rules import VendorState
from vendors.search_queries import candidates

__all__ = ["MOST_COUNTED", "VendorFilter", "VendorRow", "list_vendors", "narrowed", "one_page"]


MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class VendorRow:
    """One line of the inventory."""

    vendor_id: UUID
    reference: str
    name: str
    tier: int | None
    is_provisional: bool
    state: VendorState
    owner: str
    next_review_on: date | None
    is_need_to_know: bool
    computed_tier: int | None
    """Differs from the tier where that was set by hand."""
    n_found: int | None = None
    """How many vendors match in all, none counted beyond MOST_COUNTED; None where not asked."""


def list_vendors(
    session: Session,
    viewer_id: UUID,
    wanted: VendorFilter,
    cursor: str | None = None,
    *,
    size: int = SIZE,
    is_counted: bool = False,
) -> Page[VendorRow]:
    """Return one page of the vendors a person may see; one statement."""
    shown: tuple[Any, ...] = (
        Vendor.id,
        Vendor.reference,
        Vendor.name,
        Vendor.tier,
        Vendor.is_tier_provisional,
        Vendor.state,
        Person.name,
        Vendor.next_review_on,
        Vendor.is_need_to_know,
        Vendor.computed_tier,
    )
    if is_counted:
        shown = (*shown, _count(session, viewer_id, wanted).label("n_found"))
    chosen = select(*shown).join(Person, Person.id == Vendor.owner_id)
    found = one_page(session, narrowed(session, viewer_id, wanted, chosen), wanted, cursor, size)
    return Page(tuple(VendorRow(*row[: len(shown)]) for row in found.items), found.next_cursor)


def _count(session: Session, viewer_id: UUID, wanted: VendorFilter) -> ScalarSelect[int]:
    """Return how many match, at most one beyond MOST_COUNTED: a long list costs no more."""
    matching = narrowed(session, viewer_id, wanted, select(Vendor.id)).limit(MOST_COUNTED + 1)
    return select(func.count()).select_from(matching.subquery()).scalar_subquery()


def narrowed(
    session: Session, viewer_id: UUID, wanted: VendorFilter, chosen: Select[*tuple[Any, ...]]
) -> Select[*tuple[Any, ...]]:
    """Keep of a statement over Vendor what the person may see and looks for."""
    if wanted.is_search:
        matching = candidates(session, wanted.text)
        chosen = chosen.join(matching, matching.c.vendor_id == Vendor.id)
    return chosen.where(visible_vendors(viewer_id), *conditions(wanted))


def one_page(
    session: Session,
    chosen: Select[*tuple[Any, ...]],
    wanted: VendorFilter,
    cursor: str | None,
    size: int,
) -> Page[Any]:
    """Return a page of a statement over Vendor in the order wanted; its rows end with the key."""
    keys = columns_of(wanted.sort)
    named = [column.label(f"key_{n}") for n, column in enumerate(keys)]
    ordered = page_after(chosen.add_columns(*named), wanted, cursor, size=size + 1)
    rows = session.execute(ordered).all()
    shown = tuple(rows[:size])
    more = len(rows) > size
    last = encode(key_of(wanted.sort, shown[-1][-len(keys) :])) if more else None
    return Page(shown, last)
