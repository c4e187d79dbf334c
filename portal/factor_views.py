"""The second factor of vendor people: set it up once, then type its code."""

from datetime import timedelta

from flask import Response, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from foundation import clock, error_pages
from foundation.csrf import drop_cookie, set_cookie
from foundation.db import database, session, side_write
from foundation.errors import Missing
from foundation.web import page, redirect_to
from identity import limits, recovery, sessions, totp
from identity.rules import DoorKind, SessionStage
from portal.entry_views import asked_here, destination
from portal.forms import CodeForm
from portal.session import COOKIE, INVITATION_COOKIE, PortalContact, code_typed
from portal.views import bp

TRIES = 8
WINDOW = timedelta(minutes=15)
WRONG = "This code is not right. Wait for the next one in your app and type that."


@bp.get("/p/factor")
@code_typed
def factor(contact: PortalContact) -> ResponseReturnValue:
    """Ask for the second factor, or show how to set it up."""
    if contact.stage is SessionStage.FULL:
        return redirect_to("portal.start")
    return _factor_page(contact, CodeForm())


@bp.get("/p/factor/qr.svg")
@code_typed
def factor_picture(contact: PortalContact) -> Response:
    """Draw the secret that waits to be confirmed; a confirmed one is never shown again."""
    secret = totp.pending_secret(session(), contact.person_id)
    if secret is None:
        raise Missing
    return Response(totp.picture(secret, contact.email), mimetype="image/svg+xml")


@bp.post("/p/factor/enrol")
@code_typed
def enrol_factor(contact: PortalContact) -> ResponseReturnValue:
    """Confirm a new app by its first code, and hand out the recovery codes once."""
    form = CodeForm(request.form)
    if not _may_try(contact):
        return error_pages.answer(429, _("Too many codes were tried. Wait a quarter of an hour."))
    if form.validate() and not totp.confirm(
        session(), form.code.data or "", by=contact.author, at=clock.now()
    ):
        form.code.errors = [_(WRONG)]
    if form.errors:
        return _factor_page(contact, form), 422
    codes = recovery.issue(session(), contact.person_id)
    token = _promote()
    way = destination(session()).location
    return _carrying(token, Response(page("portal/recovery_codes.html", codes=codes, way=way)))


@bp.post("/p/factor")
@code_typed
def check_factor(contact: PortalContact) -> ResponseReturnValue:
    """Check a code of the app, or spend a recovery code."""
    form = CodeForm(request.form)
    if not _may_try(contact):
        return error_pages.answer(429, _("Too many codes were tried. Wait a quarter of an hour."))
    if form.validate() and not _fits(contact, form.code.data or ""):
        form.code.errors = [_(WRONG)]
    if form.errors:
        return _factor_page(contact, form), 422
    return _carrying(_promote(), destination(session()))


def _fits(contact: PortalContact, typed: str) -> bool:
    at = clock.now()
    is_from_app = totp.check(session(), contact.person_id, typed, at=at)
    return is_from_app or recovery.use(session(), contact.person_id, typed, at=at)


def _promote() -> str:
    """Open the pages; forms printed from now on belong to the new token."""
    token = sessions.promote(session(), g.session_token, door=DoorKind.VENDOR, at=clock.now())
    g.session_token = token
    return token


def _carrying(token: str, response: Response) -> Response:
    set_cookie(response, COOKIE, token)
    drop_cookie(response, INVITATION_COOKIE)
    return response


def _may_try(contact: PortalContact) -> bool:
    if contact.stage is SessionStage.FULL:
        raise Missing
    with side_write() as apart:
        return limits.take(apart, f"vendor-factor|{contact.person_id}", capacity=TRIES, per=WINDOW)


def _factor_page(contact: PortalContact, form: CodeForm) -> str:
    with database().reading() as reading:
        is_enrolled = totp.is_enrolled(reading, contact.person_id)
        secret = totp.pending_secret(reading, contact.person_id)
        asked = asked_here(reading)
    if is_enrolled:
        return page("portal/factor_check.html", form=form)
    return page("portal/factor_enrol.html", form=form, secret=secret, asked=asked)
