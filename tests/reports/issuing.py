"""Papers in the register without drawing them for each test: drawn once, entered as issued."""

import hashlib
from dataclasses import replace
from functools import cache

from foundation import clock, sandbox, vault
from foundation.ids import new_id
from operations.parts import SANDBOX_TASKS
from reports.dossier import sha256_of, to_json
from reports.models import Report, ReportPaper
from reports.papers import EXTRA, Paper, cut
from reports.printing import ENVIRONMENT, RENDERER, TEMPLATE_VERSION, print_report
from reports.rules import ReportState
from tests.people import PERVEZ
from tests.reports import sample


@cache
def drawn(number: int) -> dict[Paper, tuple[bytes, bytes]]:
    """Return data and bytes of each paper of a small report, the same ones for every test."""
    sandbox.register(SANDBOX_TASKS)
    sandbox.configure(environment=ENVIRONMENT)
    whole = replace(sample.bare(), reference=f"D-{number:04}", number=number)
    data = {paper: to_json(cut(whole, paper)) for paper in Paper}
    return {paper: (made, print_report(made, is_draft=False)) for paper, made in data.items()}


def issue(database, people, vendor_id, number=1):
    """Enter a report and its papers as issued; return the bytes of each paper."""
    papers = drawn(number)
    data, content = papers[Paper.FULL]
    report_id = new_id()
    with database.writing() as session:
        session.add(
            Report(
                id=report_id,
                reference=f"D-{number:04}",
                vendor_id=vendor_id,
                number=number,
                state=ReportState.ISSUED,
                progress=100,
                as_of=clock.now(),
                requested_by_id=people.id_of(PERVEZ),
                dossier_sealed=vault.seal(data, context=f"report-dossier|{report_id}"),
                dossier_sha256=sha256_of(data),
                template_version=TEMPLATE_VERSION,
                renderer=RENDERER,
                file_sealed=vault.seal(content, context=f"report-file|{report_id}"),
                file_sha256=hashlib.sha256(content).hexdigest(),
                file_size=len(content),
                issued_at=clock.now(),
            )
        )
        session.flush()
        session.add_all(_beside(report_id, paper, *papers[paper]) for paper in EXTRA)
    return {paper: made for paper, (_, made) in papers.items()}


def _beside(report_id, paper, data, content):
    paper_id = new_id()
    return ReportPaper(
        id=paper_id,
        report_id=report_id,
        paper=paper,
        data_sha256=sha256_of(data),
        file_sealed=vault.seal(content, context=f"report-paper|{paper_id}"),
        file_sha256=hashlib.sha256(content).hexdigest(),
        file_size=len(content),
    )
