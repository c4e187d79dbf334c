"""Reading the list of vendors for a file: the rows shown, in their order, some at a time."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.models import Person
from organisation.models import BusinessUnit
from vendors import columns, lent
from vendors.columns import Record
from vendors.inventory_models import Tag, VendorTag
from vendors.list_filter import VendorFilter
from vendors.list_queries import narrowed, one_page
from vendors.models import Vendor
from vendors.search_words import fold

AT_ONCE = 1000


def records(session: Session, viewer_id: UUID, wanted: VendorFilter) -> Iterator[list[Record]]:
    """Yield what is shown, all pages of it, as records of some hundred vendors at a time."""
    chosen = (
        select(
            Vendor.id,
            Vendor.name,
            Vendor.reference,
            Vendor.legal_name,
            Vendor.website,
            Vendor.country,
            Vendor.category,
            Vendor.purpose,
            Person.email,
            BusinessUnit.name.label("unit"),
            Vendor.tier,
            Vendor.is_tier_provisional,
            Vendor.state,
            Vendor.next_review_on,
        )
        .join(Person, Person.id == Vendor.owner_id)
        .outerjoin(BusinessUnit, BusinessUnit.id == Vendor.unit_id)
    )
    chosen = narrowed(session, viewer_id, wanted, chosen)
    cursor: str | None = None
    while True:
        found = one_page(session, chosen, wanted, cursor, AT_ONCE)
        yield _records(session, found.items)
        cursor = found.next_cursor
        if cursor is None:
            return


def _records(session: Session, rows: tuple[Any, ...]) -> list[Record]:
    ids = [row[0] for row in rows]
    tags, decided = _tags(session, ids), lent.decided(session, ids)
    return [_record(row, tags.get(row[0], ""), decided.get(row[0])) for row in rows]


def _record(row: Any, tags: str, decided: Any) -> Record:  # noqa: ANN401  a row of columns
    outcome, day = decided or (None, None)
    return {
        columns.NAME: row[1],
        columns.REFERENCE: row[2],
        columns.LEGAL_NAME: row[3],
        columns.WEBSITE: row[4],
        columns.COUNTRY: row[5],
        columns.CATEGORY: row[6],
        columns.PURPOSE: row[7],
        columns.OWNER: row[8],
        columns.UNIT: row[9],
        columns.TAGS: tags,
        columns.TIER: row[10],
        columns.STATE: row[12].value.capitalize(),
        columns.LAST_DECISION: outcome,
        columns.DECIDED_ON: day,
        columns.NEXT_REVIEW: row[13],
    }


def _tags(session: Session, vendor_ids: list[UUID]) -> dict[UUID, str]:
    chosen = (
        select(VendorTag.vendor_id, Tag.name)
        .join(Tag, Tag.id == VendorTag.tag_id)
        .where(VendorTag.vendor_id.in_(vendor_ids))
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for vendor_id, name in session.execute(chosen):
        found[vendor_id].append(name)
    return {
        each: columns.BETWEEN_TAGS.join(sorted(names, key=fold)) for each, names in found.items()
    }
