"""The API door: staff programs with a bearer token, and what a token may do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from flask import Response, g, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from accounts.api_arguments import refuse_unknown
from accounts.permissions import NOT_YOURS, Permission
from accounts.queries import place_at_work
from accounts.signin import StaffMember
from audit.actions import Actor, ActorKind
from foundation import clock, json_body, settings
from foundation.api_operations import requested_operation
from foundation.db import READING_METHODS, side_write
from foundation.error_pages import answer
from foundation.errors import Denied
from foundation.web import Door, House, Plate, declare
from identity import api_tokens, limits
from identity.api_tokens import USED_EVERY
from identity.models import Person
from identity.rules import Scope
from organisation.queries import zone_as_known

View = TypeVar("View", bound=Callable[..., Any])

PREFIX = "/api/"
SCHEME = "bearer"
NO_TOKEN = "Send a token that is in force: Authorization: Bearer <token>."  # noqa: S105  a sentence
ONLY_READS = "This token may only read. Use one whose scope is write."
TOO_MANY = "Too many calls: {calls} a minute are yours, with all your tokens. Wait {wait} seconds."
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class TokenBearer(StaffMember):
    """A member of staff whose program shows a token; `session_id` names that token."""

    scope: Scope
    is_unused: bool


def install(app: House) -> None:
    """Hang the API door on the house. It knows no cookies, so nothing can be forged there."""
    app.hang(Door(PREFIX, authenticate, has_cookies=False, after=touch))
    app.after_request(_say_what_is_left)


def authenticate(reading: Session) -> TokenBearer | None:
    """Read the token; wrong, ended, revoked and of somebody who left look the same."""
    operation = requested_operation()
    if operation is None or operation.upload is None:
        request.max_content_length = json_body.LARGEST
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME:
        return None
    found = api_tokens.find(reading, token.strip(), clock.now())
    place = place_at_work(reading, found.person_id) if found else None
    if found is None or place is None:
        return None
    roles, unit_ids, zone = place
    person = reading.get_one(Person, found.person_id)
    g.asker = f"api|{person.id}"
    g.time_zone, g.known_at_the_door = person.time_zone, zone_as_known(zone)
    return TokenBearer(
        person_id=person.id,
        actor=Actor(ActorKind.STAFF, person.actor_id),
        name=person.name,
        email=person.email,
        roles=roles,
        unit_ids=unit_ids,
        time_zone=person.time_zone,
        session_id=found.id,
        last_seen_at=found.last_used_at or found.created_at,
        authenticated_at=found.created_at,
        scope=Scope(found.scope),
        is_unused=found.last_used_at is None,
    )


def touch() -> None:
    """Count the call against what the person has, and note at most once a minute its token's use.

    Nobody without a token is counted: a flood of them writes nothing.
    """
    bearer, at = g.visitor, clock.now()
    if bearer is None:
        return
    key, calls = f"api|{bearer.person_id}", settings.current().api_calls_per_minute
    with side_write() as apart:
        g.allowance = limits.spend(apart, key, capacity=calls, per=MINUTE)
        if bearer.is_unused or bearer.last_seen_at < at - USED_EVERY:
            api_tokens.touch(apart, bearer.session_id, at)


def api_requires(permission: Permission, *, scope: Scope = Scope.READ) -> Callable[[View], View]:
    """Demand a token of this scope, of somebody who holds the permission; write includes read."""

    def hang(view: View) -> View:
        return declare(view, Plate(f"api {scope} {permission}", lambda: _check(permission, scope)))

    return hang


def _check(permission: Permission, scope: Scope) -> ResponseReturnValue | None:
    bearer = g.visitor
    if not isinstance(bearer, TokenBearer):
        return _challenge(401, NO_TOKEN, "Authorization" in request.headers)
    if not g.allowance.is_allowed:
        return _put_off(g.allowance)
    may_write = bearer.scope is Scope.WRITE
    if not may_write and (scope is Scope.WRITE or request.method not in READING_METHODS):
        return _refuse_scope()
    if not bearer.may(permission):
        raise Denied(NOT_YOURS)
    operation = requested_operation()
    refuse_unknown(request.args, [query.name for query in operation.query] if operation else [])
    return None


def _challenge(status: int, sentence: str, is_wrong: bool) -> ResponseReturnValue:
    reply = make_response(answer(status, sentence))
    reply.headers["WWW-Authenticate"] = (
        'Bearer realm="Duly", error="invalid_token"' if is_wrong else 'Bearer realm="Duly"'
    )
    return reply


def _refuse_scope() -> ResponseReturnValue:
    reply = make_response(answer(403, ONLY_READS))
    reply.headers["WWW-Authenticate"] = (
        'Bearer realm="Duly", error="insufficient_scope", scope="write"'
    )
    return reply


def _put_off(allowance: limits.Allowance) -> ResponseReturnValue:
    sentence = TOO_MANY.format(calls=allowance.capacity, wait=allowance.wait)
    reply = make_response(answer(429, sentence))
    reply.headers["Retry-After"] = str(allowance.wait)
    return reply


def _say_what_is_left(reply: Response) -> Response:
    """Tell a program how many calls it has (draft-ietf-httpapi-ratelimit-headers-10)."""
    allowance: limits.Allowance | None = g.get("allowance")
    if allowance is not None:
        reply.headers["RateLimit-Policy"] = f'"api";q={allowance.capacity};w={MINUTE.seconds}'
        reply.headers["RateLimit"] = f'"api";r={allowance.left};t={allowance.wait}'
    return reply
