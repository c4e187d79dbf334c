"""The description of the API arranged for a page: calls by group, their fields, an example."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.api_text import Line, pieces
from accounts.permissions import ROLE_GRANTS, Permission
from accounts.rules import Role
from foundation.api_operations import PREFIX
from foundation.api_shapes import Schema

_KINDS = {
    ("string", "uuid"): "id",
    ("string", "date"): "day",
    ("string", "date-time"): "moment",
    ("string", ""): "text",
    ("integer", ""): "whole number",
    ("number", ""): "number",
    ("boolean", ""): "true or false",
    ("null", ""): "null",
    ("object", ""): "an object",
}
_ORDER = (
    "Vendors",
    "Questionnaires",
    "Assessments",
    "Evidence",
    "Contracts",
    "Findings",
    "Decisions",
    "Reports",
    "Events",
)
"""In which people look for them; a group that is not named comes last."""
_SHAPES = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Field:
    """One key, header or parameter."""

    name: str
    kind: str
    shape: str
    """The name of the shape it holds, or nothing."""
    about: Line
    is_required: bool
    place: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One answer: its status, what it means, and the name of its shape."""

    status: str
    about: Line
    shape: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the page prints it."""

    anchor: str
    method: str
    path: str
    does: str
    more: Line
    scope: str
    permission: str
    roles: tuple[Role, ...]
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: tuple[Told, ...]
    """Those that say something of this call; what every call can say is in `refusals`."""
    refusals: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True)
class ApiPage:
    """Everything the page prints: calls by group, and the shapes they speak of."""

    groups: Mapping[str, tuple[Call, ...]]
    shapes: Mapping[str, tuple[Field, ...]]


def arranged(document: Schema, base: str) -> ApiPage:
    """Return the document in the order a person reads it."""
    groups: dict[str, tuple[Call, ...]] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            group = operation["tags"][0]
            call = _call(document, path, method.upper(), operation, base)
            groups[group] = (*groups.get(group, ()), call)
    known = document["components"]["schemas"]
    groups = {name: groups[name] for name in (*_ORDER, *groups) if name in groups}
    return ApiPage(groups, {name: _fields(known[name]) for name in known})


def example_of(document: Schema, schema: Schema) -> Any:  # noqa: ANN401  JSON
    """Return a value a schema allows, made of the examples in it."""
    if "$ref" in schema:
        return example_of(document, _resolved(document, schema))
    if "anyOf" in schema:
        return example_of(document, schema["anyOf"][0])
    if "examples" in schema:
        return schema["examples"][0]
    kind = schema.get("type")
    if kind == "object":
        return {key: example_of(document, one) for key, one in schema["properties"].items()}
    if kind == "array":
        return [example_of(document, schema["items"])]
    return "…"


def _call(document: Schema, path: str, method: str, operation: Schema, base: str) -> Call:
    content = operation.get("requestBody", {}).get("content", {})
    shape = next((_resolved(document, one["schema"]) for one in content.values()), None)
    permission = Permission(operation["x-permission"])
    return Call(
        anchor=operation["operationId"],
        method=method,
        path=path.removeprefix(PREFIX),
        does=operation["summary"],
        more=pieces(operation["description"]),
        scope=operation["x-scope"],
        permission=permission.value,
        roles=tuple(role for role in Role if permission in ROLE_GRANTS[role]),
        parameters=tuple(_parameter(one) for one in operation["parameters"]),
        body=_fields(shape) if shape else (),
        answers=tuple(
            _told(*one) for one in operation["responses"].items() if "$ref" not in one[1]
        ),
        refusals=tuple(key for key, one in operation["responses"].items() if "$ref" in one),
        example=_curl(document, f"{base}{path.removeprefix(PREFIX)}", method, operation),
    )


def _parameter(one: Schema) -> Field:
    schema = one["schema"]
    about = one.get("description", schema.get("description", ""))
    return Field(one["name"], _kind(schema), "", pieces(about), one["required"], one["in"])


def _fields(shape: Schema) -> tuple[Field, ...]:
    return tuple(
        Field(
            key,
            _kind(one),
            _named(one),
            pieces(one.get("description", "")),
            key in shape["required"],
        )
        for key, one in shape["properties"].items()
    )


def _told(status: str, response: Schema) -> Told:
    bodies = response.get("content", {}).values()
    shape = next((_named(one["schema"]) for one in bodies if "schema" in one), "")
    return Told(status, pieces(response["description"]), shape)


def _kind(schema: Schema) -> str:
    """Say in words what a value is."""
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "$ref" in schema:
        return "an object"
    if "enum" in schema:
        return " | ".join("null" if word is None else str(word) for word in schema["enum"])
    if "contentMediaType" in schema:
        return "a file"
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(_plain_kind(name, schema) for name in names)


def _plain_kind(name: str, schema: Schema) -> str:
    if name == "array":
        return f"a list of {_kind(schema['items'])}"
    word = _KINDS.get((name, schema.get("format", ""))) or _KINDS[(name, "")]
    if name == "integer" and "maximum" in schema:
        return f"{word}, {schema['minimum']} to {schema['maximum']}"
    return word


def _named(schema: Schema) -> str:
    """Return the name of the shape a schema leads to, if it leads to one."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_SHAPES)
    inner: Iterable[Schema] = [*schema.get("anyOf", ()), schema.get("items", {})]
    return next((name for one in inner if one and (name := _named(one))), "")


def _resolved(document: Schema, schema: Schema) -> Schema:
    name = str(schema["$ref"]).removeprefix(_SHAPES)
    found: Schema = document["components"]["schemas"][name]
    return found


def _curl(document: Schema, address: str, method: str, operation: Schema) -> str:
    lines = [f'curl "{address}"', '-H "Authorization: Bearer $TOKEN"']
    if method != "GET":
        lines[0] = f'curl -X {method} "{address}"'
    headers = {one["name"] for one in operation["parameters"] if one["in"] == "header"}
    if "Idempotency-Key" in headers:
        lines.append('-H "Idempotency-Key: order-17"')
    if "If-Match" in headers:
        lines.append("-H 'If-Match: \"3\"'")
    for media, one in operation.get("requestBody", {}).get("content", {}).items():
        lines += _sent(document, media, one["schema"])
    ok = min(operation["responses"])
    if "application/json" not in operation["responses"][ok]["content"]:
        lines.append("-O -J")
    return " \\\n  ".join(lines)


def _sent(document: Schema, media: str, schema: Schema) -> list[str]:
    example = example_of(document, schema)
    if media == "application/json":
        text = json.dumps(example, ensure_ascii=False, indent=2).replace("\n", "\n  ")
        return ['-H "Content-Type: application/json"', f"-d '{text}'"]
    return [
        "-F file=@report.pdf" if key == "file" else f'-F {key}="{value}"'
        for key, value in example.items()
    ]
