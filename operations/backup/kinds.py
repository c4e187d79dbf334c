"""How each kind of value is written in a backup: the same whichever database it came from."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import types

from foundation.columns import UtcDateTime
from foundation.errors import Refused

Row = tuple[Any, ...]


class Kind(StrEnum):
    """What a column holds. Stands in the file, so it is never renamed."""

    ID = "id"
    MOMENT = "moment"
    DAY = "day"
    BYTES = "bytes"
    JSON = "json"
    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    TEXT = "text"


COLUMN_TYPES: dict[Kind, types.TypeEngine[Any]] = {
    Kind.ID: types.Uuid(),
    Kind.MOMENT: UtcDateTime(),
    Kind.DAY: types.Date(),
    Kind.BYTES: types.LargeBinary(),
    Kind.JSON: types.Text(),
    Kind.BOOL: types.Boolean(),
    Kind.INT: types.BigInteger(),
    Kind.FLOAT: types.Double(),
    Kind.TEXT: types.Text(),
}
"""How a column is read and written. JSON stays the text it is stored as, to the last blank."""

_FOUND_AS: tuple[tuple[type[types.TypeEngine[Any]], Kind], ...] = (
    (types.Uuid, Kind.ID),
    (types.DateTime, Kind.MOMENT),
    (types.Date, Kind.DAY),
    (types.JSON, Kind.JSON),
    (types.LargeBinary, Kind.BYTES),
    (types.Boolean, Kind.BOOL),
    (types.Integer, Kind.INT),
    (types.Float, Kind.FLOAT),
    (types.String, Kind.TEXT),
)


def kind_of(found: types.TypeEngine[Any], where: str) -> Kind:
    """Return what a column of a database holds; raises Refused for one nobody has thought of."""
    if isinstance(found, types.CHAR) and found.length == 32:
        return Kind.ID  # how SQLite keeps an identifier
    for known, kind in _FOUND_AS:
        if isinstance(found, known):
            return kind
    raise Refused(f"The column {where} is of a kind no backup can hold: {found}.")


def written(row: Sequence[Any], kinds: Sequence[Kind]) -> bytes:
    """Return a row as one line of JSON; the same row is always the same bytes."""
    values = [
        None if value is None else _WRITERS[kind](value)
        for value, kind in zip(row, kinds, strict=True)
    ]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read(line: bytes, kinds: Sequence[Kind]) -> Row:
    """Return the row of a line; raises ValueError when it is none."""
    values = json.loads(line)
    if not isinstance(values, list):
        raise ValueError("a row is a list")  # noqa: TRY004  one kind of failure for a bad line
    return tuple(
        None if value is None else _READERS[kind](value)
        for value, kind in zip(values, kinds, strict=True)
    )


def _as_is(value: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    return value


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _read_bytes(value: str) -> bytes:
    return base64.b64decode(value, validate=True)


_WRITERS: dict[Kind, Callable[[Any], object]] = {
    Kind.ID: str,
    Kind.MOMENT: _moment,
    Kind.DAY: date.isoformat,
    Kind.BYTES: _bytes,
    Kind.JSON: _as_is,
    Kind.BOOL: bool,
    Kind.INT: int,
    Kind.FLOAT: float,
    Kind.TEXT: _as_is,
}
_READERS: dict[Kind, Callable[[Any], object]] = {
    Kind.ID: UUID,
    Kind.MOMENT: datetime.fromisoformat,
    Kind.DAY: date.fromisoformat,
    Kind.BYTES: _read_bytes,
    Kind.JSON: _as_is,
    Kind.BOOL: bool,
    Kind.INT: int,
    Kind.FLOAT: float,
    Kind.TEXT: _as_is,
}
