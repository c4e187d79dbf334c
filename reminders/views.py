"""Pages of reminders: putting one thing off, and which mails one gets."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import staff_only
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Missing, Refused
from foundation.web import page, redirect_to
from organisation.queries import today_of
from reminders import choice_commands, snooze_commands
from reminders.due_queries import Due
from reminders.forms import ChoicesForm, PutOffForm
from reminders.ladders import Kind
from reminders.snooze_commands import Silence
from reminders.snooze_queries import get_due, put_off_now
from reminders.wording import path_of

bp = Blueprint("reminders", __name__)


@bp.get("/reminders/<string:kind>/<uuid:subject_id>")
@staff_only
def put_off(kind: str, subject_id: UUID) -> ResponseReturnValue:
    """Show a thing with a date, and what would be silent."""
    return _page(_due(kind, subject_id), PutOffForm())


@bp.post("/reminders/<string:kind>/<uuid:subject_id>/put-off")
@staff_only
def silence(kind: str, subject_id: UUID) -> ResponseReturnValue:
    """Put a thing off."""
    due, form = _due(kind, subject_id), PutOffForm(request.form)
    if not form.validate():
        return _page(due, form), 422
    wanted = Silence(
        until_on=form.until_on.data,
        reason=form.reason.data or "",
        is_past_due=form.is_past_due.data,
    )
    today = today_of(session())
    try:
        snooze_commands.put_off(session(), due, wanted, today=today, by=me().author, at=clock.now())
    except Refused as refusal:
        form[refusal.where or "until_on"].errors = [str(refusal)]
        return _page(due, form), 422
    flash(_("Put off. It stands under “Coming up” until then."), "ok")
    return redirect_to("reports.home")


@bp.post("/reminders/<string:kind>/<uuid:subject_id>/wake")
@staff_only
def wake(kind: str, subject_id: UUID) -> ResponseReturnValue:
    """Take a putting off back."""
    snooze_commands.wake(session(), _due(kind, subject_id), by=me().author, at=clock.now())
    flash(_("You hear of it again."), "ok")
    return redirect_to("reports.home")


@bp.get("/account/mail")
@staff_only
def choices() -> ResponseReturnValue:
    """Show which mails one gets, and which nobody can stop."""
    wanted = choice_commands.wanted_by(session(), me().email)
    return page("reminders/choices.html", form=ChoicesForm(data={"kinds": sorted(wanted)}))


@bp.post("/account/mail")
@staff_only
def choose() -> ResponseReturnValue:
    """Change which mails one gets."""
    form = ChoicesForm(request.form)
    if not form.validate():
        return page("reminders/choices.html", form=form), 422
    choice_commands.choose(session(), form.kinds.data or [], by=me().author, at=clock.now())
    flash(_("Your choice of mails is saved."), "ok")
    return redirect_to("reminders.choices")


def _due(kind: str, subject_id: UUID) -> Due:
    if kind not in set(Kind):
        raise Missing
    return get_due(session(), me().person_id, Kind(kind), subject_id)


def _page(due: Due, form: PutOffForm) -> str:
    today = today_of(session())
    silent = put_off_now(session(), today).get(due.subject_id, [])
    return page(
        "reminders/put_off.html",
        due=due,
        form=form,
        today=today,
        path=path_of(due),
        silent=[each for each in silent if each.due_on == due.due_on],
        mine=any(each.person_id == me().person_id for each in silent),
    )
