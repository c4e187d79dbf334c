"""The sandbox's own program: loads the parsers once, then forks a fresh, walled child per job."""

import array
import gc
import importlib
import json
import os
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from foundation import sandbox_walls as walls
from foundation.errors import Refused
from foundation.sandbox_frames import MEGABYTE, Limits, Outcome, receive, send

ROOT = Path(__file__).resolve().parent.parent
PAYLOAD_MOST = 512 * MEGABYTE
_SYSTEM_PATHS = ("/usr/lib", "/lib", "/lib64", "/usr/local/lib", "/usr/share", "/etc/fonts")
_SINGLE_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom", "/dev/random")

_status_of: dict[int, socket.socket] = {}


def main(arguments: list[str]) -> None:
    """Put up the lasting walls, load what jobs need, and fork for each job until told to stop."""
    orders = json.loads(arguments[0])
    control = socket.socket(fileno=orders["control"])
    control.set_inheritable(False)
    has_network_wall = walls.leave_network()
    _load(orders["prefetch"])
    has_file_wall = walls.only_read(_readable(orders["readable"]))
    facts = {"network": has_network_wall, "calls": _seccomp_works(), "files": has_file_wall}
    with suppress(BrokenPipeError):  # the parent died meanwhile: there is nothing to serve
        control.send(json.dumps(facts).encode())
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, lambda *_: _reap())
    while _serve_one(control):
        pass


def _serve_one(control: socket.socket) -> bool:
    """Take one job from the parent; False when the parent is gone."""
    order, fds = _receive_order(control)
    if not order:
        return False
    job, status = (socket.socket(fileno=fd) for fd in fds)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    zygote = os.getpid()
    pid = os.fork()
    if not pid:
        _be_the_job(job, json.loads(order), zygote)
    _status_of[pid] = status
    _announce(status, pid)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    job.close()
    return True


def _be_the_job(job: socket.socket, order: dict[str, Any], zygote: int) -> None:
    """Run in the fresh child: walls first, then the input, then the work; never returns."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        os.nice(10)  # the work gives way to pages; loading the parsers does not
        limits = Limits(**order["limits"])
        channel = _keep_only(job)
        walls.limit(limits, zygote)
        walls.drop_rights()
        if not walls.forbid_calls() and not order["allow_weak"]:
            os._exit(1)
        gc.disable()
        _, payload = receive(channel, PAYLOAD_MOST)
        kind, content = _outcome(order["target"], bytes(payload))
        send(channel, kind, content)
        os._exit(0)
    finally:
        os._exit(1)


def _outcome(target: str, payload: bytes) -> tuple[Outcome, bytes]:
    try:
        result = _function(target)(payload)
    except Refused as refused:
        return Outcome.REFUSED, str(refused)[:2000].encode()
    except MemoryError:
        return Outcome.NO_MEMORY, b""
    except BaseException as error:  # noqa: BLE001 - nothing of the job may escape but its place
        return Outcome.ERROR, _place_of(error)
    return Outcome.RESULT, result


def _place_of(error: BaseException) -> bytes:
    """Say where it failed, without the exception's text: that may quote the file."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "start"
    return f"{type(error).__name__} at {place}".encode()


def _function(target: str) -> Callable[[bytes], bytes]:
    module, _, name = target.partition(":")
    found: Callable[[bytes], bytes] = getattr(importlib.import_module(module), name)
    return found


def _keep_only(job: socket.socket) -> socket.socket:
    """Close every open file but the job's channel; nothing to read from and nowhere to print."""
    os.dup2(1, 2)  # standard input and output lead nowhere since the start
    os.dup2(job.detach(), 3)
    os.closerange(4, 1 << 20)
    return socket.socket(fileno=3)


def _announce(status: socket.socket, pid: int) -> None:
    """Hand the parent a grip on the job that cannot be mistaken for another process."""
    try:
        grip = os.pidfd_open(pid)
    except OSError:
        grip = None
    try:
        if grip is None:
            status.send(b"P")
        else:
            socket.send_fds(status, [b"P"], [grip])
            os.close(grip)
    except OSError:
        pass  # the parent stopped waiting; the job finds its channel closed


def _reap() -> None:
    while _status_of:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        if teller := _status_of.pop(pid, None):
            with suppress(OSError):
                teller.send(struct.pack(">i", os.waitstatus_to_exitcode(status)))
            teller.close()


def _receive_order(control: socket.socket) -> tuple[bytes, list[int]]:
    size = array.array("i").itemsize * 2
    order, extra, _, _ = control.recvmsg(64 * 1024, socket.CMSG_LEN(size), socket.MSG_CMSG_CLOEXEC)
    fds = array.array("i")
    for _, _, content in extra:
        fds.frombytes(content)
    return order, list(fds)


def _load(names: list[str]) -> None:
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 - the other tasks must still run
            sys.stderr.write(f"The sandbox could not load {name}: {error}\n")


def _seccomp_works() -> bool:
    """Try the filter in a child that does nothing else."""
    pid = os.fork()
    if not pid:
        os._exit(0 if walls.forbid_calls() else 1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def _readable(extra: list[str]) -> list[Path]:
    """Name what jobs may read: libraries, fonts, our code and assets; no data, keys or settings."""
    named = (*_SYSTEM_PATHS, *_SINGLE_FILES, sys.prefix, sys.base_prefix, *extra)
    rooms = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name[0] != "."]
    assets = [ROOT / name for name in ("templates", "static", "translations", "fonts", "assets")]
    return [*map(Path, named), *rooms, *assets]


if __name__ == "__main__":
    main(sys.argv[1:])
