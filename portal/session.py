"""Who stands at the outside door: a person, and the vendors they answer for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select
from sqlalchemy.orm import Session

from audit.actions import Actor, ActorKind
from foundation import clock, error_pages
from foundation.csrf import cookie_name
from foundation.db import READING_METHODS, database, side_write
from foundation.errors import Denied
from foundation.web import Door, House, Plate, declare, page, redirect_to
from identity import factors, sessions
from identity.models import WebSession
from identity.rules import Author, DoorKind, SessionStage
from organisation.queries import zone_as_known, zone_in_force
from portal.given_back import typed_in
from portal.queries import Membership, memberships_of

COOKIE = "duly_portal"
INVITATION_COOKIE = "duly_invitation"
SIGNED_OUT = (
    "You are signed out. Open the link from your mail again; what you saved is still there."
)

NO_ZONE = "UTC"
"""What a person has who never chose a zone."""

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class PortalContact:
    """A person of one or more vendors, signed in; `stage` says how far."""

    person_id: UUID
    actor: Actor
    name: str
    email: str
    time_zone: str
    """The zone they chose, else that of the organisation that asks."""
    stage: SessionStage

    @property
    def author(self) -> Author:
        """Who acts, for the ledger and for the record."""
        return Author(self.actor, self.person_id)

    @property
    def memberships(self) -> tuple[Membership, ...]:
        """The vendors this person answers for; read once in a request, and only when asked."""
        if "memberships" not in g:
            with database().reading() as reading:
                g.memberships = memberships_of(reading, self.person_id)
        found: tuple[Membership, ...] = g.memberships
        return found


def install(app: House) -> None:
    """Hang the outside door, and within it the one that mail programs use without cookies."""
    app.hang(Door("/p/", authenticate, after=touch, paced_by=COOKIE))
    app.hang(Door("/p/mail/", lambda _: None, has_cookies=False))


@cache
def _live() -> Select[WebSession, str]:
    """Return the statement of the live session and the organisation's zone, made once."""
    return sessions.live().add_columns(zone_in_force())


def authenticate(reading: Session) -> PortalContact | None:
    """Return who the browser's cookie speaks for, or None."""
    token = request.cookies.get(cookie_name(COOKIE), "")
    at = clock.now()
    values = sessions.wanted(token, DoorKind.VENDOR, at)
    row = reading.execute(_live(), values).first() if token else None
    if row is None:
        return None
    found, zone = row
    g.session_token, g.known_at_the_door = token, zone_as_known(zone)
    g.seen = found.id if found.last_seen_at < at - sessions.SEEN_EVERY else None
    person = found.person
    return PortalContact(
        person_id=person.id,
        actor=Actor(ActorKind.VENDOR, person.actor_id),
        name=person.name,
        email=person.email,
        time_zone=zone or NO_ZONE if person.time_zone == NO_ZONE else person.time_zone,
        stage=found.stage,
    )


def touch() -> None:
    """Note, at most once a minute, that somebody is here."""
    seen = g.pop("seen", None)
    if seen is not None:
        with side_write() as apart:
            sessions.touch(apart, seen, clock.now())


def contact_required(view: View) -> Callable[..., Any]:
    """Open only to a contact who typed the code, and the second factor where it is asked for."""
    return _opened("contact", view, _check_signed_in)


def code_typed(view: View) -> Callable[..., Any]:
    """Open to a contact who typed the code, whatever is still to come."""
    return _opened("contact, code typed", view, _check_known)


def not_past_a_factor(view: View) -> Callable[..., Any]:
    """Open to a contact who typed the code and either passed the second factor or has none yet.

    Whoever is not the right person need not set a factor up to say so.
    """
    return _opened("contact, or code typed and no factor set up", view, _check_first_time)


def _opened(
    name: str, view: View, check: Callable[[], ResponseReturnValue | None]
) -> Callable[..., Any]:
    @wraps(view)
    def with_contact(**values: Any) -> ResponseReturnValue:  # noqa: ANN401  what the address holds
        return cast("ResponseReturnValue", view(g.visitor, **values))

    return declare(with_contact, Plate(name, check))


def _check_known() -> ResponseReturnValue | None:
    if isinstance(g.visitor, PortalContact):
        return None
    if request.method in READING_METHODS:
        return redirect_to("portal.welcome")
    if error_pages.wants_json():
        raise Denied(SIGNED_OUT)
    return page("portal/not_saved.html", sentence=_(SIGNED_OUT), typed=typed_in()), 403


def _check_signed_in() -> ResponseReturnValue | None:
    answer = _check_known()
    if answer is not None or g.visitor.stage is SessionStage.FULL:
        return answer
    if request.method in READING_METHODS:
        return redirect_to("portal.factor")
    raise Denied("Show your second factor first, then send this again.")


def _check_first_time() -> ResponseReturnValue | None:
    answer = _check_known()
    if answer is not None or g.visitor.stage is SessionStage.FULL:
        return answer
    with database().reading() as reading:
        is_enrolled = factors.is_enrolled(reading, g.visitor.person_id)
    return _check_signed_in() if is_enrolled else None
