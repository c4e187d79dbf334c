"""The first page, and the page of one vendor."""

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from accounts.permissions import Permission, requires, staff_only
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.web import page
from reports.home import home_of
from reports.progress import TURN_OF, Todo
from reports.vendor_page import VendorPage, vendor_page
from vendors.importing.queries import past_records_of

bp = Blueprint("reports", __name__)


@bp.get("/")
@staff_only
def home() -> ResponseReturnValue:
    """Show what waits for whoever looks."""
    today = clock.today(me().time_zone)
    return page(
        "reports/home.html",
        home=home_of(session(), me(), today),
        name=me().name,
        today=today,
        may_register=me().may(Permission.VENDOR_EDIT),
        may_read=me().may(Permission.VENDOR_READ),
    )


@bp.get("/vendors/<uuid:vendor_id>")
@requires(Permission.VENDOR_READ)
def vendor(vendor_id: UUID) -> ResponseReturnValue:
    """Show where a vendor stands, who has the ball, and everything on record about it."""
    shown = vendor_page(session(), me().person_id, vendor_id, clock.now())
    return page(
        "reports/vendor.html",
        it=shown,
        past=past_records_of(session(), vendor_id),
        turn=TURN_OF[shown.todo],
        next_href=_next_href(shown),
        may={permission.name: me().may(permission) for permission in Permission},
    )


def _next_href(shown: VendorPage) -> str | None:
    """Return where the next action is done, or None for somebody who may not do it."""
    vendor_id = shown.vendor.id
    review_id = shown.review.id if shown.review else None
    contract_id = next((row.contract_id for row in shown.contracts), None)
    assessment_id = shown.waiting_for.assessment_id if shown.waiting_for else None
    places: dict[Todo, tuple[Permission, str, dict[str, UUID | None]]] = {
        Todo.ADD_CONTACT: (Permission.VENDOR_EDIT, "vendors.contacts", {"vendor_id": vendor_id}),
        Todo.SEND: (Permission.ASSESSMENT_SEND, "questionnaires.send", {"vendor_id": vendor_id}),
        Todo.WAIT: (
            Permission.REVIEW_READ,
            "questionnaires.assessment",
            {"assessment_id": assessment_id},
        ),
        Todo.REVIEW: (Permission.REVIEW_READ, "reviews.desk", {"review_id": review_id}),
        Todo.SIGN: (Permission.REVIEW_READ, "reviews.decide", {"review_id": review_id}),
        Todo.DECIDE: (Permission.REVIEW_DECIDE, "reviews.decide", {"review_id": review_id}),
        Todo.ADD_CONTRACT: (Permission.CONTRACT_EDIT, "contracts.new", {"vendor_id": vendor_id}),
        Todo.SETTLE_CLAUSES: (
            Permission.CONTRACT_EDIT,
            "contracts.contract",
            {"contract_id": contract_id},
        ),
    }
    if shown.todo not in places:
        return None
    right, endpoint, values = places[shown.todo]
    if not me().may(right) or None in values.values():
        return None
    return url_for(endpoint, **cast("dict[str, Any]", values))
