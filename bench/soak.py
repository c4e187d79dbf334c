"""duly bench --soak: vendors answer while the server dies; nothing may be lost, or doubled."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from bench import soak_check, soak_ground
from bench.soak_client import Browser
from bench.soak_ground import Ground
from foundation.settings import ROOT
from operations.cli_print import note

MOST_WORDS = 2_000
PATIENCE = 120
"""Seconds after which a server that does not answer never will."""


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
    port = _free_port()
    try:
        note(f"{plan.n_seats} vendors get a questionnaire of {plan.n_questions} questions")
        ground = soak_ground.make(
            folder, plan.address, port, n_seats=plan.n_seats, n_questions=plan.n_questions
        )
        with _serving(ground, port, folder / "serve.log") as server:
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
            for child in _children(self.master):
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                    self.deaths += 1
            self.loads.append(os.getloadavg()[0])


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def _serving(ground: Ground, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    surroundings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DULY_DATA_DIR": str(ground.settings.data_dir),
        "DULY_DATABASE_URL": ground.settings.database_url,
        "DULY_BASE_URL": ground.settings.base_url,
    }
    words = [sys.executable, "-m", "operations.cli", "serve", "--port", str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(words, cwd=ROOT, env=surroundings, stdout=out, stderr=out)  # noqa: S603  our own command
    try:
        _wait_for(port, server, log)
        yield server
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not _is_ready(port):
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"The server did not start: {log.read_text()[-2000:]}")
        time.sleep(0.1)


def _is_ready(port: int) -> bool:
    line = HTTPConnection("localhost", port, timeout=5)
    try:
        line.request("GET", "/readyz")
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
