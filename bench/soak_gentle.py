"""duly bench --soak --gentle: a fifth of the load and nobody dies; what grows, leaks."""

import asyncio
import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import soak_check, soak_ground, soak_verdict
from bench.soak_client import Browser
from bench.soak_ground import Ground
from bench.soak_samples import Watcher
from bench.soak_server import free_port, serving, working
from bench.soak_visits import Book, Visitor
from operations.cli_print import note


@dataclass(frozen=True, slots=True)
class Plan:
    """How many answer how long, and how often everything else is done; times in seconds."""

    seconds: float
    n_seats: int = 20
    n_questions: int = 120
    address: str = ""
    sampled_every: float = 30.0
    page_every: float = 2.0
    file_every: float = 20.0
    report_every: float = 180.0


def run(plan: Plan) -> dict[str, Any]:
    """Soak an installation of its own and return what it held, and whether that grows."""
    folder = Path(tempfile.mkdtemp(prefix="duly-gentle-"))
    port, log = free_port(), folder / "serve.log"
    try:
        note(f"{plan.n_seats} vendors get a questionnaire of {plan.n_questions} questions")
        ground = soak_ground.make(
            folder, plan.address, port, n_seats=plan.n_seats, n_questions=plan.n_questions
        )
        with serving(ground, port, log) as server, working(ground, log) as worker:
            watcher = Watcher(server.pid, worker.pid, ground.database, plan.sampled_every)
            note(f"they answer for {plan.seconds:.0f} seconds, others look around and bring files")
            browsers, book = asyncio.run(_soak(plan, ground, port, watcher))
        journals = [each.journal for each in browsers]
        compared = soak_check.compare(ground, journals)
        ground.database.engine.dispose()
        n_tracebacks = log.read_text().count("Traceback")
    finally:
        shutil.rmtree(folder)
    compared["faults"] += len(book.faults)
    compared["examples"] = [*compared["examples"], *book.faults][: soak_check.SHOWN]
    return {
        "database": "postgresql" if plan.address else "sqlite",
        "sessions": plan.n_seats,
        "seconds": round(plan.seconds),
        "load": round(os.getloadavg()[2], 1),
        "cores": os.cpu_count(),
        **soak_check.figures(journals),
        "done": dict(book.done),
        **compared,
        "tracebacks": n_tracebacks,
        **_judged(watcher),
    }


def _judged(watcher: Watcher) -> dict[str, Any]:
    found = soak_verdict.judge_all(watcher.series)
    return {
        "samples": len(watcher.moments),
        "rule": soak_verdict.RULE,
        "held": [str(each) for each in found],
        "grows": sum(each.grows for each in found),
    }


async def _soak(
    plan: Plan, ground: Ground, port: int, watcher: Watcher
) -> tuple[list[Browser], Book]:
    until = time.monotonic() + plan.seconds
    browsers = [
        Browser(seat, port, ground.codes, number) for number, seat in enumerate(ground.seats)
    ]
    visitor = Visitor(ground, port, soak_ground.at_the_desk(ground))
    watching = asyncio.create_task(watcher.live())
    await asyncio.gather(
        *(each.live(until) for each in browsers),
        visitor.keep(visitor.look_around, plan.page_every, until),
        visitor.keep(visitor.bring_a_file, plan.file_every, until),
        visitor.keep(visitor.order_a_report, plan.report_every, until),
    )
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    return browsers, visitor.book
