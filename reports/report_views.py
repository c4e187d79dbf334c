"""Pages of reports: the list, ordering one, watching it, and taking it away."""

from uuid import UUID

from flask import Response, flash, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from audit.actions import Action
from audit.commands import record
from evidence.downloads import disposition
from foundation import clock, vault
from foundation.db import database, session, side_write
from foundation.errors import Refused
from foundation.labels import label
from foundation.sandbox import SandboxFailure
from foundation.web import page, redirect_to
from reports import queries
from reports.assemble import assemble
from reports.dossier import to_json
from reports.models import Report
from reports.paper_queries import papers_of, sealed_paper
from reports.printing import print_report
from reports.report_commands import request as order
from reports.report_commands import try_again
from reports.views import bp
from vendors.queries import get_vendor


@bp.get("/vendors/<uuid:vendor_id>/reports")
@requires(Permission.REPORT_READ)
def reports(vendor_id: UUID) -> ResponseReturnValue:
    """Show the reports about a vendor, and the button for another."""
    return page(
        "reports/reports.html",
        vendor=get_vendor(session(), me().person_id, vendor_id),
        rows=queries.reports_of(session(), vendor_id),
        may_see_portfolio=me().may(Permission.REVIEW_READ),
        may_issue=me().may(Permission.REPORT_ISSUE),
    )


@bp.post("/vendors/<uuid:vendor_id>/reports")
@requires(Permission.REPORT_ISSUE)
def issue(vendor_id: UUID) -> ResponseReturnValue:
    """Freeze the facts and order the report."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    with database().moment() as seen:
        ordered = order(session(), vendor, by=me().author, at=clock.now(), seen=seen)
    return redirect_to("reports.report", report_id=ordered.id)


@bp.get("/reports/<uuid:report_id>")
@requires(Permission.REPORT_READ)
def report(report_id: UUID) -> ResponseReturnValue:
    """Show one report: where it is, its hashes, and the way to take it away."""
    return page(
        "reports/report.html",
        row=queries.get_report(session(), me().person_id, report_id),
        papers=papers_of(session(), report_id),
        may_issue=me().may(Permission.REPORT_ISSUE),
    )


@bp.get("/reports/<uuid:report_id>/progress")
@requires(Permission.REPORT_READ)
def progress(report_id: UUID) -> ResponseReturnValue:
    """Tell the page's script how far the report is."""
    row = queries.get_report(session(), me().person_id, report_id)
    return jsonify(
        state=row.state.value,
        text=label(row.state),
        progress=row.progress,
        is_on_its_way=row.is_on_its_way,
    )


@bp.post("/reports/<uuid:report_id>/retry")
@requires(Permission.REPORT_ISSUE)
def retry(report_id: UUID) -> ResponseReturnValue:
    """Put a report that failed back in the queue."""
    queries.get_report(session(), me().person_id, report_id)
    failed = session().get_one(Report, report_id)
    try_again(session(), failed, by=me().author, at=clock.now())
    flash(_("The report is waiting to be built again."), "info")
    return redirect_to("reports.report", report_id=report_id)


@bp.get("/reports/<uuid:report_id>/download")
@requires(Permission.REPORT_READ)
def download(report_id: UUID) -> ResponseReturnValue:
    """Give the issued bytes out, as they were registered."""
    with database().reading() as reading:
        row = queries.get_report(reading, me().person_id, report_id)
        content = vault.unseal(
            queries.sealed_file(reading, report_id), context=f"report-file|{report_id}"
        )
    _note_copy(("report", report_id))
    return as_pdf(content, f"{row.reference} {row.vendor_name}.pdf")


@bp.get("/reports/<uuid:report_id>/papers/<string:name>/download")
@requires(Permission.REPORT_READ)
def paper(report_id: UUID, name: str) -> ResponseReturnValue:
    """Give out the page for the board or the copy for the vendor, as it was registered."""
    with database().reading() as reading:
        row = queries.get_report(reading, me().person_id, report_id)
        paper_id, sealed = sealed_paper(reading, report_id, name)
        content = vault.unseal(sealed, context=f"report-paper|{paper_id}")
    _note_copy(("report", report_id))
    return as_pdf(content, f"{row.reference} {row.vendor_name} {name}.pdf")


@bp.get("/vendors/<uuid:vendor_id>/report.pdf")
@requires(Permission.REPORT_READ)
def draft(vendor_id: UUID) -> ResponseReturnValue:
    """Give out the newest issued report, or else a watermarked draft nobody registered."""
    with database().moment() as reading:
        vendor = get_vendor(reading, me().person_id, vendor_id)
        issued = queries.newest_issued(reading, vendor_id)
        content = (
            b""
            if issued
            else to_json(assemble(reading, vendor_id, clock.now(), prepared_by=me().name))
        )
    if issued:
        return download(issued)
    try:
        printed = print_report(content, is_draft=True)
    except SandboxFailure as failure:
        raise Refused(f"The draft could not be drawn. {failure} Try again.") from None
    _note_copy(("vendor", vendor_id))
    return as_pdf(printed, f"Draft {vendor.name}.pdf")


def _note_copy(subject: tuple[str, UUID]) -> None:
    """Write into the ledger that a copy leaves."""
    with side_write() as apart:
        record(
            apart,
            at=clock.now(),
            actor=me().actor,
            action=Action.REPORT_DOWNLOAD,
            subject=subject,
        )


def as_pdf(content: bytes, name: str) -> Response:
    """Return bytes as a PDF to be saved under a name, kept by nobody on the way."""
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
