"""Pages of conditions: the list, and one with what was seen of it."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from organisation.queries import today_of
from reviews import condition_commands
from reviews import condition_queries as queries
from reviews.forms import MetForm
from reviews.views import bp

__all__ = ["bp"]


@bp.get("/conditions")
@requires(Permission.REVIEW_READ)
def conditions() -> ResponseReturnValue:
    """Show the conditions of approvals, filtered by the address."""
    shown = request.args.get("show", "open")
    shown = shown if shown in {"open", "mine", "all"} else "open"
    rows = queries.list_conditions(
        session(),
        me().person_id,
        only_open=shown != "all",
        owner_id=me().person_id if shown == "mine" else None,
    )
    return page("reviews/conditions.html", rows=rows, shown=shown, today=today_of(session()))


@bp.get("/conditions/<uuid:condition_id>")
@requires(Permission.REVIEW_READ)
def condition(condition_id: UUID) -> ResponseReturnValue:
    """Show one condition."""
    return _page(condition_id, None)


@bp.post("/conditions/<uuid:condition_id>/meet")
@requires(Permission.REVIEW_JUDGE)
def meet(condition_id: UUID) -> ResponseReturnValue:
    """Say that a condition was met."""
    found = queries.get_condition(session(), me().person_id, condition_id)
    form = MetForm(request.form)
    if not form.validate():
        return _page(condition_id, form), 422
    note, version = form.note.data, form.version.data
    try:
        condition_commands.meet(
            session(), found, note=note, version=version, by=me().author, at=clock.now()
        )
    except Conflict as clash:
        form.form_errors.append(str(clash))
        form.version.raw_data, form.version.data = None, found.version
        return _page(condition_id, form), 409
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        return _page(condition_id, form), 422
    flash(_("The condition is met."), "ok")
    return redirect_to("reviews.condition", condition_id=condition_id)


@bp.post("/conditions/<uuid:condition_id>/open-again")
@requires(Permission.REVIEW_JUDGE)
def open_again(condition_id: UUID) -> ResponseReturnValue:
    """Take back that it was met."""
    found = queries.get_condition(session(), me().person_id, condition_id)
    version = request.form.get("version", type=int) or 0
    condition_commands.open_again(session(), found, version=version, by=me().author, at=clock.now())
    flash(_("The condition is open again."), "ok")
    return redirect_to("reviews.condition", condition_id=condition_id)


def _page(condition_id: UUID, form: MetForm | None) -> str:
    row = queries.get_condition_row(session(), me().person_id, condition_id)
    return page(
        "reviews/condition.html",
        row=row,
        form=form or MetForm(data={"version": row.version}),
        today=today_of(session()),
        may_judge=me().may(Permission.REVIEW_JUDGE),
        is_own=row.owner_id == me().person_id,
    )
