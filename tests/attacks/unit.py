"""Applies to itself what a systemd unit of ours says of system calls, then becomes a command.

`python -m tests.attacks.unit FILE COMMAND ...` does with libseccomp what systemd does with these
lines: SystemCallFilter, RestrictAddressFamilies, RestrictNamespaces, MemoryDenyWriteExecute.
"""

import ctypes
import errno
import os
import re
import socket
import struct
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path
from shutil import which

ALLOW, FAIL = 0x7FFF0000, 0x00050000
EQUAL, HAS_BITS = 4, 7
WRITE, EXECUTE, SHM_EXEC = 2, 4, 0o100000
NAMESPACES = {
    "cgroup": 0x02000000,
    "ipc": 0x08000000,
    "net": 0x40000000,
    "mnt": 0x00020000,
    "pid": 0x20000000,
    "user": 0x10000000,
    "uts": 0x04000000,
}


def can_apply():
    """Say whether this machine has what it takes."""
    return bool(which("systemd-analyze") and find_library("seccomp"))


def lines_of(path):
    """Return the lines of a unit, in order; a key may come several times."""
    return re.findall(r"^([A-Za-z]+)=(.*)$", Path(path).read_text(), re.MULTILINE)


def words_of(lines, key):
    return " ".join(value for name, value in lines if name == key).split()


def sets_of_calls():
    """Return the sets of system calls systemd knows by name."""
    told = subprocess.run(
        ["systemd-analyze", "syscall-filter", "--no-pager"],
        capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]},
    ).stdout  # fmt: skip
    found, current = {}, []
    for line in told.splitlines():
        if line.startswith("@"):
            current = found[line.strip()] = []
        elif line.startswith("    ") and not line.strip().startswith("#"):
            current.append(line.strip())
    return found


def calls_of(lines, known):
    """Return the calls a unit allows: what a line with ~ names is taken away again."""
    allowed = set(known["@default"])
    for name, value in lines:
        if name == "SystemCallFilter":
            named = {
                each for word in value.lstrip("~").split() for each in _spelled_out(word, known)
            }
            allowed = allowed - named if value.startswith("~") else allowed | named
    return {each for each in allowed if not each.startswith("@")}


def _spelled_out(word, known):
    if not word.startswith("@"):
        return {word}
    return {each for inner in known[word] for each in _spelled_out(inner, known)}


class Filter:
    """Rules for the kernel, in the words of libseccomp."""

    def __init__(self, otherwise):
        self.lib = ctypes.CDLL(find_library("seccomp"))
        self.lib.seccomp_init.restype = ctypes.c_void_p
        self.rules = ctypes.c_void_p(self.lib.seccomp_init(ctypes.c_uint32(otherwise)))

    def add(self, action, call, *tests):
        """Add a rule; `tests` are (argument, how, value): all of them have to hold."""
        number = self.lib.seccomp_syscall_resolve_name(call.encode())
        if number < 0:  # another machine's call
            return
        packed = b"".join(
            struct.pack("IIQQ", at, how, value, value if how == HAS_BITS else 0)
            for at, how, value in tests
        )
        status = self.lib.seccomp_rule_add_array(
            self.rules, ctypes.c_uint32(action), number, len(tests), packed
        )
        assert status == 0, (call, status)

    def load(self):
        assert self.lib.seccomp_load(self.rules) == 0


def apply(lines):
    """Let this process and all that come of it call no more than the unit allows."""
    refusing = Filter(ALLOW)
    families = {getattr(socket, each) for each in words_of(lines, "RestrictAddressFamilies")}
    for family in set(range(64)) - families:
        refusing.add(FAIL | errno.EAFNOSUPPORT, "socket", (0, EQUAL, family))
    if words_of(lines, "MemoryDenyWriteExecute") == ["yes"]:
        refusing.add(FAIL | errno.EPERM, "mmap", (2, HAS_BITS, WRITE | EXECUTE))
        refusing.add(FAIL | errno.EPERM, "mprotect", (2, HAS_BITS, EXECUTE))
        refusing.add(FAIL | errno.EPERM, "pkey_mprotect", (2, HAS_BITS, EXECUTE))
        refusing.add(FAIL | errno.EPERM, "shmat", (2, HAS_BITS, SHM_EXEC))
    refusing.add(FAIL | errno.ENOSYS, "clone3")
    for flag in (
        NAMESPACES[name] for name in NAMESPACES.keys() - words_of(lines, "RestrictNamespaces")
    ):
        for call, at in (("unshare", 0), ("clone", 0), ("setns", 1)):
            refusing.add(FAIL | errno.EPERM, call, (at, HAS_BITS, flag))
    allowing = Filter(FAIL | errno.EPERM)
    for call in calls_of(lines, sets_of_calls()):
        allowing.add(ALLOW, call)
    refusing.load()
    allowing.load()


if __name__ == "__main__":
    apply(lines_of(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
