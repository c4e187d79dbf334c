"""Pages of the tokens for programs: one's own, and everybody's for administrators."""

from datetime import timedelta
from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import token_commands as commands
from accounts.forms import TokenForm
from accounts.permissions import Permission, requires, staff_only
from accounts.proving import asks_again
from accounts.signin import me
from accounts.token_commands import NewToken
from accounts.views import bp
from foundation import clock
from foundation.db import session
from foundation.errors import Refused
from foundation.links import absolute
from foundation.web import page, redirect_to
from identity import api_tokens
from identity.rules import Scope
from organisation.queries import today_of

BASE = "/api/v1"
USUAL_LIFE = timedelta(days=90)


@bp.get("/account/tokens")
@staff_only
def my_tokens() -> str:
    return _page(TokenForm(last_day=today_of(session()) + USUAL_LIFE))


@bp.post("/account/tokens")
@asks_again
@staff_only
def make_token() -> ResponseReturnValue:
    form, today = TokenForm(request.form), today_of(session())
    if not form.validate():
        return _page(form), 422
    new = NewToken(form.name.data or "", Scope(form.scope.data), form.last_day.data or today)
    try:
        token = commands.issue(session(), new, today=today, by=me().author, at=clock.now())
    except Refused as refusal:
        field = form.last_day if refusal.where == "last_day" else form.name
        field.errors = [str(refusal)]
        return _page(form), 422
    return page("accounts/new_token.html", token=token, name=new.name, base=absolute(BASE))


@bp.post("/account/tokens/<uuid:token_id>/revoke")
@staff_only
def revoke_mine(token_id: UUID) -> ResponseReturnValue:
    author = me().author
    commands.revoke(session(), author.person_id, token_id, by=author, at=clock.now())
    flash(_("The token works no more."), "ok")
    return redirect_to("accounts.my_tokens")


@bp.get("/tokens")
@requires(Permission.PEOPLE_MANAGE)
def tokens() -> str:
    return page("accounts/tokens.html", rows=api_tokens.list_tokens(session()), now=clock.now())


@bp.post("/people/<uuid:person_id>/tokens/<uuid:token_id>/revoke")
@requires(Permission.PEOPLE_MANAGE)
def revoke_token(person_id: UUID, token_id: UUID) -> ResponseReturnValue:
    commands.revoke(session(), person_id, token_id, by=me().author, at=clock.now())
    flash(_("The token works no more."), "ok")
    return redirect_to("accounts.tokens")


def _page(form: TokenForm) -> str:
    rows = api_tokens.list_tokens(session(), me().person_id)
    return page(
        "accounts/my_tokens.html", form=form, rows=rows, now=clock.now(), base=absolute(BASE)
    )
