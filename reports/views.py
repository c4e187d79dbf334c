"""The first page, and the page of one vendor."""

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from accounts.permissions import Permission, requires, staff_only
from accounts.signin import me
from contracts.matrix_queries import MatrixSummary, matrix_summary, touches
from foundation import clock
from foundation.db import session
from foundation.web import page
from organisation.queries import today_of
from reports.home import home_of
from reports.next_steps import next_steps_of
from reports.progress import TURN_OF, Todo
from reports.vendor_page import VendorPage, vendor_page
from vendors.importing.queries import past_records_of

bp = Blueprint("reports", __name__)


@bp.get("/")
@staff_only
def home() -> ResponseReturnValue:
    """Show what needs whoever looks, what waits on others and what is coming up."""
    whole = request.args.get("all", "")
    return page(
        "reports/home.html",
        home=home_of(session(), me(), clock.now(), whole=whole),
        whole=whole,
        may={permission.name: me().may(permission) for permission in Permission},
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
        matrix=_matrix(shown),
        settles=TURN_OF[shown.todo],
        doors=_doors(shown),
        may={permission.name: me().may(permission) for permission in Permission},
    )


@bp.get("/vendors/<uuid:vendor_id>/next")
@requires(Permission.VENDOR_READ)
def next_steps(vendor_id: UUID) -> ResponseReturnValue:
    """Show what follows from the intake: tier, questionnaire, clauses, and how long it takes."""
    today = today_of(session())
    return page(
        "reports/next_steps.html",
        it=next_steps_of(session(), me().person_id, vendor_id, today),
        may_send=me().may(Permission.ASSESSMENT_SEND),
        may_edit=me().may(Permission.VENDOR_EDIT),
    )


def _matrix(shown: VendorPage) -> MatrixSummary | None:
    """Return where the PCI responsibility matrix stands; None where there is nothing to divide."""
    touches_cards = any(touches(service) for service, _reasons in shown.services)
    if not (touches_cards and me().may(Permission.CONTRACT_READ)):
        return None
    return matrix_summary(session(), shown.vendor.id, shown.today)


def _doors(shown: VendorPage) -> dict[Todo, str]:
    """Return where each next action is done, for those this person may do."""
    vendor_id = shown.vendor.id
    open_id = shown.ball.review_id if shown.ball else None
    review_id = open_id or (shown.review.id if shown.review else None)
    in_hand = shown.ball.contract_id if shown.ball else None
    contract_id = in_hand or next((row.contract_id for row in shown.contracts), None)
    assessment_id = shown.waiting_for.assessment_id if shown.waiting_for else None
    of_vendor, of_review = {"vendor_id": vendor_id}, {"review_id": review_id}
    places: dict[Todo, tuple[Permission, str, dict[str, Any]]] = {
        Todo.ADD_CONTACT: (Permission.VENDOR_EDIT, "vendors.contacts", of_vendor),
        Todo.SEND: (Permission.ASSESSMENT_SEND, "questionnaires.send", of_vendor),
        Todo.WAIT: (
            Permission.REVIEW_READ,
            "questionnaires.assessment",
            {"assessment_id": assessment_id},
        ),
        Todo.REVIEW: (Permission.REVIEW_READ, "reviews.desk", of_review),
        Todo.SIGN: (Permission.REVIEW_READ, "reviews.decide", of_review),
        Todo.DECIDE: (Permission.REVIEW_DECIDE, "reviews.decide", of_review),
        Todo.ADD_CONTRACT: (Permission.CONTRACT_EDIT, "contracts.new", of_vendor),
        Todo.SETTLE_CLAUSES: (
            Permission.CONTRACT_EDIT,
            "contracts.contract",
            {"contract_id": contract_id},
        ),
        Todo.ACTIVATE: (Permission.CONTRACT_EDIT, "contracts.contract", {"contract_id": in_hand}),
        Todo.FINDINGS: (Permission.REVIEW_READ, "reviews.findings", {}),
        Todo.EVIDENCE: (Permission.EVIDENCE_READ, "evidence.of_vendor", of_vendor),
    }
    places |= _doors_of_loose_ends(shown)
    return {
        todo: url_for(endpoint, **values)
        for todo, (right, endpoint, values) in places.items()
        if me().may(right) and None not in values.values()
    }


def _doors_of_loose_ends(
    shown: VendorPage,
) -> dict[Todo, tuple[Permission, str, dict[str, Any]]]:
    return {
        Todo.CONDITIONS: (
            Permission.REVIEW_READ,
            "reviews.condition",
            {"condition_id": shown.loose.late_condition},
        ),
        Todo.OFFBOARD: (Permission.VENDOR_READ, "operations.life", {"vendor_id": shown.vendor.id}),
        Todo.END_CONTRACT: (
            Permission.CONTRACT_EDIT,
            "contracts.contract",
            {"contract_id": shown.ball.contract_id if shown.ball else None},
        ),
    }
