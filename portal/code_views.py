"""The mailed code: typed into the browser that asked for it, and only there."""

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.actions import SYSTEM, Action
from audit.commands import record
from foundation import clock, settings
from foundation.csrf import browser_secret, cookie_name, drop_cookie, set_cookie
from foundation.db import database, session, side_write
from foundation.web import page, public, redirect_to
from identity import challenges, invitations, sessions, totp
from identity.addresses import masked
from identity.models import Invitation
from identity.queries import get_person
from identity.rules import CODE_LENGTH, CODE_LIVES, DoorKind, InvitationState, SessionStage
from mail.delivery import has_mail
from portal.entry_views import invited, way_to
from portal.forms import CodeForm
from portal.queries import Welcome, memberships_of
from portal.rules import needs_factor
from portal.session import COOKIE, INVITATION_COOKIE
from portal.views import bp


@bp.get("/p/code")
@public
def code() -> ResponseReturnValue:
    """Ask for the mailed code."""
    with database().reading() as reading:
        invitation, state, about = invited(reading)
    if invitation is None or about is None or state is not InvitationState.LIVE:
        return redirect_to("portal.welcome")
    return _code_page(invitation, about, CodeForm())


@bp.post("/p/code")
@public
def try_code() -> ResponseReturnValue:
    """Check the code; the session goes to the browser that asked for it and to no other."""
    form = CodeForm(request.form)
    with database().reading() as reading:
        invitation, state, about = invited(reading)
    if invitation is None or about is None or state is not InvitationState.LIVE:
        return redirect_to("portal.welcome")
    if form.validate() and not _is_code(invitation, form.code.data or ""):
        wrong = _("This code is wrong, too old, or was asked for in another browser.")
        form.code.errors = [wrong]
    if form.errors:
        form.code.data = ""
        return _code_page(invitation, about, form), 422
    return _let_in(invitation, about)


def _code_page(invitation: Invitation, about: Welcome, form: CodeForm) -> str:
    with database().reading() as reading:
        waiting = challenges.find_live(
            reading, invitation.id, browser_secret=browser_secret(), at=clock.now()
        )
    return page(
        "portal/code.html",
        form=form,
        about=about,
        waiting=waiting,
        address=masked(invitation.email),
        length=CODE_LENGTH,
        minutes=int(CODE_LIVES.total_seconds() // 60),
        has_mail=has_mail(),
    )


def _let_in(invitation: Invitation, about: Welcome) -> Response:
    at, writing = clock.now(), session()
    person = get_person(writing, invitation.person_id)
    tiers = [each.tier for each in memberships_of(writing, person.id)]
    is_enrolled = totp.is_enrolled(writing, person.id)
    is_asked = needs_factor(tiers, from_tier=settings.current().vendor_factor_from_tier)
    if is_asked and not is_enrolled:
        totp.begin(writing, person)
    stage = SessionStage.PASSWORD if is_asked or is_enrolled else SessionStage.FULL
    before = request.cookies.get(cookie_name(COOKIE), "")
    if before:
        sessions.end(writing, before, at)
    invitations.use(writing, invitation, at)
    token = sessions.start(writing, person.id, door=DoorKind.VENDOR, stage=stage, at=at)
    if stage is SessionStage.PASSWORD:
        response = redirect_to("portal.factor")
    else:
        response = way_to(about)
        drop_cookie(response, INVITATION_COOKIE)
    set_cookie(response, COOKIE, token)
    return response


def _is_code(invitation: Invitation, typed: str) -> bool:
    at = clock.now()
    fits = challenges.try_code(invitation.id, browser_secret=browser_secret(), code=typed, at=at)
    if not fits:
        with side_write() as apart:
            record(
                apart,
                at=at,
                actor=SYSTEM,
                action=Action.SIGN_IN_FAILED,
                subject=("invitation", invitation.id),
                detail={"door": DoorKind.VENDOR.value},
            )
    return fits
