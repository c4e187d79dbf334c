"""Findings' side of the JSON API: a vendor's findings, and raising one."""

from uuid import UUID

from flask import jsonify, url_for
from flask.typing import ResponseReturnValue

from accounts.api_access import api_requires
from accounts.permissions import Permission
from accounts.signin import me
from foundation import clock
from foundation.api_operations import Answer, Operation, describes
from foundation.api_shapes import page_of
from foundation.db import session
from foundation.errors import Refused
from foundation.json_body import read_object, text_in
from foundation.json_values import choice_in, day_in, find_id_in
from identity.rules import Scope
from reviews import api_shapes, finding_commands
from reviews.commands import find_open
from reviews.finding_commands import NewFinding
from reviews.rows import findings_of
from reviews.rules import Severity
from reviews.views import bp
from vendors.queries import get_vendor

__all__ = ["bp"]

GROUP = "Findings"
NO_REVIEW = "This vendor has no open review, and a finding belongs to one. Open a review first."


@bp.get("/api/v1/vendors/<uuid:vendor_id>/findings")
@api_requires(Permission.REVIEW_READ)
@describes(
    Operation(
        group=GROUP,
        does="List the findings of a vendor",
        more="The soonest due first, closed ones too, all on one page.",
        answers={200: Answer("All of them.", page_of(api_shapes.FINDING))},
    )
)
def api_findings(vendor_id: UUID) -> ResponseReturnValue:
    """Answer the findings of a vendor."""
    get_vendor(session(), me().person_id, vendor_id)
    items = [api_shapes.finding(each) for each in findings_of(session(), vendor_id)]
    return jsonify({"items": items, "next": None})


@bp.post("/api/v1/vendors/<uuid:vendor_id>/findings")
@api_requires(Permission.REVIEW_JUDGE, scope=Scope.WRITE)
@describes(
    Operation(
        group=GROUP,
        does="Raise a finding",
        more="In the open review of the vendor; it comes from no single answer.",
        body=api_shapes.NEW_FINDING,
        answers={201: Answer("It is raised.", api_shapes.FINDING)},
    )
)
def api_raise(vendor_id: UUID) -> ResponseReturnValue:
    """Raise a finding in the open review of a vendor."""
    body = read_object(api_shapes.NEW_FINDING.keys)
    new = NewFinding(
        title=text_in(body, "title"),
        severity=choice_in(body, "severity", Severity),
        owner_id=find_id_in(body, "owner_id") or me().person_id,
        description=text_in(body, "description"),
        due_on=day_in(body, "due_on"),
    )
    get_vendor(session(), me().person_id, vendor_id)
    review = find_open(session(), vendor_id)
    if review is None:
        raise Refused(NO_REVIEW)
    raised = finding_commands.raise_finding(session(), review, new, by=me().author, at=clock.now())
    rows = findings_of(session(), vendor_id)
    found = next(each for each in rows if each.finding_id == raised.id)
    reply = jsonify(api_shapes.finding(found))
    reply.status_code = 201
    reply.headers["Location"] = url_for("reviews.api_findings", vendor_id=vendor_id)
    return reply
