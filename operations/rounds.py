"""One round of the worker: the sweep, the reports that wait, and a sign of life."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.queries import first_bad_entry
from foundation import idempotency
from foundation.db import Database
from identity import limits
from operations import webhook_delivery
from operations.retention import erasing
from reminders import sweep
from reminders.commands import beat
from reminders.queries import find_heartbeat
from reports.building import build_due
from reports.home_system import LEDGER, WHOLE

CHECKED_EVERY = timedelta(days=1)
REMEMBERED = timedelta(days=2)
"""How long the answer to a repeated form, and an untouched try counter, are kept."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    swept: sweep.Swept
    reports: int
    webhooks: int = 0
    erased: int = 0

    @property
    def is_idle(self) -> bool:
        """Whether nothing was due."""
        return not any(
            (
                self.reports,
                self.webhooks,
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
            (self.erased, "record erased by rule", "records erased by rule"),
        )
        said = [f"{n} {one if n == 1 else many}" for n, one, many in done if n]
        return ", ".join(said) or "nothing was due"


def check_ledger(database: Database, at: datetime) -> None:
    """Check the chain of the ledger once a day, and note what was found."""
    with database.reading() as session:
        last = find_heartbeat(session, LEDGER)
        if last is not None and last.at > at - CHECKED_EVERY:
            return
        bad = first_bad_entry(session)
    with database.writing() as session:
        beat(session, summary=WHOLE if bad is None else str(bad), at=at, name=LEDGER)


def run(database: Database, at: datetime) -> Round:
    """Do everything that is due at a moment; safe to run twice, or by two workers."""
    done = Round(
        sweep.run(database, at),
        build_due(database, at),
        webhook_delivery.deliver_due(database, at),
        erasing.do(database, at),
    )
    check_ledger(database, at)
    with database.writing() as session:
        beat(session, summary=str(done), at=at)
        idempotency.forget_before(session, at - REMEMBERED)
        limits.forget_before(session, at - REMEMBERED)
        webhook_delivery.forget(session, at)
    return done
