"""Rows out of a database and into one, as the database has them: no model is asked.

So a backup can be made of the schema of any version, and holds every table there is.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    TableClause,
    bindparam,
    cast,
    collate,
    column,
    inspect,
    select,
    table,
    types,
)

from foundation.schema import FULL_TEXT, REVISIONS
from operations.backup.kinds import COLUMN_TYPES, Kind, Row, kind_of, written

AT_ONCE = 500
AT_ONCE_WITH_FILES = 20
"""Rows held in memory together, where one may hold a whole report."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: its columns in order, and those that tell its rows apart."""

    name: str
    columns: tuple[tuple[str, Kind], ...]
    key: tuple[str, ...]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What its columns hold."""
        return tuple(kind for _, kind in self.columns)

    @property
    def at_once(self) -> int:
        """How many of its rows are held in memory together."""
        return AT_ONCE_WITH_FILES if Kind.BYTES in self.kinds else AT_ONCE

    def clause(self) -> TableClause:
        """Return it for statements."""
        return table(self.name, *(column(n, COLUMN_TYPES[kind]) for n, kind in self.columns))


def shapes(connection: Connection) -> list[Shape]:
    """Return every table that holds something of its own, those others point at first."""
    found = inspect(connection)
    names = [name for name, _ in found.get_sorted_table_and_fkc_names() if name]
    kept = [name for name in names if FULL_TEXT not in name and name != REVISIONS]
    return [
        Shape(
            name,
            tuple(
                (each["name"], kind_of(each["type"], f"{name}.{each['name']}"))
                for each in found.get_columns(name)
                if not each.get("computed")
            ),
            tuple(found.get_pk_constraint(name)["constrained_columns"]),
        )
        for name in kept
    ]


def lines(connection: Connection, shape: Shape) -> Iterator[bytes]:
    """Yield every row as a line, in an order both databases share."""
    clause = shape.clause()
    is_sqlite = connection.dialect.name == "sqlite"
    found: list[ColumnElement[object]] = [
        cast(each, types.Text) if kind is Kind.JSON and not is_sqlite else each
        for each, (_, kind) in zip(clause.columns, shape.columns, strict=True)
    ]
    kind_by_name = dict(shape.columns)
    order = [
        # Words are ordered byte by byte, as SQLite does it; PostgreSQL would ask a language.
        collate(clause.c[name], "C") if kind_by_name[name] is Kind.TEXT and not is_sqlite
        else clause.c[name]
        for name in shape.key
    ]  # fmt: skip
    chosen = select(*found).order_by(*order).execution_options(yield_per=shape.at_once)
    with connection.execute(chosen) as rows:
        for row in rows:
            yield written(row, shape.kinds)


def store(connection: Connection, shape: Shape, rows: Iterable[Row]) -> int:
    """Insert rows as they are; returns how many."""
    statement = _insertion(shape, is_sqlite=connection.dialect.name == "sqlite")
    names = [name for name, _ in shape.columns]
    n_stored, rest = 0, iter(rows)
    while some := list(islice(rest, shape.at_once)):
        connection.execute(statement, [dict(zip(names, row, strict=True)) for row in some])
        n_stored += len(some)
    return n_stored


def fingerprint(connection: Connection, shape: Shape) -> str:
    """Return the SHA-256 of all rows of a table."""
    known = hashlib.sha256()
    for line in lines(connection, shape):
        known.update(line)
    return known.hexdigest()


def _insertion(shape: Shape, *, is_sqlite: bool) -> Insert:
    statement = shape.clause().insert()
    if is_sqlite:
        return statement
    documents = {
        name: cast(bindparam(name, type_=types.Text()), types.JSON)
        for name, kind in shape.columns
        if kind is Kind.JSON
    }
    others = {
        name: bindparam(name, type_=COLUMN_TYPES[kind])
        for name, kind in shape.columns
        if kind is not Kind.JSON
    }
    return statement.values({**others, **documents})


def empty(connection: Connection, all_shapes: Sequence[Shape]) -> None:
    """Remove the rows a new schema begins with."""
    for shape in reversed(all_shapes):
        # An append-only table refuses to be emptied, even where it is empty already.
        if connection.execute(shape.clause().select().limit(1)).first() is not None:
            connection.execute(shape.clause().delete())
