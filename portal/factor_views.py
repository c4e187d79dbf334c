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
from identity import factors, limits, recovery, sessions, totp
from identity.rules import DoorKind, SessionStage
from portal.entry_views import asked_here, destination
from portal.factor_commands import enrol_app
from portal.forms import CodeForm
from portal.session import COOKIE, INVITATION_COOKIE, PortalContact, code_typed
from portal.views import bp

TRIES = 8
QUESTIONS = 40
WINDOW = timedelta(minutes=15)
TOO_MANY = "Too many codes were tried. Wait a quarter of an hour."
WRONG = "This code is not right. Wait for the next one in your app and type that."


@bp.get("/p/factor")
@code_typed
def factor(contact: PortalContact) -> ResponseReturnValue:
    """Ask for the second factor, or show how to set it up."""
    if contact.stage is SessionStage.FULL:
        return redirect_to("portal.start")
    return factor_page(contact, CodeForm())


@bp.get("/p/factor/qr.svg")
@code_typed
def factor_picture(contact: PortalContact) -> Response:
    """Draw the secret that waits to be confirmed; a confirmed one is never shown again."""
    secret = totp.pending_secret(session(), contact.person_id)
    if secret is None or factors.is_enrolled(session(), contact.person_id):
        raise Missing
    return Response(totp.picture(secret, contact.email), mimetype="image/svg+xml")


@bp.post("/p/factor/enrol")
@code_typed
def enrol_factor(contact: PortalContact) -> ResponseReturnValue:
    """Confirm a new app by its first code, and hand out the recovery codes once."""
    form = CodeForm(request.form)
    if not may_try(contact):
        return error_pages.answer(429, _(TOO_MANY))
    codes = None
    if form.validate():
        typed, at = form.code.data or "", clock.now()
        codes = enrol_app(session(), typed, by=contact.author, at=at)
    if codes is None:
        form.code.errors = form.code.errors or [_(WRONG)]
        return factor_page(contact, form), 422
    token = promote()
    way = destination(session()).location
    return carrying(token, Response(page("portal/recovery_codes.html", codes=codes, way=way)))


@bp.post("/p/factor")
@code_typed
def check_factor(contact: PortalContact) -> ResponseReturnValue:
    """Check a code of the app, or spend a recovery code."""
    form = CodeForm(request.form)
    if not may_try(contact):
        return error_pages.answer(429, _(TOO_MANY))
    if form.validate() and not _fits(contact, form.code.data or ""):
        form.code.errors = [_(WRONG)]
    if form.errors:
        return factor_page(contact, form), 422
    return carrying(promote(), destination(session()))


def _fits(contact: PortalContact, typed: str) -> bool:
    at = clock.now()
    is_from_app = totp.check(session(), contact.person_id, typed, at=at)
    return is_from_app or recovery.use(session(), contact.person_id, typed, at=at)


def promote() -> str:
    """Open the pages; forms printed from now on belong to the new token."""
    token = sessions.promote(session(), g.session_token, door=DoorKind.VENDOR, at=clock.now())
    g.session_token = token
    return token


def carrying(token: str, response: Response) -> Response:
    """Give the browser its new token; the invitation has done its work."""
    set_cookie(response, COOKIE, token)
    drop_cookie(response, INVITATION_COOKIE)
    return response


def may_try(contact: PortalContact) -> bool:
    """Count a try at the second factor. Raises Missing for whoever has passed it."""
    return _may(contact, "vendor-factor", TRIES)


def may_ask(contact: PortalContact) -> bool:
    """Count a question for a passkey: a device may be refused often. Raises Missing likewise."""
    return _may(contact, "vendor-passkey", QUESTIONS)


def _may(contact: PortalContact, what: str, capacity: int) -> bool:
    if contact.stage is SessionStage.FULL:
        raise Missing
    with side_write() as apart:
        return limits.take(apart, f"{what}|{contact.person_id}", capacity=capacity, per=WINDOW)


def factor_page(contact: PortalContact, form: CodeForm, *, problem: str = "") -> str:
    """Print the question for the second factor, or both ways to set one up."""
    with database().reading() as reading:
        has_app = totp.is_enrolled(reading, contact.person_id)
        has_passkey = factors.has_passkey(reading, contact.person_id)
        secret = totp.pending_secret(reading, contact.person_id)
        asked = asked_here(reading)
    if has_app or has_passkey:
        return page(
            "portal/factor_check.html",
            form=form,
            problem=problem,
            has_app=has_app,
            has_passkey=has_passkey,
        )
    return page("portal/factor_enrol.html", form=form, secret=secret, asked=asked, problem=problem)
