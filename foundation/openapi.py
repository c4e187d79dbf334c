"""The OpenAPI 3.1 document: drawn from what the routes say of themselves, and nothing else."""

import re
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from foundation.api_operations import Answer, Match, Operation, calls_of
from foundation.api_shapes import Schema, drawn, ident, integer, many, record, text
from foundation.web import plate_of

PROBLEM_JSON = "application/problem+json"
PROBLEM = record(
    "Problem",
    {
        "type": text("Always about:blank (RFC 9457)."),
        "title": text("The name of the status.", like="Unprocessable Entity"),
        "status": integer("The status again."),
        "detail": text("What is wrong, where, and how to mend it: a sentence for a person."),
        "error": text("The same sentence."),
        "reasons": many({"type": "string"}, "Every further reason, where there are several."),
        "where": text("The key, header, parameter or place it is about; may be empty."),
        "reference": text("To quote to an administrator."),
    },
)
MEANS = {
    400: "The body cannot be read: line and column are named.",
    401: "No token, or one that is unknown, ended or revoked.",
    403: "The token only reads, or the person's roles do not include this.",
    404: "Nothing is there for this person.",
    409: "Somebody else was first: read what stands now.",
    412: "Another version stands by now; nothing was stored.",
    413: "The body is too large.",
    415: "The body has another type than this call takes.",
    422: "A rule says no, or the idempotency key came with other contents; `reasons` say why.",
    428: "Name the version you change: send If-Match.",
    429: "Too many calls: wait as long as Retry-After says.",
}
HEADERS: Schema = {
    "RateLimit": {"description": 'What is left: `"api";r=599;t=1`.', "schema": {"type": "string"}},
    "RateLimit-Policy": {
        "description": 'How much there is: `"api";q=600;w=60`.',
        "schema": {"type": "string"},
    },
}
_KINDS = {"UUIDConverter": ident(), "IntegerConverter": integer()}


def document(app: Flask, *, title: str, version: str, about: str, server: str) -> Schema:
    """Return the whole description; every route that describes itself is in it."""
    shapes: dict[str, Schema] = {}
    paths: dict[str, Schema] = {}
    for rule, method, operation in calls_of(app):
        drawing = _operation(app, rule, operation, shapes)
        paths.setdefault(_path(rule), {})[method.lower()] = drawing
    drawn(PROBLEM, shapes)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": about},
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(shapes.items())),
            "responses": {f"{status}": _problem(status, said) for status, said in MEANS.items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(app: Flask, rule: Rule, operation: Operation, shapes: dict[str, Schema]) -> Schema:
    plate = plate_of(app.view_functions[rule.endpoint])
    _door, scope, permission = (plate.name if plate else "api - -").split()
    found: Schema = {
        "operationId": rule.endpoint.replace(".", "_"),
        "tags": [operation.group],
        "summary": operation.does,
        "description": operation.more,
        "x-scope": scope,
        "x-permission": permission,
        "parameters": _parameters(rule, operation),
        "responses": _answers(rule, operation, shapes),
    }
    if operation.body is not None:
        found["requestBody"] = _body("application/json", operation.body, shapes)
    if operation.upload is not None:
        found["requestBody"] = _body("multipart/form-data", operation.upload, shapes)
    return found


def _parameters(rule: Rule, operation: Operation) -> list[Schema]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": _kind_of(rule, name)}
        for name in sorted(rule.arguments)
    ]
    found += [
        {"name": query.name, "in": "query", "required": False, "schema": query.schema}
        for query in operation.query
    ]
    if is_creating(rule, operation):
        found.append(_header("Idempotency-Key", "The same key does the work once.", 200))
    if operation.match is not Match.NO:
        found.append(
            _header(
                "If-Match", "The ETag you read.", None, is_required=operation.match is Match.MUST
            )
        )
    return found


def is_creating(rule: Rule, operation: Operation) -> bool:
    """Say whether the call makes something, so that a key can keep it from being made twice."""
    return "POST" in (rule.methods or ()) and bool({201, 202} & operation.answers.keys())


def _answers(rule: Rule, operation: Operation, shapes: dict[str, Schema]) -> Schema:
    found: Schema = {
        f"{status}": _answer(status, answer, operation, shapes)
        for status, answer in operation.answers.items()
    }
    if operation.has_version and "GET" in (rule.methods or ()):
        found["304"] = {"description": "It is as you know it.", "headers": HEADERS}
    for status in sorted(refusals_of(rule, operation)):
        said = operation.refuses.get(status)
        ref = {"$ref": f"#/components/responses/{status}"}
        found[f"{status}"] = ref if said is None else _problem(status, said)
    return found


def refusals_of(rule: Rule, operation: Operation) -> set[int]:
    """Return the statuses of refusals this call can give."""
    found = {401, 403, 422, 429, *operation.refuses}
    if rule.arguments:
        found.add(404)
    if operation.body is not None or operation.upload is not None:
        found |= {400, 409, 413, 415}
    elif "GET" not in (rule.methods or ()):
        found.add(409)
    if operation.match is not Match.NO:
        found.add(412)
    if operation.match is Match.MUST:
        found.add(428)
    return found


def _answer(status: int, answer: Answer, operation: Operation, shapes: dict[str, Schema]) -> Schema:
    headers: Schema = dict(HEADERS)
    if operation.has_version:
        headers["ETag"] = {"description": "Its version.", "schema": {"type": "string"}}
    if status in {201, 202}:
        headers["Location"] = {"description": "Where it is.", "schema": {"type": "string"}}
    shape: Any = {} if answer.shape is None else {"schema": drawn(answer.shape, shapes)}
    return {"description": answer.about, "headers": headers, "content": {answer.media: shape}}


def _problem(status: int, said: str) -> Schema:
    headers: Schema = {} if status == 401 else dict(HEADERS)
    if status == 429:
        headers["Retry-After"] = {"description": "Seconds.", "schema": {"type": "integer"}}
    reference = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": said,
        "headers": headers,
        "content": {PROBLEM_JSON: {"schema": reference}},
    }


def _body(media: str, shape: Any, shapes: dict[str, Schema]) -> Schema:  # noqa: ANN401  a schema
    return {"required": True, "content": {media: {"schema": drawn(shape, shapes)}}}


def _header(name: str, about: str, longest: int | None, *, is_required: bool = False) -> Schema:
    schema: Schema = {"type": "string"}
    if longest is not None:
        schema["maxLength"] = longest
    return {
        "name": name,
        "in": "header",
        "required": is_required,
        "description": about,
        "schema": schema,
    }


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def _kind_of(rule: Rule, name: str) -> Schema:
    converters = rule._converters  # noqa: SLF001  werkzeug keeps them there
    return _KINDS.get(type(converters[name]).__name__, text())
