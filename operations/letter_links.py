"""The links of letters shown to somebody who is not their reader: only those that open for them."""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from accounts.permissions import Permission
from accounts.signin import StaffMember
from foundation import clock
from foundation.csrf import cookie_name
from foundation.errors import Denied
from foundation.links import absolute
from foundation.web import plate_of
from identity import invitations, sessions
from identity.rules import DoorKind, InvitationState, SessionStage
from operations.ledger_subjects import KINDS, ids_open_to

_ADDRESS = re.compile(r"https?://[^\s<>]*[^\s<>.,;:!?)]")
_TOKENS = frozenset({"portal.enter", "accounts.set_password"})
_KIND_OF = {known.argument: kind for kind, known in KINDS.items() if known.target is None}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a letter: text, or an address of ours; `href` is empty where it may not open."""

    text: str
    is_ours: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class _Target:
    endpoint: str
    arguments: dict[str, Any]


def parts_of(body: str, open_ones: AbstractSet[str]) -> list[Part]:
    """Return a letter's text in pieces; only addresses that open are links."""
    parts, done, ours = [], 0, absolute("/")
    for match in _ADDRESS.finditer(body):
        address = match.group()
        if not address.startswith(ours):
            continue
        href = address if address in open_ones else ""
        parts += [Part(body[done : match.start()]), Part(address, is_ours=True, href=href)]
        done = match.end()
    return [*parts, Part(body[done:])]


def that_open(session: Session, bodies: Iterable[str]) -> frozenset[str]:
    """Return which addresses of ours in these letters open for the visitor of this request.

    What is asked: the plate of the page, whether the visitor sees the thing it is about, and
    whether a mailed link still lives. One that lets a person in is for who manages people alone.
    """
    targets = {address: target for body in bodies for address, target in _targets(body)}
    passed = {address: target for address, target in targets.items() if _passes(session, target)}
    wanted: dict[str, set[UUID]] = {}
    for target in passed.values():
        for kind, thing in _things(target):
            wanted.setdefault(kind, set()).add(thing)
    seen = ids_open_to(session, g.visitor, wanted) if wanted else frozenset[UUID]()
    return frozenset(
        address
        for address, target in passed.items()
        if all(thing in seen for _, thing in _things(target)) and _lives(session, target)
    )


def _targets(body: str) -> Iterator[tuple[str, _Target]]:
    for match in _ADDRESS.finditer(body):
        address = match.group()
        if address.startswith(absolute("/")):
            path = address.removeprefix(absolute("")).partition("?")[0]
            try:
                endpoint, arguments = current_app.url_map.bind("").match(path)
            except HTTPException:
                continue
            yield address, _Target(endpoint, dict(arguments))


def _is_vendor_signed_in(session: Session) -> bool:
    token = request.cookies.get(cookie_name(sessions.COOKIES[DoorKind.VENDOR]), "")
    found = sessions.find(session, token, DoorKind.VENDOR, clock.now())
    return found is not None and found.stage is SessionStage.FULL


def _passes(session: Session, target: _Target) -> bool:
    if target.endpoint == "accounts.set_password":
        return isinstance(g.visitor, StaffMember) and g.visitor.may(Permission.PEOPLE_MANAGE)
    if target.endpoint in _TOKENS:
        return True
    if target.endpoint.startswith("portal."):
        return _is_vendor_signed_in(session)
    plate = plate_of(current_app.view_functions[target.endpoint])
    try:
        return plate is not None and plate.check() is None
    except Denied:
        return False


def _things(target: _Target) -> list[tuple[str, UUID]]:
    return [(_KIND_OF[name], one) for name, one in target.arguments.items() if name in _KIND_OF]


def _lives(session: Session, target: _Target) -> bool:
    if target.endpoint not in _TOKENS:
        return True
    found = invitations.find_any(session, target.arguments["token"])
    if found is None:
        return False
    state = invitations.state_of(session, found, clock.now())
    # A vendor whose link is too old has another one mailed from the page it leads to.
    is_renewable = state is InvitationState.EXPIRED and target.endpoint == "portal.enter"
    return state is InvitationState.LIVE or is_renewable
