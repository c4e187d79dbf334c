"""What somebody looks for in the inventory, as a value and as conditions."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from organisation.models import BusinessUnit
from vendors import lent
from vendors.inventory_models import Tag, VendorTag
from vendors.models import Vendor
from vendors.rules import VendorState
from vendors.search_words import is_search


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorFilter:
    """What somebody looks for; an empty one is the whole inventory."""

    text: str = ""
    tier: int | None = None
    is_tier_unknown: bool = False
    is_provisional: bool | None = None
    state: VendorState | None = None
    owner_id: UUID | None = None
    unit_id: UUID | None = None
    """A unit with everything below it."""
    tag: str = ""
    country: str = ""
    category: str = ""
    is_need_to_know: bool | None = None
    review_before: date | None = None
    """Vendors whose next review is due before this day."""
    is_unassessed: bool = False
    is_archived: bool = False
    sort: str = "name"
    """A name of SORTS; a minus before it turns the order round."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered away."""
        text = self.text if self.is_search else ""
        return replace(self, text=text, sort="name") == VendorFilter()

    @property
    def is_search(self) -> bool:
        """Whether the text is long enough to look for."""
        return is_search(self.text)


def conditions(wanted: VendorFilter) -> list[ColumnElement[bool]]:
    """Return a filter as conditions on Vendor; the text is not among them."""
    archived = Vendor.archived_at
    found: list[ColumnElement[bool]] = [
        archived.is_not(None) if wanted.is_archived else archived.is_(None)
    ]
    equal = {
        Vendor.tier: wanted.tier,
        Vendor.is_tier_provisional: wanted.is_provisional,
        Vendor.state: wanted.state,
        Vendor.owner_id: wanted.owner_id,
        Vendor.country: wanted.country or None,
        Vendor.category: wanted.category or None,
        Vendor.is_need_to_know: wanted.is_need_to_know,
    }
    found += [
        unindexed(column, wanted) == value for column, value in equal.items() if value is not None
    ]
    if wanted.is_tier_unknown:
        found.append(unindexed(Vendor.tier, wanted).is_(None))
    if wanted.unit_id is not None:
        found.append(Vendor.unit_id.in_(units_below(wanted.unit_id)))
    if wanted.tag:
        found.append(Vendor.id.in_(tagged(wanted.tag)))
    if wanted.review_before is not None:
        found.append(Vendor.next_review_on < wanted.review_before)
    if wanted.is_unassessed:
        found.append(lent.unassessed())
    return found


def unindexed(column: Any, wanted: VendorFilter) -> Any:  # noqa: ANN401  a column
    """Return a column that a search compares row by row.

    The few vendors a text names are then read by their ids, not the many of a tier or a country.
    """
    return func.coalesce(column, column, type_=column.type) if wanted.is_search else column


def units_below(unit_id: UUID) -> Select[UUID]:
    """Return a unit and all units under it, as a subquery."""
    tree = select(BusinessUnit.id).where(BusinessUnit.id == unit_id).cte("units", recursive=True)
    child = aliased(BusinessUnit)
    tree = tree.union(select(child.id).join(tree, child.parent_id == tree.c.id))
    return select(tree.c.id)


def tagged(name: str) -> Select[UUID]:
    """Return the vendors with a tag."""
    return select(VendorTag.vendor_id).join(Tag, Tag.id == VendorTag.tag_id).where(Tag.name == name)
