"""One round of the worker: the sweep, the reports that wait, and a sign of life."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from foundation import idempotency
from foundation.db import Database
from identity import limits
from reminders import sweep
from reminders.commands import beat
from reports.building import build_due

REMEMBERED = timedelta(days=2)
"""How long the answer to a repeated form, and an untouched try counter, are kept."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    swept: sweep.Swept
    reports: int

    @property
    def is_idle(self) -> bool:
        """Whether nothing was due."""
        return not any(
            (
                self.reports,
                self.swept.nudges,
                self.swept.reassessments,
                self.swept.sent,
                self.swept.failed,
            )
        )

    def __str__(self) -> str:
        """Say it in one line for the log and the heartbeat."""
        return f"{self.swept}, {self.reports} reports built"


def run(database: Database, at: datetime) -> Round:
    """Do everything that is due at a moment; safe to run twice, or by two workers."""
    done = Round(sweep.run(database, at), build_due(database, at))
    with database.writing() as session:
        beat(session, summary=str(done), at=at)
        idempotency.forget_before(session, at - REMEMBERED)
        limits.forget_before(session, at - REMEMBERED)
    return done
