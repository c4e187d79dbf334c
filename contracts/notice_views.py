"""Doors of notice: noting that it was given, and taking that back."""

from datetime import date
from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from contracts import notice_commands, queries
from contracts.contract_page import contract_page
from contracts.notice_commands import Notice
from contracts.notice_forms import NoticeForm, TakeBackNoticeForm
from contracts.views import bp
from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.jinja import day
from foundation.web import redirect_to

__all__ = ["bp"]


@bp.post("/contracts/<uuid:contract_id>/notice")
@requires(Permission.CONTRACT_EDIT)
def give_notice(contract_id: UUID) -> ResponseReturnValue:
    """Note that notice was given; the contract ends and does not renew itself."""
    found = queries.get_contract(session(), me().person_id, contract_id)
    form = NoticeForm(request.form).offer(queries.documents_of(session(), contract_id))
    if not form.validate():
        return contract_page(found, flawed=form), 422
    notice, version, by = _noted(form), form.version.data or 0, me().author
    try:
        notice_commands.give_notice(
            session(), found, notice, version=version, by=by, at=clock.now()
        )
    except Refused as refusal:
        form.refuse(refusal)
        return contract_page(found, flawed=form), _status(refusal)
    flash(_("Notice is noted. The contract ends on %(day)s.", day=day(found.leaves_on)), "ok")
    return redirect_to("contracts.contract", contract_id=contract_id, _anchor="notice")


@bp.post("/contracts/<uuid:contract_id>/notice/take-back")
@requires(Permission.CONTRACT_EDIT)
def take_back_notice(contract_id: UUID) -> ResponseReturnValue:
    """Take a notice back; the contract runs on as its terms say."""
    found = queries.get_contract(session(), me().person_id, contract_id)
    form = TakeBackNoticeForm(request.form)
    if not form.validate():
        return contract_page(found, flawed=form), 422
    reason, version = form.reason.data or "", form.version.data or 0
    try:
        notice_commands.take_back_notice(
            session(), found, reason=reason, version=version, by=me().author, at=clock.now()
        )
    except Refused as refusal:
        form.refuse(refusal)
        return contract_page(found, flawed=form), _status(refusal)
    flash(_("The notice is taken back. The contract runs on as its terms say."), "ok")
    return redirect_to("contracts.contract", contract_id=contract_id, _anchor="notice")


def _noted(form: NoticeForm) -> Notice:
    return Notice(
        given_on=form.given_on.data or date.max,
        note=form.note.data or "",
        leaves_on=form.leaves_on.data,
        letter_id=form.letter,
    )


def _status(refusal: Refused) -> int:
    return 409 if isinstance(refusal, Conflict) else 422
