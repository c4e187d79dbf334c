"""Keeping what vendors are found by true: in the transaction of every change, and from nothing."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Result, delete, event, func, inspect, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, Session

from foundation.db import HouseSession
from foundation.idnumbers import normalised
from identity.models import Person
from vendors.inventory_models import Tag, VendorTag
from vendors.models import Vendor, VendorAlias, VendorIdentifier
from vendors.search_models import VendorIndex
from vendors.search_words import fold, index_text

AT_ONCE = 500
FACTS = (
    "reference",
    "name",
    "name_key",
    "legal_name",
    "website",
    "domain_key",
    "category",
    "purpose",
    "owner_id",
)
"""What of a vendor's own row is looked for; the rest may change without us."""

_OWNERS: dict[type, Any] = {
    Vendor: Vendor.id,
    VendorAlias: VendorAlias.vendor_id,
    VendorIdentifier: VendorIdentifier.vendor_id,
    VendorTag: VendorTag.vendor_id,
}

Row = dict[str, Any]


def refresh(connection: Connection, vendor_ids: Iterable[UUID]) -> None:
    """Bring the index of some vendors up to their facts."""
    for some in _batched(vendor_ids):
        rows = _rows(connection, some)
        if rows:
            _store(connection, rows)


def rebuild(session: Session) -> int:
    """Make the whole index again from the facts; returns how many vendors it holds."""
    connection = session.connection()
    connection.execute(delete(VendorIndex))
    refresh(connection, session.scalars(select(Vendor.id)).all())
    return session.scalars(select(func.count(VendorIndex.number))).one()


def fill(session: Session) -> None:
    """Index vendors the index has never seen, such as those of before it existed."""
    unknown = select(Vendor.id).where(Vendor.id.not_in(select(VendorIndex.vendor_id)))
    refresh(session.connection(), session.scalars(unknown).all())


def differences(session: Session) -> list[UUID]:
    """Return the vendors whose index is not what their facts say."""
    stored = {
        row.vendor_id: (row.words, row.owner_key, row.reference_number)
        for row in session.execute(
            select(
                VendorIndex.vendor_id,
                VendorIndex.words,
                VendorIndex.owner_key,
                VendorIndex.reference_number,
            )
        )
    }
    wrong = []
    for some in _batched(session.scalars(select(Vendor.id)).all()):
        for row in _rows(session.connection(), some):
            meant = (row["words"], row["owner_key"], row["reference_number"])
            if stored.get(row["vendor_id"]) != meant:
                wrong.append(row["vendor_id"])
    return wrong


def number_of(reference: str) -> int:
    """Return 42 for V-0042."""
    digits = re.sub(r"\D", "", reference)
    return int(digits) if digits else 0


@event.listens_for(HouseSession, "after_flush")
def _follow(session: Session, _context: object) -> None:
    touched = {i for each in (session.new, session.dirty, session.deleted) for i in _of(each)}
    tags = [row.id for row in session.dirty if isinstance(row, Tag) and _changed(row, ("name",))]
    owners = [
        row.id for row in session.dirty if isinstance(row, Person) and _changed(row, ("name",))
    ]
    connection = session.connection() if touched or tags or owners else None
    if connection is None:
        return
    if tags:
        tagged = select(VendorTag.vendor_id).where(VendorTag.tag_id.in_(tags))
        touched |= set(connection.scalars(tagged))
    if owners:
        touched |= set(connection.scalars(select(Vendor.id).where(Vendor.owner_id.in_(owners))))
    refresh(connection, touched)


@event.listens_for(HouseSession, "do_orm_execute")
def _follow_statement(state: ORMExecuteState) -> Result[Any] | None:
    """Follow statements that change many rows and pass the flush by: ask first whom they touch."""
    mapper = state.bind_mapper
    owner = _OWNERS.get(mapper.class_) if mapper is not None else None
    if owner is None or not (state.is_update or state.is_delete):
        return None
    statement: Any = state.statement
    chosen = (
        select(owner)
        if statement.whereclause is None
        else select(owner).where(statement.whereclause)
    )
    touched = set(state.session.scalars(chosen))
    result = state.invoke_statement()
    refresh(state.session.connection(), touched)
    return result


def _of(rows: Iterable[object]) -> Iterator[UUID]:
    for row in rows:
        if isinstance(row, VendorAlias | VendorIdentifier | VendorTag):
            yield row.vendor_id
        elif isinstance(row, Vendor) and _changed(row, FACTS):
            yield row.id


def _changed(row: object, names: Iterable[str]) -> bool:
    state = inspect(row)
    return any(state.attrs[name].history.has_changes() for name in names)


def _rows(connection: Connection, vendor_ids: list[UUID]) -> list[Row]:
    chosen = (
        select(
            Vendor.id,
            Vendor.reference,
            Vendor.name,
            Vendor.name_key,
            Vendor.legal_name,
            Vendor.domain_key,
            Vendor.category,
            Vendor.purpose,
            Person.name.label("owner"),
        )
        .join(Person, Person.id == Vendor.owner_id)
        .where(Vendor.id.in_(vendor_ids))
    )
    further = _further(connection, vendor_ids)
    return [
        {
            "vendor_id": row.id,
            "words": index_text(*row[1:8], row.reference.replace("-", ""), *further[row.id]),
            "owner_key": fold(row.owner),
            "reference_number": number_of(row.reference),
        }
        for row in connection.execute(chosen)
    ]


def _further(connection: Connection, vendor_ids: list[UUID]) -> dict[UUID, list[str]]:
    """Return other names, tags and numbers that are no secret; sealed ones are found blindly."""
    numbers = select(VendorIdentifier.vendor_id, VendorIdentifier.value)
    read: Any = union_all(
        select(VendorAlias.vendor_id, VendorAlias.name).where(
            VendorAlias.vendor_id.in_(vendor_ids)
        ),
        select(VendorTag.vendor_id, Tag.name)
        .join(Tag, Tag.id == VendorTag.tag_id)
        .where(VendorTag.vendor_id.in_(vendor_ids)),
        numbers.where(
            VendorIdentifier.vendor_id.in_(vendor_ids), VendorIdentifier.value.is_not(None)
        ),
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for vendor_id, text in connection.execute(read):
        found[vendor_id] += [text, normalised(text)]
    return found


def _store(connection: Connection, rows: list[Row]) -> None:
    kept = ("words", "owner_key", "reference_number")
    if connection.dialect.name == "sqlite":
        written: Any = sqlite.insert(VendorIndex)
    else:
        written = postgresql.insert(VendorIndex)
    onto = {name: written.excluded[name] for name in kept}
    connection.execute(written.on_conflict_do_update(index_elements=["vendor_id"], set_=onto), rows)


def _batched(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    rest = iter(ids)
    while some := list(islice(rest, AT_ONCE)):
        yield some
