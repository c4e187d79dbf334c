"""What an API route says of itself: hung on the view, printed as OpenAPI and as a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.routing import Rule

from foundation.api_shapes import Record, Schema, integer, text

View = TypeVar("View", bound=Callable[..., Any])
JSON = "application/json"
PREFIX = "/api/v1"


class Match(StrEnum):
    """Whether a call names the version it changes."""

    NO = "no"
    MAY = "may"
    MUST = "must"


@dataclass(frozen=True, slots=True)
class Query:
    """A parameter after the question mark."""

    name: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back when it went well; no shape is bytes of the media type."""

    about: str
    shape: Record | Schema | None = None
    media: str = JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call: what it does, takes and answers. Answers every call can give are not listed."""

    group: str
    does: str
    answers: Mapping[int, Answer]
    more: str = ""
    query: tuple[Query, ...] = ()
    body: Record | None = None
    upload: Record | None = None
    """The fields of a form with a file; such a call takes no JSON."""
    match: Match = Match.NO
    has_version: bool = False
    """Whether the answer carries an ETag."""
    refuses: Mapping[int, str] = field(default_factory=dict)
    """More statuses than follow from the rest, with what they mean here."""


LIMIT = Query("limit", integer("How many items a page holds, 1 to 200.", least=1, most=200))
AFTER = Query("after", text("The cursor of the page before: its `next`."))
PAGED = (LIMIT, AFTER)


def describes(operation: Operation) -> Callable[[View], View]:
    """Hang what a call does on its view."""

    def hang(view: View) -> View:
        view.__operation__ = operation  # type: ignore[attr-defined]
        return view

    return hang


def operation_of(view: Callable[..., Any]) -> Operation | None:
    """Return what a view says of itself, if it is a call of the API."""
    found: Operation | None = getattr(view, "__operation__", None)
    return found


def requested_operation() -> Operation | None:
    """Return what the requested address says of itself."""
    if request.endpoint is None:
        return None
    return operation_of(current_app.view_functions[request.endpoint])


def calls_of(app: Flask) -> list[tuple[Rule, str, Operation]]:
    """Return every described route with its method, by address."""
    found = []
    for rule in app.url_map.iter_rules():
        operation = operation_of(app.view_functions[rule.endpoint])
        if operation is not None:
            (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            found.append((rule, method, operation))
    return sorted(found, key=lambda call: (call[0].rule, call[1]))
