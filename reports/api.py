"""Reports' side of the JSON API: ordering one, asking how far it is, taking the newest."""

from uuid import UUID

from flask import Response, jsonify, url_for
from flask.typing import ResponseReturnValue

from accounts.api_access import api_requires
from accounts.permissions import Permission
from accounts.signin import me
from foundation import clock
from foundation.api_operations import Answer, Operation, describes
from foundation.api_shapes import ident, integer, maybe, moment, one_of, page_of, record, text
from foundation.db import database, session
from identity.rules import Scope
from reports import queries, report_views
from reports.queries import ReportRow
from reports.report_commands import request as order
from reports.rules import ReportState
from reports.views import bp
from vendors.queries import get_vendor

__all__ = ["bp"]

GROUP = "Reports"
SHAPE = record(
    "Report",
    {
        "id": ident(),
        "reference": text(like="D-0007"),
        "vendor_id": ident(),
        "number": integer("Of the vendor's reports.", least=1),
        "state": one_of(ReportState),
        "progress": integer("Percent.", least=0, most=100),
        "failure": text("Why it could not be built; empty otherwise."),
        "as_of": moment("The moment it speaks of."),
        "requested_by": text(),
        "dossier_sha256": text("Of the frozen facts, in hexadecimal."),
        "file_sha256": maybe(text("Of the issued file; null before.")),
        "issued_at": maybe(moment()),
    },
)


@bp.get("/api/v1/vendors/<uuid:vendor_id>/reports")
@api_requires(Permission.REPORT_READ)
@describes(
    Operation(
        group=GROUP,
        does="List the reports about a vendor",
        more="The newest first, all on one page.",
        answers={200: Answer("All of them.", page_of(SHAPE))},
    )
)
def api_list(vendor_id: UUID) -> ResponseReturnValue:
    """Answer the reports about a vendor."""
    get_vendor(session(), me().person_id, vendor_id)
    rows = queries.reports_of(session(), vendor_id)
    return jsonify({"items": [_shape(each) for each in rows], "next": None})


@bp.post("/api/v1/vendors/<uuid:vendor_id>/reports")
@api_requires(Permission.REPORT_ISSUE, scope=Scope.WRITE)
@describes(
    Operation(
        group=GROUP,
        does="Order a report",
        more="The facts are frozen now; the worker draws the file. Ask at Location how far it is."
        " Refused while another one about the vendor is on its way. The call takes no body.",
        answers={202: Answer("It is ordered.", SHAPE)},
    )
)
def api_order(vendor_id: UUID) -> ResponseReturnValue:
    """Freeze the facts and order the report."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    with database().moment() as seen:
        ordered = order(session(), vendor, by=me().author, at=clock.now(), seen=seen)
    reply = _answer(ordered.id)
    reply.status_code = 202
    reply.headers["Location"] = url_for("reports.api_show", report_id=ordered.id)
    return reply


@bp.get("/api/v1/reports/<uuid:report_id>")
@api_requires(Permission.REPORT_READ)
@describes(
    Operation(
        group=GROUP,
        does="Ask how far a report is",
        answers={200: Answer("Where it is.", SHAPE)},
    )
)
def api_show(report_id: UUID) -> ResponseReturnValue:
    """Answer where a report is."""
    return _answer(report_id)


@bp.get("/api/v1/vendors/<uuid:vendor_id>/report.pdf")
@api_requires(Permission.REPORT_READ)
@describes(
    Operation(
        group=GROUP,
        does="Take the newest report",
        more="The issued file, as it was registered; before the first one is issued, a draft that"
        " is marked as one and registered nowhere. Noted in the ledger.",
        answers={200: Answer("The file.", media="application/pdf")},
    )
)
def api_newest(vendor_id: UUID) -> ResponseReturnValue:
    """Give out the newest issued report, or else a draft."""
    return report_views.draft(vendor_id)


def _answer(report_id: UUID) -> Response:
    return jsonify(_shape(queries.get_report(session(), me().person_id, report_id)))


def _shape(found: ReportRow) -> dict[str, object]:
    return {
        "id": str(found.report_id),
        "reference": found.reference,
        "vendor_id": str(found.vendor_id),
        "number": found.number,
        "state": found.state.value,
        "progress": found.progress,
        "failure": found.failure,
        "as_of": found.as_of.isoformat(),
        "requested_by": found.requested_by,
        "dossier_sha256": found.dossier_sha256,
        "file_sha256": found.file_sha256,
        "issued_at": found.issued_at.isoformat() if found.issued_at else None,
    }
