"""The sandbox: hostile files are read, and PDFs made, in walled child processes without network."""

import json
import logging
import os
import signal
import socket
import struct
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from foundation.errors import Refused
from foundation.sandbox_frames import (
    MEGABYTE,
    BrokenChannelError,
    Limits,
    Outcome,
    Streamed,
    TooLongError,
    receive,
    send_streamed,
)
from foundation.sandbox_zygote import (
    START_SECONDS,
    SandboxFailure,
    Walls,
    close,
    forget,
    running,
    setup,
)

__all__ = [
    "Busy",
    "Limits",
    "SandboxFailure",
    "Streamed",
    "Walls",
    "close",
    "configure",
    "register",
    "run",
    "walls",
]

_log = logging.getLogger(__name__)


class Busy(SandboxFailure):
    """So much is being worked on that a job did not come to its turn; nothing is wrong with it."""


def register(tasks: Mapping[str, str]) -> None:
    """Allow tasks by name: {"report.render": "reports.paper:render"}, from bytes to bytes."""
    setup.tasks.update(tasks)


def configure(
    *,
    allow_weak: bool = False,
    environment: Mapping[str, str] | None = None,
    readable: tuple[Path, ...] = (),
) -> None:
    """Set what jobs see of the environment and of the disk; weak walls are for the demo only."""
    wanted = (allow_weak, dict(environment or {}), tuple(str(path) for path in readable))
    if wanted == (setup.allow_weak, setup.environment, setup.readable):
        return
    setup.allow_weak, setup.environment, setup.readable = wanted
    close()


def run(task_name: str, payload: bytes | Streamed, limits: Limits | None = None) -> bytes:
    """Run one registered task on the payload; raises SandboxFailure, or the task's own Refused.

    What is streamed is read when the job's turn has come. Raises Busy when that never was.
    """
    target = setup.tasks.get(task_name)
    if target is None:
        raise LookupError(f"The sandbox knows no task named {task_name}.")
    used = limits or Limits()
    if not setup.slots.acquire(timeout=used.seconds):
        raise Busy("Too many files are being worked on. Try again in a minute.")
    try:
        return _run(task_name, target, _streamed(payload), used)
    finally:
        setup.slots.release()


def walls() -> Walls:
    """Say which walls this system offers; starts the helper if it is not running."""
    return running().walls


def _streamed(payload: bytes | Streamed) -> Streamed:
    return payload if isinstance(payload, Streamed) else Streamed(len(payload), (payload,))


def _run(task_name: str, target: str, payload: Streamed, limits: Limits) -> bytes:
    job, status = _begin(target, limits)
    grip: int | None = None
    try:
        grip = _await_start(status)
        deadline = time.monotonic() + limits.seconds
        send_streamed(job, "i", payload, deadline)
        kind, content = receive(job, limits.output_mb * MEGABYTE, deadline)
    except TimeoutError:
        _kill(grip)
        raise SandboxFailure(f"It took longer than {limits.seconds} seconds.") from None
    except TooLongError:
        _kill(grip)
        raise SandboxFailure(f"It gave more than {limits.output_mb} MB.") from None
    except OSError:
        raise SandboxFailure(_why(status, limits)) from None
    finally:
        for line in (job, status):
            line.close()
        if grip is not None:
            os.close(grip)
    return _result(task_name, kind, bytes(content), limits)


def _result(task_name: str, kind: str, content: bytes, limits: Limits) -> bytes:
    if kind == Outcome.RESULT:
        return content
    if kind == Outcome.REFUSED:
        raise Refused(content[:8000].decode(errors="replace"))
    if kind == Outcome.NO_MEMORY:
        raise SandboxFailure(f"It needed more than {limits.memory_mb} MB of memory.")
    place = content[:200].decode("ascii", errors="replace")
    _log.warning("Sandbox task %s failed: %s", task_name, place.encode("unicode_escape").decode())
    raise SandboxFailure("It could not be worked on; the file may be damaged.")


def _why(status: socket.socket, limits: Limits) -> str:
    """Turn the way the job ended into a sentence."""
    status.settimeout(5)
    try:
        told = status.recv(4)
    except OSError:
        told = b""
    if told == struct.pack(">i", -signal.SIGXCPU):
        return f"It used more than {limits.cpu_seconds} seconds of processor time."
    return "It stopped in the middle; the file may be damaged."


def _begin(target: str, limits: Limits) -> tuple[socket.socket, socket.socket]:
    """Order a job from the helper, starting it anew once if it has died."""
    order = {"target": target, "limits": asdict(limits), "allow_weak": setup.allow_weak}
    message = json.dumps(order).encode()
    for attempt in (1, 2):
        zygote = running()
        job, job_end = socket.socketpair()
        status, status_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            socket.send_fds(zygote.control, [message], [job_end.fileno(), status_end.fileno()])
        except OSError:
            job.close()
            status.close()
            forget(zygote)
            if attempt == 2:
                break
        else:
            return job, status
        finally:
            job_end.close()
            status_end.close()
    raise SandboxFailure("The sandbox could not be started.")


def _await_start(status: socket.socket) -> int | None:
    """Wait until the job is forked; gives a grip on it (pidfd), by which it can be killed."""
    status.settimeout(START_SECONDS)
    told, fds, _, _ = socket.recv_fds(status, 1, 1)
    if not told:
        raise BrokenChannelError
    return fds[0] if fds else None


def _kill(grip: int | None) -> None:
    """Kill the job; where the system gave no grip on it, the helper and all its jobs."""
    if grip is None:
        close()
        return
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(grip, signal.SIGKILL)
