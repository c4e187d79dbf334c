"""Changing what one signs in with: the password and the recovery codes, by a code of the app."""

from typing import TypeVar

from flask import flash, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import account_commands as commands
from accounts import tries
from accounts.forms import ChangePasswordForm, CodeForm
from accounts.permissions import staff_only
from accounts.places import here_in_words
from accounts.proving import asks_again
from accounts.signin import me
from accounts.views import bp, status_of
from foundation import clock
from foundation.db import database, session
from foundation.errors import Refused
from foundation.web import page, redirect_to
from identity import factors, passwords, totp
from organisation.queries import name_of_organisation

F = TypeVar("F", CodeForm, ChangePasswordForm)


@bp.get("/account/password")
@staff_only
def password() -> str:
    return page("accounts/password.html", form=_asked(ChangePasswordForm()))


@bp.post("/account/password")
@asks_again
@staff_only
def change_password() -> ResponseReturnValue:
    form, member = _asked(ChangePasswordForm(request.form)), me()
    if not form.validate():
        return page("accounts/password.html", form=form), 422
    try:
        tries.check_again(member.email, form.old.data or "")
        passwords.check_new(form.password.data or "", context=_own_words())
        tries.count_code_try(member.person_id)
    except Refused as refusal:
        form.at(refusal.where).errors = [str(refusal)]
        return page("accounts/password.html", form=form), status_of(refusal)
    hashed = passwords.hash(form.password.data or "")
    if not commands.change_password(
        session(),
        hashed,
        form.code.data or "",
        here=member.session_id,
        by=member.author,
        at=clock.now(),
        browser=here_in_words(),
    ):
        return _wrong_code("accounts/password.html", form)
    flash(_("Your password is changed. Every other browser was signed out."), "ok")
    return redirect_to("accounts.me")


@bp.get("/account/recovery-codes")
@staff_only
def recovery_codes() -> str:
    return page("accounts/renew_codes.html", form=_asked(CodeForm()))


@bp.post("/account/recovery-codes")
@asks_again
@staff_only
def renew_codes() -> ResponseReturnValue:
    form, member = _asked(CodeForm(request.form)), me()
    if not form.validate():
        return page("accounts/renew_codes.html", form=form), 422
    try:
        tries.count_code_try(member.person_id)
    except tries.TooMany as refusal:
        form.code.errors = [str(refusal)]
        return page("accounts/renew_codes.html", form=form), 429
    codes = commands.renew_codes(
        session(), form.code.data or "", by=member.author, at=clock.now(), browser=here_in_words()
    )
    if codes is None:
        return _wrong_code("accounts/renew_codes.html", form)
    return make_response(page("accounts/recovery_codes.html", codes=codes, goal="/account"))


def _wrong_code(template: str, form: CodeForm | ChangePasswordForm) -> ResponseReturnValue:
    session().rollback()
    tries.note_wrong_code(me().person_id, me().email)
    form.code.errors = [tries.WRONG_CODE]
    return page(template, form=form), 422


def _asked(form: F) -> F:
    """Ask for a code of the app but where somebody has passkeys only: the door asked for those."""
    with database().reading() as reading:
        has_app = totp.is_enrolled(reading, me().person_id)
        if not has_app and factors.has_passkey(reading, me().person_id):
            form.code.validators = ()
    return form


def _own_words() -> list[str]:
    with database().reading() as reading:
        return [me().name, me().email, name_of_organisation(reading)]
