"""The second factor of vendor people by passkey: set it up once, then sign with it."""

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.actions import SYSTEM, Action
from audit.commands import record
from foundation import clock, error_pages
from foundation.csrf import browser_secret
from foundation.db import session, side_write
from foundation.web import page
from identity import passkey_challenges, passkeys
from identity.ceremonies import Answer, Unproven, read
from identity.queries import get_person
from identity.rules import Ceremony
from portal.entry_views import destination
from portal.factor_commands import enrol_passkey
from portal.factor_views import TOO_MANY, carrying, factor_page, may_ask, may_try, promote
from portal.forms import CodeForm
from portal.session import PortalContact, code_typed
from portal.views import bp


@bp.post("/p/factor/enrol/passkey/begin")
@code_typed
def begin_first_passkey(contact: PortalContact) -> ResponseReturnValue:
    """Answer what the browser needs to make a passkey."""
    if not may_ask(contact):
        return error_pages.answer(429, _(TOO_MANY))
    person = get_person(session(), contact.person_id)
    asked = passkey_challenges.ask_to_make(
        session(), person, browser_secret=browser_secret(), at=clock.now()
    )
    return Response(asked, mimetype="application/json")


@bp.post("/p/factor/enrol/passkey")
@code_typed
def send_first_passkey(contact: PortalContact) -> ResponseReturnValue:
    """Keep a first passkey, and hand out the recovery codes once."""
    if not may_try(contact):
        return error_pages.answer(429, _(TOO_MANY))
    try:
        answer = _taken(contact, Ceremony.ENROL)
        codes = enrol_passkey(session(), answer, by=contact.author, at=clock.now())
    except Unproven as refusal:
        return _refused(contact, refusal)
    token = promote()
    way = destination(session()).location
    return carrying(token, Response(page("portal/recovery_codes.html", codes=codes, way=way)))


@bp.post("/p/factor/passkey/begin")
@code_typed
def begin_passkey(contact: PortalContact) -> ResponseReturnValue:
    """Answer what the browser has to sign."""
    if not may_ask(contact):
        return error_pages.answer(429, _(TOO_MANY))
    asked = passkey_challenges.ask_to_sign(
        session(),
        Ceremony.SECOND_FACTOR,
        browser_secret=browser_secret(),
        person_id=contact.person_id,
        at=clock.now(),
    )
    return Response(asked, mimetype="application/json")


@bp.post("/p/factor/passkey")
@code_typed
def send_passkey(contact: PortalContact) -> ResponseReturnValue:
    """Check what a passkey signed, and open the pages."""
    if not may_try(contact):
        return error_pages.answer(429, _(TOO_MANY))
    try:
        answer = _taken(contact, Ceremony.SECOND_FACTOR)
        passkeys.use(session(), answer, person_id=contact.person_id, at=clock.now())
    except Unproven as refusal:
        return _refused(contact, refusal)
    return carrying(promote(), destination(session()))


def _taken(contact: PortalContact, ceremony: Ceremony) -> Answer:
    answer = read(request.form.get("credential", ""))
    passkey_challenges.take(
        answer,
        ceremony,
        browser_secret=browser_secret(),
        person_id=contact.person_id,
        at=clock.now(),
    )
    return answer


def _refused(contact: PortalContact, refusal: Unproven) -> ResponseReturnValue:
    """Say so, and keep it in the ledger."""
    session().rollback()
    with side_write() as apart:
        record(
            apart,
            at=clock.now(),
            actor=SYSTEM,
            action=Action.SIGN_IN_FAILED,
            subject=("person", contact.person_id),
            detail={"step": f"passkey_{refusal.why}"},
        )
    return factor_page(contact, CodeForm(), problem=str(refusal)), 422
