"""What the processes of a running installation hold, asked for now and again while they work."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from bench.soak_server import children_of
from foundation.db import Database

Series = dict[tuple[str, str, int], list[float]]
"""What was held, by who held it, the measure and the process, in the order it was sampled."""
RSS, DESCRIPTORS, THREADS, CONNECTIONS = "resident MB", "descriptors", "threads", "connections"
OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Watcher:
    """Samples the web processes, the worker, and the helper each has for hostile files."""

    def __init__(self, master: int, worker: int, database: Database, every: float) -> None:
        """Begin with nothing sampled; `every` is in seconds."""
        self.master, self.worker = master, worker
        self.database, self.every = database, every
        self.series: Series = defaultdict(list)
        self.moments: list[float] = []

    async def live(self) -> None:
        """Sample until cancelled; the first time at once."""
        while True:
            await asyncio.to_thread(self.take)
            await asyncio.sleep(self.every)

    def take(self) -> None:
        """Sample everybody once; who died meanwhile is left out."""
        self.moments.append(time.monotonic())
        for who, pid in self._processes():
            for measure, held in held_by(pid).items():
                self.series[who, measure, pid].append(held)
        if not self.database.is_sqlite:
            with self.database.reading() as session:
                self.series["database", CONNECTIONS, 0].append(float(session.scalar(OTHERS) or 0))

    def _processes(self) -> Iterator[tuple[str, int]]:
        yield "master", self.master
        webs = children_of(self.master)
        yield from (("web", pid) for pid in webs)
        yield "worker", self.worker
        for pid in (*webs, self.worker):
            yield from (("helper", child) for child in children_of(pid))


def held_by(pid: int) -> dict[str, float]:
    """Return what one process holds; nothing when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        n_open = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:
        return {}
    facts = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    if "VmRSS" not in facts:
        return {}
    return {
        RSS: int(facts["VmRSS"][0]) / 1024,
        DESCRIPTORS: float(n_open),
        THREADS: float(facts["Threads"][0]),
    }
