"""The inventory as a list: filtered, sorted, one page at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_
from sqlalchemy.orm import Session

from foundation.paging import SIZE, Page, decode, page_of
from identity.models import Person
from vendors.models import Vendor, VendorAlias
from vendors.naming import name_key
from vendors.queries import visible_vendors
from vendors.rules import VendorState

SHORTEST_SEARCH = 3
SORTS = ("name", "next_review")
Chosen = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorFilter:
    """What somebody looks for; an empty one is the whole inventory."""

    text: str = ""
    tier: int | None = None
    state: VendorState | None = None
    owner_id: UUID | None = None
    sort: str = "name"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered away."""
        is_searching = len(self.text.strip()) >= SHORTEST_SEARCH
        return not is_searching and (self.tier, self.state, self.owner_id) == (None, None, None)


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
    name_key: str
    computed_tier: int | None
    """Differs from the tier where that was set by hand."""


def list_vendors(
    session: Session,
    viewer_id: UUID,
    wanted: VendorFilter,
    cursor: str | None = None,
    *,
    size: int = SIZE,
) -> Page[VendorRow]:
    """Return one page of the vendors a person may see; one statement."""
    chosen = (
        select(
            Vendor.id,
            Vendor.reference,
            Vendor.name,
            Vendor.tier,
            Vendor.is_tier_provisional,
            Vendor.state,
            Person.name,
            Vendor.next_review_on,
            Vendor.is_need_to_know,
            Vendor.name_key,
            Vendor.computed_tier,
        )
        .join(Person, Person.id == Vendor.owner_id)
        .where(visible_vendors(viewer_id), Vendor.archived_at.is_(None), *_conditions(wanted))
    )
    ordered = (
        _by_review(chosen, cursor) if wanted.sort == "next_review" else _by_name(chosen, cursor)
    )
    rows = [VendorRow(*row) for row in session.execute(ordered.limit(size + 1))]
    return page_of(rows, lambda row: _key(row, wanted.sort), size=size)


def _conditions(wanted: VendorFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if len(wanted.text.strip()) >= SHORTEST_SEARCH:
        found.append(_matches(wanted.text.strip()))
    if wanted.tier is not None:
        found.append(Vendor.tier == wanted.tier)
    if wanted.state is not None:
        found.append(Vendor.state == wanted.state)
    if wanted.owner_id is not None:
        found.append(Vendor.owner_id == wanted.owner_id)
    return found


def _matches(text: str) -> ColumnElement[bool]:
    key = name_key(text) or text.casefold()
    aliased = select(VendorAlias.vendor_id).where(
        VendorAlias.name_key.contains(key, autoescape=True)
    )
    found = [Vendor.name_key.contains(key, autoescape=True), Vendor.id.in_(aliased)]
    if any(char.isdigit() for char in text):
        found.append(Vendor.reference.contains(text.upper(), autoescape=True))
    return or_(*found)


def _by_name(chosen: Chosen, cursor: str | None) -> Chosen:
    after = decode(cursor, length=2)
    last = _id_of(after)
    if after is not None and last is not None:
        chosen = chosen.where(tuple_(Vendor.name_key, Vendor.id) > tuple_(after[0], last))
    return chosen.order_by(Vendor.name_key, Vendor.id)


def _by_review(chosen: Chosen, cursor: str | None) -> Chosen:
    """Order by the next review; vendors without one come last."""
    after = decode(cursor, length=2)
    last = _id_of(after)
    if after is not None and last is not None:
        chosen = chosen.where(_later(after[0], last))
    return chosen.order_by(Vendor.next_review_on.asc().nulls_last(), Vendor.id)


def _later(shown: str, last: UUID) -> ColumnElement[bool]:
    try:
        day = date.fromisoformat(shown)
    except ValueError:
        return and_(Vendor.next_review_on.is_(None), Vendor.id > last)
    return or_(
        Vendor.next_review_on > day,
        and_(Vendor.next_review_on == day, Vendor.id > last),
        Vendor.next_review_on.is_(None),
    )


def _id_of(key: list[str] | None) -> UUID | None:
    try:
        return UUID(key[1]) if key else None
    except ValueError:
        return None


def _key(row: VendorRow, sort: str) -> list[str]:
    if sort == "next_review":
        day = row.next_review_on
        return [day.isoformat() if day else "", str(row.vendor_id)]
    return [row.name_key, str(row.vendor_id)]
