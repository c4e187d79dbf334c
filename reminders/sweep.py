"""The sweep: asks what is due, claims it, writes the letters. Safe to run at any time, twice."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from foundation import settings
from foundation.db import Database
from foundation.failpoints import FailpointReached, failpoint
from identity import limits
from mail.delivery import deliver_due
from mail.errands import Errand
from mail.rules import bucket_of
from organisation.queries import time_zone_of_organisation
from reminders import days_work, lease, letters
from reminders.commands import Stamp, claim, claim_day, look_again, stamp_all
from reminders.digests import Digest, digests_due, parts_of
from reminders.ladders import UNPLACED
from reminders.lease import LeaseLost
from reminders.nudges import Look, looks_due
from reminders.readers import office_of

_log = logging.getLogger(__name__)
Pause = Callable[[], object]
AT_ONCE = 100
"""How much shares a transaction, in lines of a digest: it is held for a tenth of a second."""
NUDGE_WEIGHS = 5
"""A letter to a vendor, with its link, costs as much as five lines."""


@dataclass(frozen=True, slots=True)
class Write:
    """One thing to write down, and how much it is."""

    do: Callable[[Session], bool]
    weight: int


Together = Callable[[Sequence[Write]], int | None]


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
    walk = Walk(database, at)
    done = days_work.do(database, at)
    nudged, digested = remind(database, at, pause=walk.with_awaited)
    walk.with_all()
    return Swept(nudged, digested, done.opened, done.asked, walk.sent, walk.failed)


class Walk:
    """The postman's walks of one round: with all that is due, and before and after it for codes."""

    def __init__(self, database: Database, at: datetime) -> None:
        """Begin at a moment; time goes on while the round lasts."""
        self._database, self._at, self._began = database, at, time.monotonic()
        self.sent = self.failed = 0

    def with_all(self) -> None:
        """Send what is due."""
        self._go(Errand(may_go=_may_go))

    def with_awaited(self) -> None:
        """Send what somebody sits and waits for, while there is much else to be done."""
        self._go(Errand(is_of_awaited=True, may_go=_may_go))

    def _go(self, errand: Errand) -> None:
        now = self._at + timedelta(seconds=time.monotonic() - self._began)
        done = deliver_due(self._database, now, errand)
        self.sent += done.sent
        self.failed += done.failed


def _may_go(session: Session, now: datetime) -> bool:
    """Count a letter against what the mail server takes in a minute, from all workers."""
    at_once, per = bucket_of(settings.current().mail_per_minute)
    return limits.take(session, "mail", capacity=at_once, per=per, at=now)


def plan(session: Session, at: datetime) -> Plan:
    """Return what is due at a moment. Reads only."""
    looks = looks_due(session, time_zone_of_organisation(session), at)
    return Plan(looks, digests_due(session, office_of(session), at))


def remind(database: Database, at: datetime, pause: Pause = lambda: None) -> tuple[int, int]:
    """Write the nudges and digests that are due; return how many of each.

    Ten thousand may be due at once: others write between two transactions, and `pause` is called.
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
        return _write(database, due, fence, at, pause)
    except LeaseLost:
        _log.warning("the sweep was taken over by another worker")
        return 0, 0
    finally:
        lease.give_back(database, fence, at)


def _write(
    database: Database, due: Plan, fence: int, at: datetime, pause: Pause = lambda: None
) -> tuple[int, int]:
    together = partial(_together, database, fence, pause)
    nudges = (Write(partial(_nudge, look=look, at=at), NUDGE_WEIGHS) for look in due.looks)
    digests = (
        Write(partial(_digest, digest=part, at=at), len(part.lines))
        for digest in due.digests
        for part in parts_of(digest, AT_ONCE)
    )
    return _in_parts(together, nudges), _in_parts(together, digests)


def _in_parts(together: Together, writes: Iterable[Write]) -> int:
    """Write things, some in one transaction; where one cannot be written, each in its own."""
    written = 0
    for some in _loads(writes):
        count = together(some)
        if count is None:
            count = sum(together([each]) or 0 for each in some)
        written += count
    return written


def _loads(writes: Iterable[Write]) -> Iterator[list[Write]]:
    """Put together what shares a transaction."""
    load: list[Write] = []
    for write in writes:
        if load and sum(each.weight for each in load) + write.weight > AT_ONCE:
            yield load
            load = []
        load.append(write)
    if load:
        yield load


def _together(database: Database, fence: int, pause: Pause, writes: Sequence[Write]) -> int | None:
    """Write in one transaction and return how many were; None when something went wrong."""
    try:
        with lease.writing(database, fence) as session:
            count = sum(write.do(session) for write in writes)
            failpoint("reminders.before_commit")
    except (LeaseLost, FailpointReached):
        raise
    except Exception:  # noqa: BLE001  whatever is wrong with one thing, the next are due too
        if len(writes) == 1:
            _log.exception("A reminder could not be written; the others go on.")
        return None
    failpoint("reminders.after_commit")
    pause()
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
    if digest.is_last and not claim_day(session, digest.reader, digest.day):
        return False
    if not digest.lines:
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
