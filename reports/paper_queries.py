"""Reading the papers that were issued beside a full report."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.errors import Missing
from reports.models import Report, ReportPaper
from reports.papers import EXTRA, Paper
from reports.queries import ERASED


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper as the page of its report shows it."""

    paper: Paper
    file_size: int
    file_sha256: str


def papers_of(session: Session, report_id: UUID) -> list[PaperRow]:
    """Return the papers beside a report, the board's first; one of before has none."""
    chosen = select(ReportPaper.paper, ReportPaper.file_size, ReportPaper.file_sha256)
    found = session.execute(chosen.where(ReportPaper.report_id == report_id))
    return sorted((PaperRow(*row) for row in found), key=lambda row: EXTRA.index(row.paper))


def sealed_paper(session: Session, report_id: UUID, name: str) -> tuple[UUID, bytes]:
    """Return id and sealed bytes of a paper by the name of its kind. Raises Missing."""
    if name not in {paper.value for paper in EXTRA}:
        raise Missing
    chosen = (
        select(ReportPaper.id, ReportPaper.file_sealed, Report.file_sealed.is_(None))
        .join(Report, Report.id == ReportPaper.report_id)
        .where(ReportPaper.report_id == report_id, ReportPaper.paper == Paper(name))
    )
    found = session.execute(chosen).first()
    if found is None:
        raise Missing("This report has no such paper. Issue a new one to get it.")
    if found[2]:
        raise Missing(ERASED)
    return found[0], found[1]
