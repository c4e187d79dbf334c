"""The pages of the calendar."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from accounts.permissions import Permission, requires
from accounts.rules import Role
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.web import page
from organisation.queries import today_of
from reports.calendar_filter import Filter, read_filter
from reports.calendar_page import calendar_of
from reports.dates.row import DateRow, kinds_for
from reports.forms import calendar_form
from reports.home_dates import act_of
from reports.labels import SHORT
from reports.month import Month
from reports.views import bp
from vendors.list_choices import choices_for

__all__ = ["bp"]


@bp.get("/calendar")
@requires(Permission.REVIEW_READ)
def calendar() -> ResponseReturnValue:
    """Show everything with a date that whoever looks may see: a month, or a list."""
    today = today_of(session())
    asked = read_filter(request.args, today, own=looks_after_own())
    kinds = kinds_for(me().may)
    known = choices_for(session(), me().person_id, clock.now())
    return page(
        "reports/calendar.html",
        it=calendar_of(session(), me().person_id, asked, kinds, today),
        asked=asked,
        this_month=Month.of(today),
        form=calendar_form(asked, known, kinds),
        short=SHORT,
        href_of=href_of,
        to=lambda **changed: _address(asked, **changed),
    )


def href_of(row: DateRow) -> str:
    """Return the address of the page of a thing with a date."""
    act = act_of(row)
    return url_for(act.endpoint, **act.values)  # type: ignore[arg-type]  # ids by name


def looks_after_own() -> bool:
    """Whether somebody is shown only their own at first: whoever does nothing but buy."""
    return not me().roles - {Role.PROCUREMENT, Role.ADMINISTRATOR}


def _address(asked: Filter, **changed: object) -> str:
    return url_for("reports.calendar", **asked.address(**changed))  # type: ignore[arg-type]
