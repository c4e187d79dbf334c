"""One round of the worker: the sweep, the reports that wait, and a sign of life."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from evidence.rescanning import scan_waiting
from evidence.sweeping import sweep_store
from foundation import idempotency
from foundation.db import Database
from foundation.failpoints import failpoint
from identity import limits
from operations import ledger_heads, webhook_delivery
from operations.ledger_verdict import judge
from operations.retention import erasing
from reminders import sweep
from reminders.commands import beat
from reminders.queries import find_heartbeat
from reports.building import build_due
from reports.home_system import LEDGER, WHOLE

EVIDENCE = "evidence"
CHECKED_EVERY = timedelta(days=1)
SWEPT_EVERY = timedelta(hours=1)
REMEMBERED = timedelta(days=2)
"""How long the answer to a repeated form, and an untouched try counter, are kept."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    swept: sweep.Swept
    reports: int
    webhooks: int = 0
    scanned: int = 0
    erased: int = 0

    @property
    def is_idle(self) -> bool:
        """Whether nothing was due."""
        return not any(
            (
                self.reports,
                self.webhooks,
                self.scanned,
                self.erased,
                self.swept.nudges,
                self.swept.digests,
                self.swept.reassessments,
                self.swept.attestations,
                self.swept.sent,
                self.swept.failed,
            )
        )

    def __str__(self) -> str:
        """Say it in one line for the log and the heartbeat: only what was done."""
        done = (
            (self.swept.nudges, "reminder to a vendor", "reminders to vendors"),
            (self.swept.digests, "daily mail written", "daily mails written"),
            (self.swept.reassessments, "reassessment opened", "reassessments opened"),
            (self.swept.sent, "letter sent", "letters sent"),
            (self.swept.failed, "letter not delivered", "letters not delivered"),
            (self.reports, "report built", "reports built"),
            (self.webhooks, "webhook told", "webhooks told"),
            (self.scanned, "waiting file scanned", "waiting files scanned"),
            (self.erased, "record erased by rule", "records erased by rule"),
        )
        said = [f"{n} {one if n == 1 else many}" for n, one, many in done if n]
        return ", ".join(said) or "nothing was due"


def check_ledger(database: Database, at: datetime) -> None:
    """Check the ledger and its signed heads once a day, and note what was found."""
    with database.reading() as session:
        last = find_heartbeat(session, LEDGER)
        if last is not None and last.at > at - CHECKED_EVERY:
            return
        found = judge(session, at)
    said = WHOLE if found.is_whole else str(found.first_bad or found.problems[0].seq)
    with database.writing() as session:
        beat(session, summary=said, at=at, name=LEDGER)


def sweep_evidence(database: Database, at: datetime) -> None:
    """Delete once an hour what no row names, and tell of files that are missing."""
    with database.reading() as session:
        last = find_heartbeat(session, EVIDENCE)
        if last is not None and last.at > at - SWEPT_EVERY:
            return
    swept = sweep_store(database, at)
    failpoint("store.swept")
    said = f"{len(swept.lost)} missing" if swept.lost else WHOLE
    with database.writing() as session:
        beat(session, summary=said, at=at, name=EVIDENCE)


def run(database: Database, at: datetime) -> Round:
    """Do everything that is due at a moment; safe to run twice, or by two workers."""
    walk = sweep.Walk(database, at)
    done = Round(
        sweep.run(database, at),
        build_due(database, at, pause=walk.with_awaited),
        webhook_delivery.deliver_due(database, at),
        scan_waiting(database, at),
        erasing.do(database, at),
    )
    ledger_heads.sign_due(database, at)
    check_ledger(database, at)
    sweep_evidence(database, at)
    with database.writing() as session:
        beat(session, summary=str(done), at=at)
        idempotency.forget_before(session, at - REMEMBERED)
        limits.forget_before(session, at - REMEMBERED)
        webhook_delivery.forget(session, at)
    return done
