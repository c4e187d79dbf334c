"""The walls of the sandbox, put up from inside: limits, no network, no processes, few files."""

import ctypes
import errno
import os
import platform
import resource
import signal
import socket
import struct
from collections.abc import Iterable
from pathlib import Path

from foundation.sandbox_frames import MEGABYTE, Limits

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWUSER, CLONE_NEWNET, CLONE_THREAD = 0x10000000, 0x40000000, 0x00010000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
SECCOMP_MODE_FILTER = 2
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# Rights each Landlock version can take away: files (1..16 bits), then TCP, then outside signals.
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}

# Numbers both machines share (since Linux 5.1): io_uring, new mount calls, pidfd calls.
_SHARED = (424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 438, 442)
# socket pair bind listen accept connect accept4, exec*, kill*, ptrace, other processes' memory,
# namespaces and mounts, bpf, perf, userfaultfd, keys, modules, kexec, reboot, swap, queued signals
_X86_64 = (
    *(41, 53, 49, 50, 43, 42, 288, 59, 322, 57, 58, 62, 200, 234, 101, 310, 311, 272, 308, 165),
    *(166, 155, 161, 321, 298, 323, 250, 248, 249, 175, 313, 176, 246, 320, 169, 167, 168),
    *(129, 297, 160),
)
_AARCH64 = (
    *(198, 199, 200, 201, 202, 203, 242, 221, 281, 129, 130, 131, 117, 270, 271, 97, 268, 40),
    *(39, 41, 51, 280, 241, 282, 219, 217, 218, 105, 273, 106, 104, 294, 142, 224, 225),
    *(138, 240, 164),
)
# audit architecture, denied calls, clone, prlimit64
_MACHINES = {
    "x86_64": (0xC000003E, _X86_64, 56, 302),
    "aarch64": (0xC00000B7, _AARCH64, 220, 261),
}
_CLONE3 = 435
_LOAD, _EQUAL, _AT_LEAST, _HAS_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _FAIL = 0x7FFF0000, 0x80000000, 0x00050000


def leave_network() -> bool:
    """Move this (still single-threaded) process into a network of its own; False if forbidden."""
    return any(_libc.unshare(what) == 0 for what in (CLONE_NEWUSER | CLONE_NEWNET, CLONE_NEWNET))


def limit(limits: Limits, parent: int) -> None:
    """Bound what this process may use and make it die with its parent."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    _libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    memory = limits.memory_mb * MEGABYTE
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, limits.output_mb * MEGABYTE),
        (resource.RLIMIT_NOFILE, limits.open_files),
    ):
        resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 2))


def hide_memory() -> None:
    """Shut the memory of this process against others of its account, and against being dumped."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def drop_rights() -> None:
    """Give up every capability for good, so that being root means nothing here."""
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    header = struct.pack("Ii", 0x20080522, 0)
    _libc.capset(header, bytes(24))


def forbid_calls() -> bool:
    """Make network, process and system calls fail from now on (seccomp); False if unknown here."""
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    steps = b"".join(struct.pack("HBBI", *step) for step in _filter(*machine))
    code = ctypes.create_string_buffer(steps, len(steps))
    program = struct.pack("HxxxxxxP", len(steps) // 8, ctypes.addressof(code))
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    done: int = _libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0)
    return done == 0 and not can_open_socket()


def can_open_socket() -> bool:
    """Try it: whether this process can still make a socket."""
    try:
        socket.socket().close()
    except OSError:
        return False
    return True


def only_read(paths: Iterable[Path]) -> bool:
    """Leave nothing of the file system but reading below these paths (Landlock)."""
    version = _libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    rights = _FILE_RIGHTS[max(known for known in _FILE_RIGHTS if known <= version)]
    attributes = struct.pack("QQQ", rights, 3, 3)[: 24 if version >= 6 else 16]
    size = len(attributes) if version >= 4 else 8
    ruleset = _libc.syscall(LANDLOCK_CREATE, attributes, size, 0)
    if ruleset < 0:
        return False
    for path in paths:
        _allow_reading(ruleset, path)
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    done: int = _libc.syscall(LANDLOCK_RESTRICT, ruleset, 0)
    os.close(ruleset)
    return done == 0


def _allow_reading(ruleset: int, path: Path) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    rights = _READ_FILE | (_READ_DIR if path.is_dir() else 0)
    _libc.syscall(LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", rights, opened), 0)
    os.close(opened)


def _filter(
    architecture: int, denied: tuple[int, ...], clone: int, prlimit: int
) -> list[tuple[int, int, int, int]]:
    """Write the filter: (operation, steps if true, steps if false, value)."""
    refuse = (_RETURN, 0, 0, _FAIL | errno.EPERM)
    allow = (_RETURN, 0, 0, _ALLOW)
    first_argument = (_LOAD, 0, 0, 16)
    steps = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, 0, 1, 0x40000000),  # the x32 twins of all calls
        refuse,
        (_EQUAL, 0, 1, _CLONE3),  # its flags lie in memory: say "not there", clone is used then
        (_RETURN, 0, 0, _FAIL | errno.ENOSYS),
    ]
    for number in (*denied, *_SHARED):
        steps += [(_EQUAL, 0, 1, number), refuse]
    threads_only = [(_HAS_BIT, 0, 1, CLONE_THREAD), allow, refuse]
    itself_only = [(_EQUAL, 0, 1, 0), allow, refuse]
    steps += [(_EQUAL, 0, 4, clone), first_argument, *threads_only]
    steps += [(_EQUAL, 0, 4, prlimit), first_argument, *itself_only]
    return [*steps, allow]
