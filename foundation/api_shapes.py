"""Shapes of the JSON API in JSON Schema 2020-12: written once, beside the code that does it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Schema = dict[str, Any]

_EXAMPLE_ID = "0198c5a0-5f3e-7cc1-9d4e-2f6a1b3c4d5e"


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """An object with exactly these keys; in a body, those in `optional` may be left out."""

    name: str
    fields: Mapping[str, Any]
    optional: frozenset[str] = frozenset()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys it may have."""
        return tuple(self.fields)


def record(name: str, fields: Mapping[str, Any], *, optional: Iterable[str] = ()) -> Record:
    """Return an object of the API; `name` stands in the document."""
    return Record(name, fields, frozenset(optional))


def text(about: str = "", *, like: str = "") -> Schema:
    """Return a text; `like` is an example of one."""
    return _said({"type": "string"}, about, like or None)


def ident(about: str = "") -> Schema:
    """Return the id of something."""
    return _said({"type": "string", "format": "uuid"}, about, _EXAMPLE_ID)


def day(about: str = "") -> Schema:
    """Return a day, YYYY-MM-DD."""
    return _said({"type": "string", "format": "date"}, about, "2026-12-18")


def moment(about: str = "") -> Schema:
    """Return a moment with its offset from UTC."""
    return _said({"type": "string", "format": "date-time"}, about, "2026-12-18T09:30:00+00:00")


def integer(about: str = "", *, least: int | None = None, most: int | None = None) -> Schema:
    """Return a whole number between two bounds."""
    schema: Schema = {"type": "integer"}
    if least is not None:
        schema["minimum"] = least
    if most is not None:
        schema["maximum"] = most
    return _said(schema, about, least if least is not None else 1)


def number(about: str = "") -> Schema:
    """Return a number."""
    return _said({"type": "number"}, about, 0.75)


def yes_or_no(about: str = "") -> Schema:
    """Return true or false."""
    return _said({"type": "boolean"}, about, example=True)


def one_of(offered: type[StrEnum] | Collection[str], about: str = "") -> Schema:
    """Return one of a closed list of words."""
    words = [str(each) for each in offered]
    return _said({"type": "string", "enum": words}, about, words[0])


def many(item: Any, about: str = "", *, most: int | None = None) -> Schema:  # noqa: ANN401  a schema
    """Return a list of these."""
    schema: Schema = {"type": "array", "items": item}
    if most is not None:
        schema["maxItems"] = most
    return _said(schema, about, None)


def maybe(schema: Any) -> Schema:  # noqa: ANN401  a schema or a record
    """Return this or null."""
    if isinstance(schema, Record):
        return {"anyOf": [schema, {"type": "null"}]}
    changed: Schema = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        changed["enum"] = [*schema["enum"], None]
    return changed


def file(about: str) -> Schema:
    """Return the file of a form."""
    return _said({"type": "string", "contentMediaType": "application/octet-stream"}, about, None)


def page_of(item: Record) -> Record:
    """Return one page of a list: its items, and the cursor of the next page or null."""
    cursor = maybe(text("Send it as `after` for the next page; null on the last."))
    return record(f"{item.name}Page", {"items": many(item), "next": cursor})


def drawn(shape: Any, into: dict[str, Schema]) -> Any:  # noqa: ANN401  a schema, whatever is in it
    """Return a shape in which records are references, and put the records into `into`."""
    if isinstance(shape, Record):
        if shape.name not in into:
            into[shape.name] = {}
            into[shape.name].update(_object(shape, into))
        return {"$ref": f"#/components/schemas/{shape.name}"}
    if isinstance(shape, dict):
        return {key: drawn(value, into) for key, value in shape.items()}
    if isinstance(shape, list):
        return [drawn(value, into) for value in shape]
    return shape


def _object(shape: Record, into: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": {key: drawn(value, into) for key, value in shape.fields.items()},
        "required": [key for key in shape.fields if key not in shape.optional],
        "additionalProperties": False,
    }


def _said(schema: Schema, about: str, example: object) -> Schema:
    if about:
        schema["description"] = about
    if example is not None:
        schema["examples"] = [example]
    return schema
