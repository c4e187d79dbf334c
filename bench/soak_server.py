"""The processes of a soak: the web server and the worker as they ship, on a port of their own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench.soak_ground import Ground
from foundation.settings import ROOT

PATIENCE = 120
"""Seconds after which a server that does not answer never will."""


@contextmanager
def serving(ground: Ground, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Serve an installation until the end of the block; give the process all others come from."""
    with _running(ground, log, "serve", "--port", str(port)) as server:
        _wait_for(port, server, log)
        yield server


@contextmanager
def working(ground: Ground, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Let a worker sweep beside it until the end of the block."""
    with _running(ground, log, "worker") as worker:
        yield worker


def children_of(pid: int) -> list[int]:
    """Return the processes that any thread of another one bore; none of one that is gone."""
    found: list[int] = []
    for told in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, told.read_text().split())
    return sorted(found)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def _running(ground: Ground, log: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    surroundings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DULY_DATA_DIR": str(ground.settings.data_dir),
        "DULY_DATABASE_URL": ground.settings.database_url,
        "DULY_BASE_URL": ground.settings.base_url,
    }
    command = [sys.executable, "-m", "operations.cli", *words]
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=out, stderr=out)  # noqa: S603  our own command
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


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
