"""Building reports in the worker: claim, draw in the sandbox, keep the bytes. Any number may run.

No transaction is open while the sandbox draws. A worker that dies loses its lease; the fence
keeps it from writing over whoever took the work after it.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Action
from audit.commands import record
from foundation import clock, vault
from foundation.db import Database
from foundation.errors import Refused
from foundation.failpoints import failpoint
from foundation.ids import new_id
from foundation.sandbox import SandboxFailure
from reports.dossier import from_json, sha256_of, to_json
from reports.models import Report, ReportPaper
from reports.papers import EXTRA, Paper, cut
from reports.printing import RENDERER, print_report
from reports.rules import LEASE, ReportState

MOST_AT_ONCE = 5
Pause = Callable[[], object]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """A report this worker may build until its lease ends."""

    report_id: UUID
    fence: int
    sealed: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Printed:
    """The bytes of a report, and of the papers beside it with the hash of their data."""

    full: bytes
    extra: Mapping[Paper, tuple[str, bytes]] = field(default_factory=dict)


def build_due(database: Database, at: datetime, pause: Pause = lambda: None) -> int:
    """Build the reports that wait, and those whose worker went away; return how many.

    Each takes seconds: `pause` is called after it.
    """
    built = 0
    for _ in range(MOST_AT_ONCE):
        with database.writing() as session:
            claim = _claim(session, at)
        if claim is None:
            break
        failpoint("report.claimed")
        built += _build(database, claim)
        pause()
    return built


def _claim(session: Session, at: datetime) -> Claim | None:
    chosen = (
        select(Report.id, Report.fence, Report.dossier_sealed, Report.dossier_sha256)
        .where(
            or_(
                Report.state == ReportState.WAITING,
                (Report.state == ReportState.BUILDING) & (Report.leased_until < at),
            )
        )
        .order_by(Report.as_of, Report.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(chosen).first()
    if found is None:
        return None
    claim = Claim(found[0], found[1] + 1, found[2], found[3])
    _write(
        session,
        claim,
        held=found[1],
        state=ReportState.BUILDING,
        progress=25,
        leased_until=at + LEASE,
        fence=claim.fence,
    )
    return claim


def _build(database: Database, claim: Claim) -> bool:
    try:
        printed = _papers(database, claim)
    except (SandboxFailure, Refused, vault.SealBroken) as failure:
        return _fail(database, claim, str(failure))
    except Exception:  # noqa: BLE001  one bad report must not stop the others
        _log.exception("The report %s could not be built.", claim.report_id)
        return _fail(database, claim, "Something unexpected stopped it. The log has the details.")
    failpoint("report.printed")
    is_mine = _keep(database, claim, printed)
    failpoint("report.kept")
    return is_mine


def _papers(database: Database, claim: Claim) -> Printed:
    """Draw every paper of a report, each from its own cut of the same frozen facts."""
    content = _frozen(claim)
    dossier = from_json(content)
    full = print_report(content, is_draft=False)
    extra: dict[Paper, tuple[str, bytes]] = {}
    for done, paper in enumerate(EXTRA, 1):
        _tell(database, claim, progress=25 + 25 * done)
        data = to_json(cut(dossier, paper))
        extra[paper] = (sha256_of(data), print_report(data, is_draft=False))
    return Printed(full, extra)


def _tell(database: Database, claim: Claim, *, progress: int) -> None:
    with database.writing() as session:
        _write(session, claim, held=claim.fence, progress=progress)


def _frozen(claim: Claim) -> bytes:
    dossier = vault.unseal(claim.sealed, context=f"report-dossier|{claim.report_id}")
    if sha256_of(dossier) != claim.sha256:
        raise Refused("The frozen facts do not match their hash. Nothing was drawn.")
    return dossier


def _keep(database: Database, claim: Claim, printed: Printed) -> bool:
    at = clock.now()
    digest = hashlib.sha256(printed.full).hexdigest()
    with database.writing() as session:
        is_mine = _write(
            session,
            claim,
            held=claim.fence,
            state=ReportState.ISSUED,
            progress=100,
            renderer=RENDERER,
            file_sealed=vault.seal(printed.full, context=f"report-file|{claim.report_id}"),
            file_sha256=digest,
            file_size=len(printed.full),
            issued_at=at,
            leased_until=None,
        )
        if is_mine:
            session.add_all(_registered(claim, printed))
            record(
                session,
                at=at,
                actor=SYSTEM,
                action=Action.REPORT_ISSUE,
                subject=("report", claim.report_id),
                detail={"file_sha256": digest, "dossier_sha256": claim.sha256},
            )
    return is_mine


def _registered(claim: Claim, printed: Printed) -> Iterator[ReportPaper]:
    for paper, (data_sha256, content) in printed.extra.items():
        paper_id = new_id()
        yield ReportPaper(
            id=paper_id,
            report_id=claim.report_id,
            paper=paper,
            data_sha256=data_sha256,
            file_sealed=vault.seal(content, context=f"report-paper|{paper_id}"),
            file_sha256=hashlib.sha256(content).hexdigest(),
            file_size=len(content),
        )


def _fail(database: Database, claim: Claim, sentence: str) -> bool:
    with database.writing() as session:
        _write(
            session,
            claim,
            held=claim.fence,
            state=ReportState.FAILED,
            progress=0,
            failure=sentence,
            leased_until=None,
        )
    return False


def _write(session: Session, claim: Claim, *, held: int, **values: object) -> bool:
    """Write if the fence is still ours; the version grows, so that a form notices."""
    statement = (
        update(Report)
        .where(Report.id == claim.report_id, Report.fence == held)
        .values(**values, version=Report.version + 1)
        .execution_options(synchronize_session=False)
    )
    result = session.execute(statement)
    assert isinstance(result, CursorResult)
    return bool(result.rowcount)
