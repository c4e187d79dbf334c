"""What belongs to a vendor: found from the schema, so that no table is forgotten."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, or_, select

from foundation.db import Model
from vendors.models import Vendor

VENDOR: Table = Vendor.__table__  # type: ignore[assignment]  # a table, as its class says
NAMED = "vendor_id"
"""How the column of a row's own vendor is called everywhere, with a key or without."""
POINTING = frozenset({("sub_processor", "provider_id")})
"""Columns that name a vendor as somebody else's: the row belongs to the other one."""


@cache
def owned() -> tuple[Table, ...]:
    """Return every table whose rows belong to one vendor, parents before children."""
    found: dict[str, Table] = {}
    for table in Model.metadata.sorted_tables:
        is_tied = NAMED in table.columns or any(_is_tie(key, found) for key in table.columns)
        if table is not VENDOR and is_tied:
            found[table.name] = table
    return tuple(found.values())


def belongs(table: Table, vendors: Select[Any]) -> ColumnElement[bool]:
    """Return the condition under which a row belongs to one of these vendors, by their ids."""
    if NAMED in table.columns:
        return table.columns[NAMED].in_(vendors)
    known = {one.name for one in owned()}
    ties = [
        (column, parent)
        for column in table.columns
        for parent in _parents(column)
        if parent.name in known and parent is not table
    ]
    return or_(*(_through(column, parent, vendors) for column, parent in ties))


def _through(column: Column[Any], parent: Table, vendors: Select[Any]) -> ColumnElement[bool]:
    (key,) = (one.column for one in column.foreign_keys if one.column.table is parent)
    return column.in_(select(key).where(belongs(parent, vendors)))


def _is_tie(column: Column[Any], known: Iterable[str]) -> bool:
    return _is_owner(column) and any(
        parent is VENDOR or parent.name in known for parent in _parents(column)
    )


def _is_owner(column: Column[Any]) -> bool:
    return (column.table.name, column.name) not in POINTING


def _parents(column: Column[Any]) -> list[Table]:
    return [key.column.table for key in column.foreign_keys]
