"""Runs a command where there is no network but the loopback, and counts who tried to leave.

`python -m tests.apart COMMAND ...` ends as the command does, or with 1 when somebody tried.
"""

import ctypes
import fcntl
import os
import re
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFFLAGS, SIOCSIFADDR, IFF_UP = 0x8914, 0x8916, 1
PROBED = "2001:4860:4860::8888"


def leave():
    """Move this process into a network of its own, in which only the loopback is up."""
    uid, gid = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET if uid == 0 else CLONE_NEWUSER | CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "This machine does not let us leave its network")
    if uid:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    raise_loopback()


def raise_loopback():
    """Let a new network reach itself."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))


def answer_probe():
    """Let the one address be here that Chromium asks the kernel for, to learn if IPv6 is there.

    It sends nothing to it, and no switch keeps it from asking. Whatever else is tried is counted.
    """
    asked = struct.pack(
        "16sIi", socket.inet_pton(socket.AF_INET6, PROBED), 128, socket.if_nametoindex("lo")
    )
    with suppress(OSError), socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFADDR, asked)


def tried(of="self"):
    """Return how often the kernel was asked for a way out and had none, by IPv4 and IPv6.

    It is asked for the network of a process.
    """
    net = Path(f"/proc/{of}/net")
    names, numbers = re.findall(r"^Ip: (.*)$", (net / "snmp").read_text(), re.MULTILINE)
    by_name = dict(zip(names.split(), numbers.split(), strict=True))
    newer = net / "snmp6"
    found = (
        re.search(r"^Ip6OutNoRoutes\s+(\d+)", newer.read_text(), re.MULTILINE)
        if newer.exists()
        else None
    )
    return int(by_name["OutNoRoutes"]) + (int(found[1]) if found else 0)


def run(words):
    """Run a command there; returns its status."""
    leave()
    answer_probe()
    os.environ["TESTS_APART"] = "yes"  # what has to be fetched is not tried here
    before = tried()
    child = os.fork()
    if not child:
        os.execvp(words[0], words)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    n_tries = tried() - before
    if n_tries:
        sys.stderr.write(
            f"{n_tries} attempts to reach out of this machine, where none is allowed\n"
        )
    return status or int(n_tries > 0)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
