"""One's own passkeys: which there are, one more, one less."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import passkey_commands as commands
from accounts.forms import PasskeyForm
from accounts.passkey_asking import note_refusal, taken, to_be_made
from accounts.permissions import staff_only
from accounts.places import here_in_words
from accounts.proving import asks_again, status_of
from accounts.signin import hand_over, me
from accounts.views import bp
from foundation import clock
from foundation.db import session
from foundation.errors import Refused
from foundation.web import page, redirect_to
from identity import factors
from identity import passkeys as keys
from identity.rules import Ceremony


@bp.get("/account/passkeys")
@staff_only
def passkeys() -> str:
    return _page(PasskeyForm())


@bp.post("/account/passkeys/begin")
@staff_only
def begin_own_passkey() -> ResponseReturnValue:
    return to_be_made(me().person_id)


@bp.post("/account/passkeys")
@asks_again
@staff_only
def add_passkey() -> ResponseReturnValue:
    form, member = PasskeyForm(request.form), me()
    if not form.validate():
        return _page(form), 422
    name = form.name.data or ""
    try:
        answer = taken(Ceremony.ENROL, member.person_id)
        commands.add(
            session(), answer, name, by=member.author, browser=here_in_words(), at=clock.now()
        )
    except Refused as refusal:
        note_refusal(refusal, member.person_id)
        form.name.errors = [str(refusal)]
        return _page(form), status_of(refusal)
    flash(_("The passkey is added. You can sign in with it from now on."), "ok")
    return redirect_to("accounts.passkeys")


@bp.post("/account/passkeys/<uuid:passkey_id>/remove")
@asks_again
@staff_only
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    member, at = me(), clock.now()
    token = commands.remove(
        session(),
        passkey_id,
        here=member.session_id,
        by=member.author,
        browser=here_in_words(),
        at=at,
    )
    flash(_("The passkey is removed. Every other browser was signed out."), "ok")
    return hand_over(redirect_to("accounts.passkeys"), token)


def _page(form: PasskeyForm) -> str:
    rows = keys.list_passkeys(session(), me().person_id)
    may_remove = factors.count(session(), me().person_id) > 1
    return page("accounts/passkeys.html", form=form, rows=rows, may_remove=may_remove)
