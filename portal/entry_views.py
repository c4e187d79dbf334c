"""The way in: a link that rings the bell, a mailed code that opens."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from flask import Response, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from foundation import clock, error_pages, links, request_facts
from foundation.csrf import browser_secret, cookie_name, set_cookie
from foundation.db import database, session, side_write
from foundation.ids import new_id
from foundation.web import page, public, redirect_to
from identity import challenges, invitations, limits
from identity.models import Invitation
from identity.queries import get_person
from identity.rules import CODE_LIVES, InvitationState, Purpose, grouped
from mail.commands import queue
from mail.delivery import has_mail
from mail.letters import compose
from organisation.queries import name_of_organisation
from portal.attestation_queries import find_word_welcome
from portal.queries import Welcome, find_welcome
from portal.rules import minutes_for
from portal.session import INVITATION_COOKIE, PortalContact
from portal.views import bp

COOKIE_SECONDS = 3600
CODES_PER_ADDRESS = 10
CODES_PER_ADDRESS_FROM_ONE_PLACE = 5
"""Fewer than there are in all: a scanner that sends every form leaves some for the human."""
CODES_PER_PLACE = 40
WINDOW = timedelta(minutes=15)


@bp.get("/p/i/<token>")
@public
def enter(token: str) -> Response:
    """Move the token out of the address into a cookie; nothing is spent by looking."""
    response = redirect_to("portal.welcome")
    set_cookie(response, INVITATION_COOKIE, token[:200], max_age=COOKIE_SECONDS)
    return response


@bp.get("/p/i")
@public
def welcome() -> ResponseReturnValue:
    """Show who asks, for what, how long it takes and until when; no more."""
    with database().reading() as reading:
        invitation, state, about = invited(reading)
    if about is None or invitation is None:
        return page("portal/no_entry.html", state=InvitationState.REVOKED)
    if isinstance(g.visitor, PortalContact) and g.visitor.person_id == invitation.person_id:
        return way_to(about)
    if state is not InvitationState.LIVE:
        return page("portal/no_entry.html", state=state)
    minutes = minutes_for(about.n_questions)
    return page("portal/welcome.html", about=about, minutes=minutes, has_mail=has_mail())


@bp.post("/p/i")
@public
def mail_code() -> ResponseReturnValue:
    """Mail a code to the invited address, good only in this browser."""
    with database().reading() as reading:
        invitation, state, about = invited(reading)
    if invitation is None or about is None or state is not InvitationState.LIVE:
        return redirect_to("portal.welcome")
    if not _may_mail(invitation):
        return error_pages.answer(429, _too_many())
    at = clock.now()
    person = get_person(session(), invitation.person_id)
    code = challenges.ask(session(), invitation, browser_secret=browser_secret(), at=at)
    queue(
        session(),
        dedupe_key=f"vendor_code:{invitation.id}:{new_id()}:{person.email}",
        kind="vendor_code",
        to=(person.email, person.name),
        text=compose(
            "vendor_code",
            org=name_of_organisation(session()),
            name=person.name,
            code=grouped(code),
            minutes=int(CODE_LIVES.total_seconds() // 60),
        ),
        at=at,
    )
    return redirect_to("portal.code")


@bp.post("/p/i/new")
@public
def mail_link() -> ResponseReturnValue:
    """Mail a new link in place of an expired one, to the address that was invited."""
    with database().reading() as reading:
        invitation, state, about = invited(reading)
    if invitation is None or about is None or state is not InvitationState.EXPIRED:
        return redirect_to("portal.welcome")
    if not _may_mail(invitation):
        return error_pages.answer(429, _too_many())
    at = clock.now()
    person = get_person(session(), invitation.person_id)
    purpose = Purpose.VENDOR_ENTRY
    fresh, token = invitations.invite(
        session(), person, purpose=purpose, for_id=about.about_id, at=at
    )
    queue(
        session(),
        dedupe_key=f"vendor_link:{fresh.id}:new:{person.email}",
        kind="vendor_link",
        to=(person.email, person.name),
        text=compose(
            "vendor_link",
            org=name_of_organisation(session()),
            name=person.name,
            title=about.title,
            due_on=about.due_on,
            link=links.absolute(invitations.path(purpose, token)),
        ),
        at=at,
    )
    return page("portal/link_mailed.html", about=about, has_mail=has_mail())


@bp.get("/p/signed-out")
@public
def signed_out() -> str:
    """Say that the way out was taken."""
    return page("portal/signed_out.html")


def destination(reading: Session) -> Response:
    """Return the way to what the invitation of this browser is about, or to the start."""
    _invitation, _state, about = invited(reading)
    if about is None:
        return redirect_to("portal.start")
    return way_to(about)


def way_to(about: Welcome) -> Response:
    """Return the way to what an invitation is about."""
    if about.is_word:
        return redirect_to("portal.attest", attestation_id=about.about_id)
    return redirect_to("portal.hub", assessment_id=about.about_id)


def asked_here(reading: Session) -> UUID | None:
    """Return the assessment the invitation of this browser is about, or None."""
    _invitation, _state, about = invited(reading)
    return about.about_id if about and not about.is_word else None


def invited(
    reading: Session,
) -> tuple[Invitation | None, InvitationState, Welcome | None]:
    """Return this browser's invitation, its state and what it is about."""
    token = request.cookies.get(cookie_name(INVITATION_COOKIE), "")
    found = invitations.find_any(reading, token)
    if found is None or found.purpose is not Purpose.VENDOR_ENTRY:
        return None, InvitationState.REVOKED, None
    state = invitations.state_of(reading, found, clock.now())
    if state is InvitationState.REVOKED:
        return found, state, None
    return found, state, find_welcome(reading, found) or find_word_welcome(reading, found)


def _may_mail(invitation: Invitation) -> bool:
    place, address = request_facts.place(), invitation.email
    buckets = (
        (f"vendor-code|ip|{place}", CODES_PER_PLACE),
        (f"vendor-code|both|{place}|{address}", CODES_PER_ADDRESS_FROM_ONE_PLACE),
        (f"vendor-code|address|{address}", CODES_PER_ADDRESS),
    )
    with side_write() as apart:
        # The next bucket is only touched by whoever the one before let through.
        return all(limits.take(apart, key, capacity=n, per=WINDOW) for key, n in buckets)


def _too_many() -> str:
    return cast(
        "str",
        _("Too many codes were asked for. Use the newest code, or wait a quarter of an hour."),
    )
