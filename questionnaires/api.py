"""The questionnaires' side of the JSON API: what can be asked, and where an assessment is."""

from uuid import UUID

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from accounts.api_access import api_requires
from accounts.api_arguments import refuse_unknown
from accounts.permissions import Permission
from accounts.signin import me
from foundation.db import session
from foundation.errors import Refused
from questionnaires import api_shapes, queries, sheet
from questionnaires.views import bp
from vendors.queries import get_vendor


@bp.get("/api/v1/questionnaires")
@api_requires(Permission.QUESTIONNAIRE_READ)
def api_list() -> ResponseReturnValue:
    """Answer the questionnaires in use, all of them on one page."""
    refuse_unknown(request.args, ())
    items = [api_shapes.questionnaire(row) for row in queries.list_questionnaires(session())]
    return jsonify({"items": items, "next": None})


@bp.get("/api/v1/assessments")
@api_requires(Permission.REVIEW_READ)
def api_assessments() -> ResponseReturnValue:
    """Answer the assessments of one vendor, the newest first and all on one page."""
    refuse_unknown(request.args, ("vendor",))
    vendor = get_vendor(session(), me().person_id, _vendor_id())
    items = [api_shapes.row(row) for row in queries.assessments_of(session(), vendor.id)]
    return jsonify({"items": items, "next": None})


@bp.get("/api/v1/assessments/<uuid:assessment_id>")
@api_requires(Permission.REVIEW_READ)
def api_assessment(assessment_id: UUID) -> ResponseReturnValue:
    """Answer where an assessment is; scores and their sum only once it was handed in."""
    found = queries.get_assessment(session(), me().person_id, assessment_id)
    return jsonify(api_shapes.whole(found, sheet.of(session(), found)))


def _vendor_id() -> UUID:
    try:
        return UUID(request.args.get("vendor", ""))
    except ValueError:
        raise Refused(
            "Name the vendor by its id: /api/v1/assessments?vendor=<id>.", where="vendor"
        ) from None
