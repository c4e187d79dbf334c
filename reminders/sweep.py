"""The sweep: asks what is due, claims it, writes the letters. Safe to run at any time, twice."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from foundation.db import Database
from foundation.failpoints import FailpointReached, failpoint
from mail.delivery import deliver_due
from organisation.queries import time_zone_of_organisation
from reminders import days_work, lease, letters
from reminders.commands import Stamp, claim, claim_day, look_again, stamp_all
from reminders.digests import Digest, digests_due
from reminders.ladders import UNPLACED
from reminders.lease import LeaseLost
from reminders.nudges import Look, looks_due
from reminders.readers import office_of

_log = logging.getLogger(__name__)
Write = Callable[[Session], bool]
AT_ONCE = 20
"""How many things share a transaction: it is held for a tenth of a second at most."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    nudges: int = 0
    digests: int = 0
    reassessments: int = 0
    attestations: int = 0
    sent: int = 0
    failed: int = 0

    def __str__(self) -> str:
        """Say it in one line for the log and the heartbeat."""
        return (
            f"{self.nudges} nudges, {self.digests} digests, "
            f"{self.reassessments} reassessments opened, "
            f"{self.attestations} vendors asked for changes, "
            f"{self.sent} letters sent, {self.failed} failed"
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due at a moment, as it was read; nothing in it is written yet."""

    looks: list[Look]
    digests: list[Digest]

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.looks or self.digests)


def run(database: Database, at: datetime) -> Swept:
    """Do everything that is due at a moment; one thing that cannot be done stops no other."""
    done = days_work.do(database, at)
    nudged, digested = remind(database, at)
    delivered = deliver_due(database, at)
    return Swept(nudged, digested, done.opened, done.asked, delivered.sent, delivered.failed)


def plan(session: Session, at: datetime) -> Plan:
    """Return what is due at a moment. Reads only."""
    looks = looks_due(session, time_zone_of_organisation(session), at)
    return Plan(looks, digests_due(session, office_of(session), at))


def remind(database: Database, at: datetime) -> tuple[int, int]:
    """Write the nudges and digests that are due; return how many of each.

    Only one worker at a time, but that is no more than manners: every step is claimed by a unique
    key in the transaction of its letter, so that two would write nothing twice.
    """
    with database.reading() as session:
        due = plan(session, at)
    if not due:
        return 0, 0
    fence = lease.take(database, at)
    if fence is None:
        return 0, 0
    try:
        return _write(database, due, fence, at)
    except LeaseLost:
        _log.warning("the sweep was taken over by another worker")
        return 0, 0
    finally:
        lease.give_back(database, fence, at)


def _write(database: Database, due: Plan, fence: int, at: datetime) -> tuple[int, int]:
    nudges = [partial(_nudge, look=look, at=at) for look in due.looks]
    digests = [partial(_digest, digest=digest, at=at) for digest in due.digests]
    return _in_parts(database, fence, nudges), _in_parts(database, fence, digests)


def _in_parts(database: Database, fence: int, writes: Sequence[Write]) -> int:
    """Write things, some in one transaction; where one cannot be written, each in its own."""
    written = 0
    for start in range(0, len(writes), AT_ONCE):
        some = writes[start : start + AT_ONCE]
        count = _together(database, fence, some)
        if count is None:
            count = sum(_together(database, fence, [each]) or 0 for each in some)
        written += count
    return written


def _together(database: Database, fence: int, writes: Sequence[Write]) -> int | None:
    """Write in one transaction and return how many were; None when something went wrong."""
    try:
        with lease.writing(database, fence) as session:
            count = sum(write(session) for write in writes)
            failpoint("reminders.before_commit")
    except (LeaseLost, FailpointReached):
        raise
    except Exception:  # noqa: BLE001  whatever is wrong with one thing, the next are due too
        if len(writes) == 1:
            _log.exception("A reminder could not be written; the others go on.")
        return None
    failpoint("reminders.after_commit")
    return count


def _nudge(session: Session, *, look: Look, at: datetime) -> bool:
    one = look.waiting
    if look.step is None:
        look_again(session, look)
        return False
    stamp = Stamp(
        kind=one.kind,
        subject_id=one.subject_id,
        step=look.step.value,
        due_on=one.window.due_on,
        recipient_id=one.person_id,
        vendor_id=one.vendor_id if one.kind in UNPLACED else None,
    )
    if not claim(session, stamp, at=at):
        return False
    letters.nudge(session, look, at)
    look_again(session, look)
    return True


def _digest(session: Session, *, digest: Digest, at: datetime) -> bool:
    if not claim_day(session, digest.reader, digest.day) or not digest.lines:
        return False
    stamps = (
        Stamp(
            kind=line.due.kind,
            subject_id=line.due.subject_id,
            step=step,
            due_on=line.due.due_on,
            recipient_id=digest.reader.person_id,
            vendor_id=line.due.vendor_id if line.due.kind in UNPLACED else None,
        )
        for line in digest.lines
        for step in line.steps
    )
    stamp_all(session, stamps, at=at)
    letters.digest(session, digest, at)
    return True
