"""The sandbox's helper process: started when first needed, one for each process of ours."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60


class SandboxFailure(Exception):  # noqa: N818 - the sentence is shown to people
    """A job in the sandbox gave no result; the sentence says why, without quoting the file."""


@dataclass(frozen=True)
class Walls:
    """What keeps a job in: an own network, a filter of system calls, a short list of files."""

    network: bool
    calls: bool
    files: bool

    @property
    def cut_the_network(self) -> bool:
        return self.network or self.calls


@dataclass
class Zygote:
    """The running helper: its process and the line to it."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    walls: Walls


@dataclass
class Setup:
    tasks: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    readable: tuple[str, ...] = ()
    allow_weak: bool = False
    zygote: Zygote | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    slots: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(max(2, os.cpu_count() or 1))
    )


setup = Setup()


def running() -> Zygote:
    """Give the helper, started anew if it is not there; refuses to go without walls."""
    with setup.lock:
        if setup.zygote is not None and setup.zygote.process.poll() is not None:
            _stop()
        if setup.zygote is None:
            setup.zygote = _started()
        zygote = setup.zygote
    if not (zygote.walls.cut_the_network or setup.allow_weak):
        raise SandboxFailure(
            "This system offers no way to cut the network off from the programs that read files "
            "(neither namespaces nor seccomp), so no file is read. Only the demo may do without."
        )
    return zygote


def _started() -> Zygote:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    modules = sorted({target.partition(":")[0] for target in setup.tasks.values()})
    orders = {"control": theirs.fileno(), "prefetch": modules, "readable": setup.readable}
    environment = {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2", **setup.environment}
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-B", "-m", "foundation.sandbox_child", json.dumps(orders)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=(theirs.fileno(),),
        start_new_session=True,
    )
    theirs.close()
    ours.settimeout(START_SECONDS)
    try:
        told = json.loads(ours.recv(4096))
    except (OSError, ValueError):
        ours.close()
        process.kill()
        process.wait()
        raise SandboxFailure("The sandbox could not be started.") from None
    ours.settimeout(None)
    return Zygote(process, ours, Walls(**told))


def forget(zygote: Zygote) -> None:
    """Stop this helper, which no longer answers, unless another took its place already."""
    with setup.lock:
        if setup.zygote is zygote:
            _stop()


def close() -> None:
    """Stop the helper; the next job starts a new one."""
    with setup.lock:
        _stop()


def _stop() -> None:
    zygote, setup.zygote = setup.zygote, None
    if zygote is not None:
        zygote.control.close()
        with suppress(ProcessLookupError):
            os.killpg(zygote.process.pid, signal.SIGKILL)
        zygote.process.wait()


def _after_fork() -> None:
    """In a forked worker: the parent's helper is not ours; the next job starts our own."""
    if setup.zygote is not None:
        setup.zygote.control.close()
        setup.zygote.process.returncode = 0
        setup.zygote = None
    setup.lock = threading.Lock()
    setup.slots = threading.BoundedSemaphore(max(2, os.cpu_count() or 1))


os.register_at_fork(after_in_child=_after_fork)
atexit.register(close)
