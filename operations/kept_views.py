"""Pages of what is kept: the rules, what would go by others, and every number of it."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.proving import asks_again
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from operations import kept_rows
from operations.kept_forms import RetentionForm, field_of
from operations.retention.due import count_due
from operations.settings_words import lines_of
from operations.views import bp
from organisation.differences import differences
from organisation.queries import find_settings
from organisation.retention import RULES, checked_lengths, lengths
from organisation.settings_commands import change_settings, values_of


@bp.get("/kept")
@requires(Permission.LEDGER_READ)
def kept() -> str:
    """Show what is kept, why and until when."""
    return page(
        "operations/kept.html",
        rows=kept_rows.rows(session(), clock.now()),
        is_in_force=kept_rows.is_in_force(session()),
        holds=kept_rows.holds(session()),
        erased=kept_rows.erased(session()),
    )


@bp.get("/settings/retention")
@requires(Permission.SETTINGS_READ)
def retention() -> ResponseReturnValue:
    """Show the rules; with months in the address, what would go by those."""
    if not request.args:
        return _page(_stored())
    form = RetentionForm(request.args)
    if not _stands(form):
        return _page(form)
    months = form.months()
    due = {kind: count_due(session(), kind, months[kind.value] or 0, clock.now()) for kind in RULES}
    return _page(form, due=due)


@bp.post("/settings/retention")
@asks_again
@requires(Permission.SETTINGS_EDIT)
def save_retention() -> ResponseReturnValue:
    """Store the rules, after a look at what would go."""
    form = RetentionForm(request.form)
    if not _stands(form):
        return _page(form), 422
    typed = {"retention_months": form.months()}
    try:
        change_settings(session(), typed, based_on=form.based_on, by=me().actor, at=clock.now())
    except Conflict as conflict:
        session().rollback()
        now = find_settings(session())
        form.refuse(conflict)
        form.number.raw_data, form.number.data = None, now.number if now else 0
        return _page(form, lines=lines_of(differences(values_of(now), typed))), 409
    flash(_("Saved. What is past these rules goes with the worker's next daily round."), "ok")
    return redirect_to("operations.retention")


def _stands(form: RetentionForm) -> bool:
    """Say whether the months can stand; what is wrong is at its field."""
    if not form.validate():
        return False
    try:
        checked_lengths(form.months())
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True


def _stored() -> RetentionForm:
    now = find_settings(session())
    months = lengths(now.retention_months if now else {})
    data = {field_of(kind): count for kind, count in months.items()}
    return RetentionForm(data={"number": now.number if now else 0, **data})


def _page(form: RetentionForm, *, due: object = None, lines: object = ()) -> str:
    return page(
        "operations/retention.html",
        form=form,
        kinds=[(kind, form[field_of(kind)], *kept_rows.KINDS[kind]) for kind in RULES],
        due=due,
        lines=lines,
        least={kind: rule.least for kind, rule in RULES.items()},
        is_in_force=kept_rows.is_in_force(session()),
    )
