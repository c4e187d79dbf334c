"""The page of contracts that end or renew themselves soon."""

from flask import request
from flask.typing import ResponseReturnValue

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation.db import session
from foundation.web import page
from organisation.queries import today_of
from reports.calendar_views import looks_after_own
from reports.renewals import renewals_of
from reports.views import bp

__all__ = ["bp"]


@bp.get("/contracts/renewals")
@requires(Permission.CONTRACT_READ)
def renewals() -> ResponseReturnValue:
    """Show contracts by the day on which somebody must speak."""
    today = today_of(session())
    own = {"mine": True, "all": False}.get(request.args.get("whose", ""), looks_after_own())
    return page(
        "reports/renewals.html",
        piles=renewals_of(session(), me().person_id, today, own=own),
        own=own,
        today=today,
        may_send=me().may(Permission.ASSESSMENT_SEND),
    )
