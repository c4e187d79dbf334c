"""The sweep measured: with nothing due, on days with forty things due, and in a rush."""

import time
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import func, select

from bench import due_things
from bench.measure import Figure, figure_of
from bench.operations import Bench, Operation
from foundation import clock
from foundation.db import Database
from questionnaires.models import Assessment
from reminders import days_work, sweep
from vendors.models import Vendor

IDLE, DUE = "due sweep, nothing due", "due sweep, 40 due"
RUSH = "due sweep, 10,000 due"
GOALS = (
    Operation(IDLE, lambda: 0, 50),
    Operation(DUE, lambda: 0, 50 + 40 * 2),
    Operation(RUSH, lambda: 0, 50 + 10_000 * 2, grows=False),
)
"""speed.md: 50 ms, and 2 ms more for each thing due."""
IN_RUSH = 2_500
"""Vendors that owe an answer, and have a finding, a file and a notice that come near."""
RUSHES = 3
LATER = 100
"""Days after the first: by then nothing of the other measurements comes due any more."""


def measure_sweeps(bench: Bench, rounds: int, hello_ms: float) -> list[Figure]:
    """Measure both, each day anew; letters stay in the outbox, as without a mail server."""
    database, owner_id, like = _ground(bench)
    with database.writing() as session:
        due_things.spread(session, owner_id, like)
    spent: dict[str, list[float]] = {IDLE: [], DUE: []}
    counts = {IDLE: 0, DUE: 0}
    for number, day in zip(range(rounds + 2), due_things.days(), strict=False):
        at = due_things.moment(day)
        with database.writing() as session:
            due_things.due_today(session, day, owner_id, like)
        with clock.fixed(at):
            days_work.do(database, at)
            for name in (DUE, IDLE):
                bench.statements = 0
                taken = _cpu(_swept(database, at, is_due=name == DUE))
                if number > 1:  # what is compiled and cached on first use is not its cost
                    spent[name].append(taken)
                    counts[name] = bench.statements
    return [figure_of(name, spent[name], (counts[name], 0), hello_ms) for name in spent]


def measure_rush(bench: Bench, hello_ms: float) -> list[Figure]:
    """Measure the worst morning, on days after those of the sweeps; few vendors have none."""
    database, owner_id, like = _ground(bench)
    spent: list[float] = []
    with database.reading() as session:
        if (session.scalar(select(func.count()).select_from(Vendor)) or 0) < IN_RUSH:
            return []
    for day in islice(due_things.days(), LATER, LATER + RUSHES):
        at = due_things.moment(day)
        with database.writing() as session:
            due_things.due_today(session, day, owner_id, like, IN_RUSH)
        with clock.fixed(at):
            days_work.do(database, at)
            bench.statements = 0
            spent.append(_cpu(_swept(database, at, is_due=True)))
    return [figure_of(RUSH, spent, (bench.statements, 0), hello_ms)]


def _ground(bench: Bench) -> tuple[Database, UUID, Assessment]:
    database: Database = bench.app.extensions["database"]
    with database.reading() as session:
        like = session.get_one(Assessment, bench.ground.assessment_id)
        owner_id = session.scalars(select(Assessment.sent_by_id)).first()
    return database, owner_id or like.sent_by_id, like


def _swept(database: Database, at: datetime, *, is_due: bool) -> Callable[[], None]:
    def call() -> None:
        nudges, digests = sweep.remind(database, at)
        if is_due != bool(nudges and digests):
            raise RuntimeError(f"The sweep wrote {nudges} nudges and {digests} digests.")

    return call


def _cpu(call: Callable[[], None]) -> float:
    before = time.process_time()
    call()
    return (time.process_time() - before) * 1000
