"""Column types every room uses."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, DateTime, Enum, Uuid, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import InstrumentedAttribute, mapped_column
from sqlalchemy.types import TypeDecorator

from foundation.dates import in_utc
from foundation.ids import new_id

Id = Annotated[UUID, mapped_column(primary_key=True, default=new_id)]
Json = Annotated[dict[str, Any], mapped_column(JSON)]


def is_storable(text: str) -> bool:
    """Say whether a column can hold a text: none holds half a character, and one no nought."""
    return not any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Stored in UTC, returned aware; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs its time zone.")
        return in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@lru_cache(maxsize=16_384)
def _read_id(plain: str) -> UUID:
    """Read an identifier; it never changes, and making one of its text costs a microsecond."""
    return UUID(plain)


class IdColumn(Uuid[UUID]):
    """An identifier, read back without making the same one again and again."""

    cache_ok = True

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], UUID | None] | None:
        """Return how a stored value is read; a driver with its own type returns it so."""
        del coltype
        if dialect.supports_native_uuid:
            return None
        return lambda value: None if value is None else _read_id(value)


def by_value(kind: type[StrEnum], *, name: str) -> Enum:
    """Return an enum column type stored by value, with a CHECK of the given name."""
    return Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        name=name,
    )


def spelled(column: InstrumentedAttribute[Any], *values: object) -> ColumnElement[bool]:
    """Say whether a column has one of these values, spelled out in the statement and not bound.

    Only so do both databases see that a partial index holds every row that is wanted.
    """
    if len(values) == 1:
        found: ColumnElement[bool] = column == _literal(column, values[0])
        return found
    several = bindparam(
        None, values, type_=column.type, unique=True, expanding=True, literal_execute=True
    )
    return column.in_(several)


def spelled_not(column: InstrumentedAttribute[Any], value: object) -> ColumnElement[bool]:
    """Say whether a column has another value than this one, spelled out likewise."""
    found: ColumnElement[bool] = column != _literal(column, value)
    return found


def _literal(column: InstrumentedAttribute[Any], value: object) -> Any:  # noqa: ANN401  a parameter
    return bindparam(None, value, type_=column.type, unique=True, literal_execute=True)
