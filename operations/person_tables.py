"""Where a person stands in the database: found from the schema, so that no table is forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    Select,
    Table,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from foundation.db import Model
from identity.models import Person
from operations.vendor_tables import VENDOR, belongs, owned

SECRETS = frozenset({"password_hash", "token_hash", "code_hash", "browser_hash", "secret_sealed"})
"""Columns that are nobody's to read, not even the person's."""


@dataclass(frozen=True, slots=True)
class Place:
    """A table that names persons, and by which of its columns."""

    table: Table
    columns: tuple[Column[Any], ...]


def places() -> tuple[Place, ...]:
    """Return every table with a column that points to a person."""
    person = Model.metadata.tables[Person.__tablename__]
    found = []
    for table in Model.metadata.sorted_tables:
        columns = tuple(
            column
            for column in table.columns
            if any(key.column.table is person for key in column.foreign_keys)
        )
        if columns:
            found.append(Place(table, columns))
    return tuple(found)


def rows_of(
    session: Session, place: Place, person_id: UUID, hidden: Select[Any]
) -> Iterator[dict[str, object]]:
    """Give every row of a table that names a person, as JSON holds it, without secrets.

    Rows that belong to one of the hidden vendors are left out.
    """
    shown = [column for column in place.table.columns if is_shown(column)]
    chosen = select(*shown).where(_names(place, person_id), *_seen(place.table, hidden))
    for row in session.execute(chosen).mappings():
        yield {name: plain(value) for name, value in row.items()}


def counts_of(
    session: Session, person_id: UUID, hidden: Select[Any] | None = None
) -> dict[str, int]:
    """Return how many rows of each table name a person, in one statement.

    Tables without any are left out; so are rows that belong to one of the hidden vendors.
    """
    counted = [
        select(literal(place.table.name).label("name"), func.count().label("n"))
        .select_from(place.table)
        .where(_names(place, person_id), *_seen(place.table, hidden))
        for place in places()
    ]
    found = session.execute(union_all(*counted))
    return {name: count for name, count in found if count}


def _seen(table: Table, hidden: Select[Any] | None) -> list[ColumnElement[bool]]:
    if hidden is None:
        return []
    if table is VENDOR:
        return [VENDOR.c.id.not_in(hidden)]
    return [~belongs(table, hidden)] if table in owned() else []


def _names(place: Place, person_id: UUID) -> ColumnElement[bool]:
    return or_(*(column == person_id for column in place.columns))


def is_shown(column: Column[Any]) -> bool:
    """Say whether a column may leave: no secret, nothing sealed."""
    return column.name not in SECRETS and not isinstance(column.type, LargeBinary)


def plain(value: object) -> object:
    """Return a value of a column as JSON holds it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value
