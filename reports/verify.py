"""Asking the register about a file: first its bytes, then the data it says it carries."""

import hashlib
import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, select
from sqlalchemy.orm import Session, aliased

from foundation import sandbox
from foundation.db import Database
from foundation.errors import Refused
from foundation.sandbox import SandboxFailure
from reports.models import Report, ReportPaper
from reports.papers import Paper
from reports.rules import ReportState
from reports.verifying import MOST_BYTES, Entry, Marks, Verified, of_altered, of_issued, of_unknown

TASK, PLAIN_TASK = "report.marks", "report.plain_marks"
_LIMITS = sandbox.Limits(seconds=20, cpu_seconds=10, memory_mb=512, output_mb=1)


def verify(database: Database, content: bytes) -> Verified:
    """Say whether a file is genuine; nothing is open while a stranger's file is looked into."""
    if len(content) > MOST_BYTES:
        return of_unknown(len(content), Marks())
    digest = hashlib.sha256(content).hexdigest()
    with database.reading() as session:
        issued = _find(session, Report.file_sha256 == digest, ReportPaper.file_sha256 == digest)
    if issued:
        return of_issued(issued)
    told = _told(content) if content else {"data": []}
    hashes = told.pop("data")
    with database.reading() as session:
        altered = _find_data(session, hashes)
    return of_altered(altered) if altered else of_unknown(len(content), Marks(**told))


def _told(content: bytes) -> dict[str, Any]:
    try:
        answer = sandbox.run(TASK, content, _LIMITS)
    except (SandboxFailure, Refused):
        # It broke the reader; what it says in plain text still counts.
        answer = sandbox.run(PLAIN_TASK, content, _LIMITS)
    told: dict[str, Any] = json.loads(answer)
    return told


def _find_data(session: Session, hashes: Collection[str]) -> Entry | None:
    if not hashes:
        return None
    return _find(session, Report.dossier_sha256.in_(hashes), ReportPaper.data_sha256.in_(hashes))


def _find(
    session: Session, is_report: ColumnElement[bool], is_paper: ColumnElement[bool]
) -> Entry | None:
    full = _issued(literal(Paper.FULL.value)).where(is_report)
    beside = _issued(ReportPaper.paper).join(ReportPaper, ReportPaper.report_id == Report.id)
    for chosen in (full, beside.where(is_paper)):
        found = session.execute(chosen.limit(1)).first()
        if found is not None:
            return _entry(session, *found)
    return None


def _issued(paper: Any) -> Select[Any]:  # noqa: ANN401  a column, or a constant
    columns = (Report.reference, Report.number, paper, Report.issued_at, Report.vendor_id)
    chosen: Select[Any] = select(*columns).where(Report.state == ReportState.ISSUED)
    return chosen


def _entry(session: Session, *row: Any) -> Entry:  # noqa: ANN401  the columns of _issued
    reference, number, paper, issued_at, vendor_id = row
    newest = _newest(session, vendor_id)
    return Entry(reference, number, Paper(paper), issued_at, *newest)


def _newest(session: Session, vendor_id: UUID) -> tuple[str, int]:
    other = aliased(Report)
    chosen = (
        select(other.reference, other.number)
        .where(other.vendor_id == vendor_id, other.state == ReportState.ISSUED)
        .order_by(other.number.desc())
        .limit(1)
    )
    found = session.execute(chosen).one()
    return found[0], found[1]
