"""Ordering a report: the dossier is frozen now; the worker draws it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation import vault
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from identity.queries import get_person
from identity.rules import Author
from organisation.commands import next_reference
from reports.assemble import assemble
from reports.dossier import sha256_of, to_json
from reports.models import Report
from reports.printing import TEMPLATE_VERSION
from reports.rules import ReportState
from reviews.standing import telling_review
from vendors.models import Vendor


def request(
    session: Session, vendor: Vendor, *, by: Author, at: datetime, seen: Session | None = None
) -> Report:
    """Freeze a vendor's dossier and order its report. Raises Refused while one is on its way.

    What is frozen is read in `seen`, a session of one moment, where others may write meanwhile.
    """
    session.refresh(vendor, with_for_update=True)
    if session.scalars(_on_its_way(vendor)).first() is not None:
        raise Refused("A report about this vendor is being built. Wait until it is done.")
    number = 1 + (session.scalar(_newest_number(vendor)) or 0)
    reference = next_reference(session, "D")
    review = telling_review(session, vendor.id)
    content = to_json(
        assemble(
            seen or session,
            vendor.id,
            at,
            reference=reference,
            number=number,
            prepared_by=get_person(session, by.person_id).name,
        )
    )
    report_id = new_id()
    report = Report(
        id=report_id,
        reference=reference,
        vendor_id=vendor.id,
        review_id=review.id if review else None,
        number=number,
        state=ReportState.WAITING,
        progress=0,
        as_of=at.replace(microsecond=0),
        requested_by_id=by.person_id,
        dossier_sealed=vault.seal(content, context=f"report-dossier|{report_id}"),
        dossier_sha256=sha256_of(content),
        template_version=TEMPLATE_VERSION,
    )
    session.add(report)
    _note(session, Action.REPORT_REQUEST, report, by=by, at=at)
    session.flush()
    return report


def try_again(session: Session, report: Report, *, by: Author, at: datetime) -> None:
    """Put a report that failed back in the queue, on the same frozen dossier. Raises Conflict."""
    if report.state is not ReportState.FAILED:
        raise Conflict("This report has not failed. Reload the page to see where it is.")
    report.state, report.failure, report.progress = ReportState.WAITING, "", 0
    report.leased_until = None
    _note(session, Action.REPORT_REQUEST, report, by=by, at=at)
    session.flush()


def _note(session: Session, action: Action, report: Report, *, by: Author, at: datetime) -> None:
    record(
        session,
        at=at,
        actor=by.actor,
        action=action,
        subject=("report", report.id),
        detail={"reference": report.reference, "vendor": str(report.vendor_id)},
    )


def _on_its_way(vendor: Vendor) -> Select[UUID]:
    waiting = (ReportState.WAITING, ReportState.BUILDING)
    return select(Report.id).where(Report.vendor_id == vendor.id, Report.state.in_(waiting))


def _newest_number(vendor: Vendor) -> Select[int | None]:
    return select(func.max(Report.number)).where(Report.vendor_id == vendor.id)
