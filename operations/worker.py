"""duly worker: APScheduler ticks, the sweep does the work; any number may run."""

import argparse
import logging
import signal
from datetime import datetime, timedelta
from types import FrameType

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.base import BaseTrigger

from audit.signed_heads import Why
from foundation import clock, logs, settings
from foundation.db import Database
from operations import ledger_heads, rounds
from operations.cli_print import note
from operations.setup_cli import opened

log = logging.getLogger("duly.worker")
# A sweep longer than the interval is normal; the next one simply comes later.
logging.getLogger("apscheduler").setLevel(logging.ERROR)


class Pause(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Says when the next sweep is: so long after now, however long the machine slept or was wrong.

    The interval of APScheduler lists every moment that was missed, one by one: a clock put right
    by years at start would fill the memory with them.
    """

    def __init__(self, seconds: float) -> None:
        """Keep the length."""
        self._length = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """Return the moment of the next sweep, as APScheduler asks for it."""
        del previous
        return now + self._length


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    del name
    parser.add_argument("--every", type=float, default=5.0, help="seconds between sweeps")
    parser.add_argument("--once", action="store_true", help="sweep once and stop")
    return run


def run(chosen: argparse.Namespace) -> int:
    """Sweep until told to stop."""
    database = opened()
    logs.configure(settings.current().log_format)
    if chosen.once:
        note(str(rounds.run(database, clock.now())))
        return 0
    note("The worker is ticking.")
    start_ticking(database, every=chosen.every)
    ledger_heads.sign_due(database, clock.now(), Why.STOP)
    return 0


def start_ticking(database: Database, *, every: float) -> None:
    """Sweep every so many seconds until a signal comes."""
    # Memory store only: due dates live in our tables, and the sweep is idempotent.
    scheduler = BlockingScheduler(timezone="UTC")
    scheduler.add_job(
        tick,
        Pause(every),
        args=[database],
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
        next_run_time=clock.of_machine() + timedelta(seconds=0.2),
    )

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        scheduler.shutdown(wait=True)  # what was begun is finished; a second signal does not wait

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    scheduler.start()


def tick(database: Database) -> None:
    """Sweep once; a fault is logged and the next tick tries again."""
    try:
        done = rounds.run(database, clock.now())
    except Exception:
        log.exception("The sweep failed; the next one tries again.")
        return
    if not done.is_idle:
        note(str(done))
