"""duly bench --soak: vendors answer while the server dies; nothing may be lost, or doubled."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import soak_check, soak_ground
from bench.soak_client import Browser
from bench.soak_ground import Ground
from bench.soak_server import children_of, free_port, serving
from operations.cli_print import note

MOST_WORDS = 2_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How many answer how long, and how often every web process is killed."""

    seconds: float
    n_seats: int = 100
    n_questions: int = 120
    killed_every: float = 60.0
    address: str = ""


def run(plan: Plan) -> dict[str, Any]:
    """Soak an installation of its own and return what came of it."""
    folder = Path(tempfile.mkdtemp(prefix="duly-soak-"))
    port = free_port()
    try:
        note(f"{plan.n_seats} vendors get a questionnaire of {plan.n_questions} questions")
        ground = soak_ground.make(
            folder, plan.address, port, n_seats=plan.n_seats, n_questions=plan.n_questions
        )
        with serving(ground, port, folder / "serve.log") as server:
            note(f"they answer for {plan.seconds:.0f} seconds")
            browsers, reaper = asyncio.run(_soak(plan, ground, port, server))
        journals = [each.journal for each in browsers]
        found = soak_check.compare(ground, journals)
        ground.database.engine.dispose()
        log = (folder / "serve.log").read_text()
    finally:
        shutil.rmtree(folder)
    return {
        "database": "postgresql" if plan.address else "sqlite",
        "sessions": plan.n_seats,
        "questions": plan.n_questions,
        "seconds": round(plan.seconds),
        "deaths": reaper.deaths,
        "load": [round(each, 1) for each in reaper.loads],
        "cores": os.cpu_count(),
        **soak_check.figures(journals),
        **found,
        "tracebacks": log.count("Traceback"),
        "last words": log[-MOST_WORDS:] if "Traceback" in log else "",
    }


async def _soak(
    plan: Plan, ground: Ground, port: int, server: subprocess.Popen[bytes]
) -> tuple[list[Browser], "Reaper"]:
    until = time.monotonic() + plan.seconds
    browsers = [
        Browser(seat, port, ground.codes, number) for number, seat in enumerate(ground.seats)
    ]
    reaper = Reaper(server.pid, plan.killed_every)
    reaping = asyncio.create_task(reaper.live())
    await asyncio.gather(*(each.live(until) for each in browsers))
    reaping.cancel()
    with suppress(asyncio.CancelledError):
        await reaping
    return browsers, reaper


class Reaper:
    """Kills all web processes again and again; their master bears new ones."""

    def __init__(self, master: int, every: float) -> None:
        """Begin with nobody dead; `every` is in seconds."""
        self.master, self.every = master, every
        self.deaths = 0
        self.loads = [os.getloadavg()[0]]

    async def live(self) -> None:
        """Kill until cancelled."""
        while True:
            await asyncio.sleep(self.every)
            for child in children_of(self.master):
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                    self.deaths += 1
            self.loads.append(os.getloadavg()[0])
