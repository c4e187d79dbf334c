"""Workers as they ship, each a process of its own, in a time that a test tells them.

A process has the product loaded and gives birth to the workers: loading it takes two seconds, and
a year has many deaths. Born, a worker runs `duly worker` like any other: its own settings from its
own environment, its own engine. Only its clock looks at a few bytes that the test writes.
"""

import json
import mmap
import os
import signal
import struct
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path

from sqlalchemy.orm import configure_mappers

from foundation import clock

ROOT = Path(__file__).resolve().parents[2]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
PLACE = struct.Struct("<q")
TIME, STOPPED = 0, 1
"""Places in the shared file: microseconds since 1970, and whether whoever looks has to wait. Two
for each worker follow: what it saw last, nought before its first look, and whether it waits."""


class Hands:
    """The hands of the clock everybody looks at, and what each worker saw when it looked last.

    A worker looks when it begins a round. While the hands move on by hours it waits there: no round
    that began yesterday is still at work tomorrow, as none is where a day takes a day.
    """

    def __init__(self, path: Path, n_workers: int = 0) -> None:
        if n_workers:
            path.write_bytes(bytes(PLACE.size * (2 + 2 * n_workers)))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 0)
        self._numbers = range((len(self._shared) // PLACE.size - 2) // 2)

    def show(self, at: datetime) -> None:
        """Let time go on a little, whatever anybody does meanwhile."""
        self._write(TIME, (at - EPOCH) // MICROSECOND)

    def stop(self) -> None:
        """Let whoever looks wait; `have_stopped` says when all do."""
        self._write(STOPPED, 1)

    def go_on(self, at: datetime) -> None:
        self.show(at)
        self._write(STOPPED, 0)

    def have_stopped(self) -> bool:
        return all(self._read(_seen(n)) == 0 or self._read(_waits(n)) for n in self._numbers)

    def are_behind(self, at: datetime) -> bool:
        """Say whether a worker may still be in a round that began at another time."""
        seen = {self._read(_seen(number)) for number in self._numbers}
        return not seen <= {0, (at - EPOCH) // MICROSECOND}

    def forget(self, number: int) -> None:
        """Begin anew with a worker that was born just now and has not looked."""
        self._write(_seen(number), 0)
        self._write(_waits(number), 0)

    def read_as(self, number: int) -> datetime:
        """Return the time as a worker sees it; where it begins a round, note that it looked."""
        if sys._getframe(2).f_code.co_name == "tick":  # it asks the clock, and the clock asks us
            self._begin_round(number)
        return EPOCH + self._read(TIME) * MICROSECOND

    def _begin_round(self, number: int) -> None:
        if self._read(_seen(number)) == 0:
            self._write(_seen(number), 1)  # from here on it counts
        while self._read(STOPPED):
            self._write(_waits(number), 1)
            time.sleep(0.002)
        self._write(_waits(number), 0)
        self._write(_seen(number), self._read(TIME))

    def _read(self, place: int) -> int:
        return PLACE.unpack_from(self._shared, place * PLACE.size)[0]

    def _write(self, place: int, value: int) -> None:
        PLACE.pack_into(self._shared, place * PLACE.size, value)


def _seen(number: int) -> int:
    return 2 + 2 * number


def _waits(number: int) -> int:
    return 3 + 2 * number


class Nursery:
    """Bears workers, and keeps those that died until it is told to bury them."""

    def __init__(self, hands: Path, log: Path) -> None:
        self._log = log.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.operations.nursery", str(hands)],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def bear(self, number: int, surroundings: dict[str, str]) -> int:
        """Start a worker and return the number of its process."""
        return self._asked({"bear": surroundings, "number": number})

    def bury(self, pid: int) -> int:
        """Wait for the end of a worker; return its exit code, or the signal as a negative one."""
        return self._asked({"bury": pid})

    def close(self) -> None:
        """Kill what is left and end."""
        with suppress(OSError):
            self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()
        self._log.close()

    def _asked(self, wish: dict) -> int:
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def running(hands: Path, log: Path):
    nursery = Nursery(hands, log)
    try:
        yield nursery
    finally:
        nursery.close()


def main(hands: str) -> None:
    """Do what each line of the input asks, and answer each with a number."""
    import operations.cli
    import operations.worker
    from operations.parts import LABELS, ROOMS

    for module in (*ROOMS, *(f"{room}.labels" for room in LABELS)):
        import_module(module)
    configure_mappers()
    alive = set()
    try:
        for line in sys.stdin:
            wish = json.loads(line)
            if "bear" in wish:
                answer = _born(operations.cli.main, wish, Path(hands))
                alive.add(answer)
            else:
                answer = os.waitstatus_to_exitcode(os.waitpid(wish["bury"], 0)[1])
                alive.discard(wish["bury"])
            print(answer, flush=True)  # noqa: T201  the answer
    finally:
        for pid in alive:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _born(command, wish: dict, hands: Path) -> int:
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        os.dup2(2, 1)  # the answers go another way
        os.environ.update(wish["bear"])
        with clock.told(partial(Hands(hands).read_as, wish["number"])):
            code = command(["worker", "--every", "0.06"])
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
