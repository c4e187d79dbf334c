"""Sending to many vendors: a page that says who gets what, and the button that sends it."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Conflict
from foundation.web import page, redirect_to
from organisation.queries import today_of
from questionnaires import bulk_sending
from questionnaires.bulk_sending import Planned
from questionnaires.views import bp
from vendors.bulk_reading import Selection, selection


@bp.get("/vendors/send")
@requires(Permission.ASSESSMENT_SEND)
def bulk_send() -> ResponseReturnValue:
    """Show who would get what, and who cannot be sent anything and why."""
    chosen = selection(request.args)
    planned = _plan(chosen)
    return page(
        "questionnaires/bulk_send.html",
        chosen=chosen,
        ready=[one for one in planned if not one.why_not],
        refused=[one for one in planned if one.why_not],
        plan=bulk_sending.mark_of(planned),
        most=bulk_sending.MOST_SENT,
        back=url_for("vendors.index", **chosen.address),
    )


@bp.post("/vendors/send")
@requires(Permission.ASSESSMENT_SEND)
def dispatch_all() -> ResponseReturnValue:
    """Send to all that can be sent to, if it is still what the page said."""
    planned = _plan(selection(request.form))
    if request.form.get("plan") != bulk_sending.mark_of(planned):
        raise Conflict(
            _(
                "Who would get what has changed since you opened the page. "
                "Nothing was sent. Go back, reload the page and look again."
            )
        )
    sent = bulk_sending.send_all(session(), planned, by=me().author, at=clock.now())
    flash(
        ngettext(
            "%(num)d questionnaire is on its way.",
            "%(num)d questionnaires are on their way.",
            len(sent),
        ),
        "ok",
    )
    return redirect_to("vendors.index")


def _plan(chosen: Selection) -> list[Planned]:
    ids = [one.vendor_id for one in chosen.vendors]
    today = today_of(session())
    return bulk_sending.plan(session(), me().person_id, ids, today=today)
