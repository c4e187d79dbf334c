"""What no form asks for: a value for every column of every table, and whether one of them stuck."""

import enum
from collections.abc import Iterator
from urllib.parse import urlencode

from sqlalchemy import Boolean, inspect, select

from foundation.db import Model

ALIEN = "0badcafe-0bad-4bad-8bad-0badcafe0bad"
VALUES = {
    "IdColumn": ALIEN,
    "Uuid": ALIEN,
    "Date": "2031-03-17",
    "UtcDateTime": "2031-03-17T04:05:06+00:00",
    "Integer": "424242",
    "BigInteger": "424242",
    "Float": "4242.4242",
    "Double": "4242.4242",
    "Boolean": "true",
    "JSON": '{"planted": "planted"}',
    "LargeBinary": "706c616e746564",
    "Text": "planted",
}
STUCK = (ALIEN, ALIEN.replace("-", ""), "2031-03-17", "424242", "4242.4242", "planted")
TRICKS = {
    "_sa_instance_state": "planted",
    "__class__": "planted",
    "__init__": "planted",
    "__proto__": "planted",
    "is_admin": "true",
    "_method": "DELETE",
}


def extras() -> dict[str, str]:
    """Return a value for every column of every table, and a few names that mean more in code."""
    found = dict(TRICKS)
    for mapper in Model.registry.mappers:
        for attribute in inspect(mapper.class_).column_attrs:
            for column in attribute.columns:
                found[column.name] = _value(column)
                found.setdefault(attribute.key, found[column.name])
    return found


def _value(column) -> str:
    members = getattr(column.type, "enum_class", None) or getattr(column.type, "enums", None)
    if members:
        last = list(members)[-1]
        return last.value if isinstance(last, enum.Enum) else str(last)
    return VALUES[type(column.type).__name__]


def with_extras(fields: list[tuple[str, str | None]], unwanted: dict[str, str]) -> str:
    """Return a form's own fields as they stand, and everything it has no field for.

    A box that is not ticked is a field of its own, and sends nothing.
    """
    own = {name for name, _ in fields}
    sent = [(name, value) for name, value in fields if value is not None]
    return urlencode([*sent, *((n, v) for n, v in unwanted.items() if n not in own)])


def everywhere(session) -> Iterator[tuple[str, str]]:
    """Return every value of every table as text, with where it stands."""
    for mapper in Model.registry.mappers:
        table = mapper.local_table
        for row in session.execute(select(table)).mappings():
            for name, value in row.items():
                if value is not None:
                    yield f"{table.name}.{name}", str(value)


def stuck(session) -> list[tuple[str, str]]:
    """Return what of the unasked-for values stands in the database."""
    return [
        (place, value[:80])
        for place, value in everywhere(session)
        if any(word in value for word in STUCK)
    ]


def switches(session) -> dict[tuple[str, str], dict[str, object]]:
    """Return of every row what is one of a few words, or yes or no: an extra could be one too."""
    found = {}
    for mapper in Model.registry.mappers:
        table = mapper.local_table
        narrow = [each for each in table.columns if _is_narrow(each)]
        if not narrow:
            continue
        for row in session.execute(select(*table.primary_key.columns, *narrow)).mappings():
            key = "|".join(str(row[each.name]) for each in table.primary_key.columns)
            found[table.name, key] = {each.name: row[each.name] for each in narrow}
    return found


def _is_narrow(column) -> bool:
    return isinstance(column.type, Boolean) or hasattr(column.type, "enums")
