"""Reading reports, and the few facts no room below offers in the shape a dossier needs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation.errors import Missing
from identity.models import Person
from questionnaires.models import Assessment, QuestionnaireVersion
from reports.models import Report
from reports.rules import ReportState
from reviews.decision_models import Condition
from reviews.models import Finding
from reviews.rows import FindingRow, findings_of
from vendors.models import Vendor
from vendors.queries import visible_vendors

ERASED = (
    "This report is past the time it is kept. A paper of it can still be verified: its fingerprint "
    "stays."
)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report as lists and its own page show it; the bytes stay where they are."""

    report_id: UUID
    reference: str
    vendor_id: UUID
    vendor_name: str
    number: int
    state: ReportState
    progress: int
    failure: str
    as_of: datetime
    requested_by: str
    dossier_sha256: str
    renderer: str
    file_sha256: str | None
    file_size: int | None
    issued_at: datetime | None

    @property
    def is_on_its_way(self) -> bool:
        """Whether somebody still works on it."""
        return self.state in {ReportState.WAITING, ReportState.BUILDING}


_COLUMNS: tuple[Any, ...] = (
    Report.id,
    Report.reference,
    Report.vendor_id,
    Vendor.name,
    Report.number,
    Report.state,
    Report.progress,
    Report.failure,
    Report.as_of,
    Person.name,
    Report.dossier_sha256,
    Report.renderer,
    Report.file_sha256,
    Report.file_size,
    Report.issued_at,
)


def reports_of(session: Session, vendor_id: UUID) -> list[ReportRow]:
    """Return the reports of a vendor, the newest first; those of a merged one stay as issued."""
    chosen = (
        select(*_COLUMNS)
        .join(Vendor, Vendor.id == Report.vendor_id)
        .join(Person, Person.id == Report.requested_by_id)
        .where((Vendor.id == vendor_id) | (Vendor.merged_into_id == vendor_id))
        .order_by(Report.as_of.desc(), Report.number.desc())
    )
    return [ReportRow(*row) for row in session.execute(chosen)]


def get_report(session: Session, viewer_id: UUID, report_id: UUID) -> ReportRow:
    """Return a report of a vendor the person may see. Raises Missing."""
    chosen = (
        select(*_COLUMNS)
        .join(Vendor, Vendor.id == Report.vendor_id)
        .join(Person, Person.id == Report.requested_by_id)
        .where(Report.id == report_id, visible_vendors(viewer_id))
    )
    found = session.execute(chosen).first()
    if found is None:
        raise Missing
    return ReportRow(*found)


def sealed_file(session: Session, report_id: UUID) -> bytes:
    """Return the sealed bytes of an issued report. Raises Missing while there are none."""
    chosen = select(Report.file_sealed, Report.file_sha256).where(Report.id == report_id)
    found = session.execute(chosen).first()
    if found is None or found.file_sha256 is None:
        raise Missing("This report has not been built yet. Come back in a minute.")
    if found.file_sealed is None:
        raise Missing(ERASED)
    return bytes(found.file_sealed)


def newest_issued(session: Session, vendor_id: UUID) -> UUID | None:
    """Return the id of the vendor's newest issued report, or None."""
    chosen = (
        select(Report.id)
        .where(Report.vendor_id == vendor_id, Report.state == ReportState.ISSUED)
        .order_by(Report.number.desc())
        .limit(1)
    )
    return session.scalars(chosen).first()


def find_newest_dossier(session: Session, vendor_id: UUID) -> tuple[UUID, bytes] | None:
    """Return id and sealed dossier of the vendor's newest issued report, or None."""
    chosen = (
        select(Report.id, Report.dossier_sealed)
        .where(Report.vendor_id == vendor_id, Report.state == ReportState.ISSUED)
        .order_by(Report.number.desc())
        .limit(1)
    )
    found = session.execute(chosen).first()
    return (found[0], found[1]) if found else None


def find_by_file_hash(session: Session, file_sha256: str) -> Report | None:
    """Return the issued report with exactly these bytes, or None."""
    return session.scalars(select(Report).where(Report.file_sha256 == file_sha256)).first()


def findings_in_full(session: Session, vendor_id: UUID) -> list[tuple[Finding, FindingRow]]:
    """Return every finding of a vendor with the row its lists show."""
    stored = {
        finding.id: finding
        for finding in session.scalars(select(Finding).where(Finding.vendor_id == vendor_id))
    }
    return [(stored[row.finding_id], row) for row in findings_of(session, vendor_id)]


def conditions_of(session: Session, decision_id: UUID) -> list[tuple[Condition, str]]:
    """Return what a decision depends on, with the name of who answers for it."""
    chosen = (
        select(Condition, Person.name)
        .join(Person, Person.id == Condition.owner_id)
        .where(Condition.decision_id == decision_id)
        .order_by(Condition.due_on, Condition.id)
    )
    return [(condition, name) for condition, name in session.execute(chosen)]


def references_of_assessments(session: Session, vendor_id: UUID) -> dict[UUID, str]:
    """Return the reference of each assessment of a vendor."""
    chosen = select(Assessment.id, Assessment.reference).where(Assessment.vendor_id == vendor_id)
    return {row.id: row.reference for row in session.execute(chosen)}


def hashes_of_versions(session: Session, vendor_id: UUID) -> dict[UUID, str]:
    """Return the hash of the frozen questionnaire of each assessment of a vendor."""
    chosen = (
        select(Assessment.id, QuestionnaireVersion.sha256)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Assessment.questionnaire_version_id)
        .where(Assessment.vendor_id == vendor_id)
    )
    return {row.id: row.sha256 for row in session.execute(chosen)}


def count_by_state(session: Session) -> dict[str, int]:
    """Return how many reports are in each state, over all vendors; for numbers only."""
    counted = select(Report.state, func.count()).group_by(Report.state)
    found = {row[0]: row[1] for row in session.execute(counted)}
    return {state.value: found.get(state, 0) for state in ReportState}
