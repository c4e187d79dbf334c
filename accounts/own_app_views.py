"""One's own authenticator app: set one up beside passkeys, or take it away."""

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import app_commands as commands
from accounts import tries
from accounts.forms import CodeForm
from accounts.permissions import staff_only
from accounts.places import here_in_words
from accounts.proving import asks_again
from accounts.signin import hand_over, me
from accounts.views import bp
from foundation import clock
from foundation.db import session
from foundation.errors import Missing
from foundation.web import page, redirect_to
from identity import factors, totp
from identity.rules import grouped


@bp.get("/account/app")
@staff_only
def app() -> str:
    return _page(CodeForm())


@bp.get("/account/app/picture.svg")
@staff_only
def app_picture() -> ResponseReturnValue:
    secret = totp.pending_secret(session(), me().person_id)
    if secret is None:
        raise Missing
    return Response(totp.picture(secret, me().email), mimetype="image/svg+xml")


@bp.post("/account/app/begin")
@asks_again
@staff_only
def begin_app() -> ResponseReturnValue:
    commands.begin(session(), by=me().author)
    return redirect_to("accounts.app")


@bp.post("/account/app")
@asks_again
@staff_only
def confirm_app() -> ResponseReturnValue:
    form, by = CodeForm(request.form), me().author
    if not form.validate():
        return _page(form), 422
    try:
        tries.count_code_try(by.person_id)
    except tries.TooMany as refusal:
        form.code.errors = [str(refusal)]
        return _page(form), 429
    at, browser = clock.now(), here_in_words()
    if not commands.confirm(session(), form.code.data or "", by=by, browser=browser, at=at):
        form.code.errors = [tries.WRONG_CODE]
        return _page(form), 422
    flash(_("The app is set up. Its codes let you in from now on."), "ok")
    return redirect_to("accounts.app")


@bp.post("/account/app/remove")
@asks_again
@staff_only
def remove_app() -> ResponseReturnValue:
    member, at = me(), clock.now()
    token = commands.remove(
        session(), here=member.session_id, by=member.author, browser=here_in_words(), at=at
    )
    flash(_("The app is removed. Every other browser was signed out."), "ok")
    return hand_over(redirect_to("accounts.app"), token)


def _page(form: CodeForm) -> str:
    secret = totp.pending_secret(session(), me().person_id)
    shown = grouped(secret).replace("-", " ") if secret else ""
    has_app = totp.is_enrolled(session(), me().person_id)
    may_remove = factors.count(session(), me().person_id) > 1
    return page(
        "accounts/app.html", form=form, secret=shown, has_app=has_app, may_remove=may_remove
    )
