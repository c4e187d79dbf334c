"""The staff door: who stands there, and what is hung on the house for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from flask import Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin
from sqlalchemy.orm import Session

from accounts.permissions import Permission, grants_of
from accounts.queries import place_at_work
from accounts.rules import Role
from audit.actions import Actor, ActorKind
from foundation import clock, vault
from foundation.csrf import browser_secret, cookie_name, set_cookie
from foundation.db import side_write
from foundation.errors import Denied
from foundation.web import Door, House, Plate, View, declare
from identity import sessions
from identity.rules import Author, DoorKind, SessionStage
from organisation.queries import zone_as_known

COOKIE = sessions.COOKIES[DoorKind.STAFF]
KNOWN_COOKIE = "duly_known"
KNOWN_SECONDS = 180 * 24 * 3600


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Who is signed in, second factor done."""

    person_id: UUID
    actor: Actor
    name: str
    email: str
    roles: frozenset[Role]
    unit_ids: frozenset[UUID]
    time_zone: str
    session_id: UUID
    last_seen_at: datetime
    authenticated_at: datetime
    """When they last proved who they are in this browser."""

    @property
    def author(self) -> Author:
        """The member as somebody who acts."""
        return Author(self.actor, self.person_id)

    def may(self, permission: Permission) -> bool:
        """Return whether one of the roles grants this."""
        return permission in grants_of(self.roles)


@dataclass(frozen=True, slots=True)
class HalfWay:
    """Somebody whose password was right and whose second factor is still to come."""

    person_id: UUID
    actor: Actor
    email: str

    @property
    def author(self) -> Author:
        """The person as somebody who acts."""
        return Author(self.actor, self.person_id)


class LoginUser(UserMixin):  # type: ignore[misc]
    """The visitor as Flask-Login names one."""

    def __init__(self, member: StaffMember) -> None:
        """Wrap the member; the id is never written into a cookie."""
        self.member = member
        self.id = str(member.person_id)


class StaffLogin(LoginManager):  # type: ignore[misc]
    """Flask-Login without its cookies: it reads the visitor the gate found, and nothing else."""

    def _load_user(self) -> None:
        found = self._load_user_from_request(request)
        g._login_user = found or self.anonymous_user()  # noqa: SLF001  Flask-Login's own name


def install(app: House) -> None:
    """Hang the staff door on the house."""
    app.hang(Door("/", authenticate, after=touch))
    login = StaffLogin()
    login.session_protection = None
    login.request_loader(_login_user)
    app.login_manager = login  # type: ignore[attr-defined]


def authenticate(reading: Session) -> StaffMember | None:
    """Read the visitor's cookie; a half-way session is noted, but is nobody yet."""
    g.half_way = None
    token = request.cookies.get(cookie_name(COOKIE), "")
    if not token or request.endpoint == "static":
        return None
    found = sessions.find(reading, token, DoorKind.STAFF, clock.now())
    place = place_at_work(reading, found.person_id) if found else None
    if found is None or place is None:
        return None
    roles, unit_ids, zone = place
    g.session_token = token
    person, actor = found.person, Actor(ActorKind.STAFF, found.person.actor_id)
    if found.stage is not SessionStage.FULL:
        g.half_way = HalfWay(person.id, actor, person.email)
        return None
    g.time_zone, g.known_at_the_door = person.time_zone, zone_as_known(zone)
    return StaffMember(
        person_id=person.id,
        actor=actor,
        name=person.name,
        email=person.email,
        roles=roles,
        unit_ids=unit_ids,
        time_zone=person.time_zone,
        session_id=found.id,
        last_seen_at=found.last_seen_at,
        authenticated_at=found.authenticated_at,
    )


def touch() -> None:
    """Note the sighting, at most once a minute."""
    visitor, at = g.visitor, clock.now()
    if visitor is not None and visitor.last_seen_at < at - sessions.SEEN_EVERY:
        with side_write() as apart:
            sessions.touch(apart, visitor.session_id, at)


def me() -> StaffMember:
    """Return who is signed in. Raises Denied when nobody is."""
    if not isinstance(g.get("visitor"), StaffMember):
        raise Denied("You are signed out. Sign in again.")
    return cast("StaffMember", g.visitor)


def half_way() -> HalfWay:
    """Return who gave the right password. Raises Denied when nobody did."""
    if g.get("half_way") is None:
        raise Denied("Sign in with your password first.")
    return cast("HalfWay", g.half_way)


def half_way_only(view: View) -> View:
    """Demand somebody between the password and the second factor."""
    return declare(view, Plate("staff half way", _check_half_way))


def hand_over(response: Response, token: str) -> Response:
    """Give the browser its new session token."""
    g.session_token = token
    set_cookie(response, COOKIE, token)
    return response


def remember_browser(response: Response, email: str) -> Response:
    """Mark this browser as one in which this person has signed in: it has tries of its own."""
    set_cookie(response, KNOWN_COOKIE, _known_mark(email), max_age=KNOWN_SECONDS)
    return response


def is_known_browser(email: str) -> bool:
    """Return whether this person has signed in from this browser before."""
    given = request.cookies.get(cookie_name(KNOWN_COOKIE), "")
    return bool(given) and given in _known_marks(email)


def _known_mark(email: str) -> str:
    return vault.blind_index("known-browser", f"{email}|{browser_secret()}").hex()


def _known_marks(email: str) -> set[str]:
    indexes = vault.blind_indexes("known-browser", f"{email}|{browser_secret()}")
    return {index.hex() for index in indexes}


def _check_half_way() -> ResponseReturnValue | None:
    if g.visitor is not None:
        return redirect("/", code=303)
    if g.get("half_way") is None:
        return redirect(url_for("accounts.sign_in"), code=303)
    return None


def _login_user(_request: object) -> LoginUser | None:
    visitor = g.get("visitor")
    return LoginUser(visitor) if isinstance(visitor, StaffMember) else None
