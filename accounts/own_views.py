"""Changing what one signs in with: the password and the recovery codes, by a code of the app."""

from flask import flash, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import account_commands as commands
from accounts import tries
from accounts.forms import ChangePasswordForm, CodeForm
from accounts.permissions import staff_only
from accounts.places import in_words
from accounts.signin import me
from accounts.views import bp, status_of
from foundation import clock, request_facts
from foundation.db import database, session
from foundation.errors import Refused
from foundation.web import page, redirect_to
from identity import passwords
from organisation.queries import name_of_organisation


@bp.get("/account/password")
@staff_only
def password() -> str:
    return page("accounts/password.html", form=ChangePasswordForm())


@bp.post("/account/password")
@staff_only
def change_password() -> ResponseReturnValue:
    form, member = ChangePasswordForm(request.form), me()
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
        browser=_browser(),
    ):
        return _wrong_code("accounts/password.html", form)
    flash(_("Your password is changed. Every other browser was signed out."), "ok")
    return redirect_to("accounts.me")


@bp.get("/account/recovery-codes")
@staff_only
def recovery_codes() -> str:
    return page("accounts/renew_codes.html", form=CodeForm())


@bp.post("/account/recovery-codes")
@staff_only
def renew_codes() -> ResponseReturnValue:
    form, member = CodeForm(request.form), me()
    if not form.validate():
        return page("accounts/renew_codes.html", form=form), 422
    try:
        tries.count_code_try(member.person_id)
    except tries.TooMany as refusal:
        form.code.errors = [str(refusal)]
        return page("accounts/renew_codes.html", form=form), 429
    codes = commands.renew_codes(
        session(), form.code.data or "", by=member.author, at=clock.now(), browser=_browser()
    )
    if codes is None:
        return _wrong_code("accounts/renew_codes.html", form)
    return make_response(page("accounts/recovery_codes.html", codes=codes, goal="/account"))


def _wrong_code(template: str, form: CodeForm | ChangePasswordForm) -> ResponseReturnValue:
    session().rollback()
    tries.note_wrong_code(me().person_id, me().email)
    form.code.errors = [tries.WRONG_CODE]
    return page(template, form=form), 422


def _browser() -> str:
    facts = request_facts.current()
    place = in_words(facts.user_agent)
    return f"{place} ({facts.ip})" if facts.ip else place


def _own_words() -> list[str]:
    with database().reading() as reading:
        return [me().name, me().email, name_of_organisation(reading)]
