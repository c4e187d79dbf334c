"""A place with the limits of a container or a hardened unit, made by the kernel itself.

In it there is no network but the loopback, no process of others, nothing that can be written but
the folders that are named and a small /tmp, and an account without any right.
`python -m tests.attacks.cell FOLDER ...` puts the walls up and stays; `Cell` goes in.
"""

import ctypes
import os
import signal
import struct
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from tests import apart

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = 61_234
"""A number nobody has: no name, no home, no group, no right."""
PATIENCE = 60
TMP = Path("/tmp")
MS_BIND, MS_NOSUID, MS_NODEV, MS_NOEXEC = 4096, 2, 4, 8
AT_FDCWD, AT_RECURSIVE, MOUNT_SETATTR = -100, 0x8000, 442
RDONLY, NOSUID = 1, 2
CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def _asked(status, what):
    if status:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def _mount(source, target, kind="none", flags=0, data=""):
    words = (str(each).encode() for each in (source, target, kind))
    _asked(_libc.mount(*words, ctypes.c_ulong(flags), data.encode()), target)


def _allow(path, *, setting=0, clearing=0, flags=0):
    change = struct.pack("QQQQ", setting, clearing, 0, 0)
    where = str(path).encode()
    _asked(_libc.syscall(MOUNT_SETATTR, AT_FDCWD, where, flags, change, len(change)), path)


def put_up(writable):
    """Make everything of this process's own file systems read-only but these folders and /tmp."""
    apart.raise_loopback()
    code = {ROOT, Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}
    grips = {path: os.open(path, os.O_PATH) for path in sorted({*code, *writable})}
    covers = {TMP} | {found for path in grips if (found := _shut_above(path))}
    for cover in covers:
        mode = "1777" if cover == TMP else "755"
        _mount("tmpfs", cover, "tmpfs", MS_NOSUID | MS_NODEV, f"size=64m,mode={mode}")
    for path, grip in grips.items():
        if path in writable or any(path.is_relative_to(cover) for cover in covers):
            path.mkdir(parents=True, exist_ok=True)
            _mount(f"/proc/self/fd/{grip}", path, flags=MS_BIND)
        os.close(grip)
    _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=2,subset=pid")
    _allow("/", setting=RDONLY | NOSUID, flags=AT_RECURSIVE)
    for path in (TMP, *writable):
        _allow(path, clearing=RDONLY)


def _shut_above(path):
    """Return the folder on the way to a path that lets only its owner through, if there is one."""
    if path.is_relative_to(TMP):
        return None  # it is covered anyhow
    above = reversed(path.parents)
    return next((each for each in above if not each.stat().st_mode & 0o001), None)


def children_of(pid):
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Cell:
    """A place with walls, and the ways into it."""

    def __init__(self, *writable):
        words = ["unshare", "--mount", "--net", "--ipc", "--pid", "--fork", "--kill-child"]
        words += [sys.executable, "-m", "tests.attacks.cell", *map(str, writable)]
        self.holder = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        if self.holder.stdout.readline() != "ready\n":
            self.holder.wait(PATIENCE)
            raise OSError("This machine does not let us put up the walls")
        (self.first,) = children_of(self.holder.pid)

    def words(self, *words):
        """Return how a command is called inside, by the account without any right."""
        inside = ["nsenter", f"--target={self.first}", "--mount", "--root", "--net", "--ipc"]
        inside += ["--pid", "--wdns=/", "--"]
        rights = [f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--clear-groups", "--no-new-privs"]
        rights += ["--inh-caps=-all", "--bounding-set=-all"]
        return [*inside, "setpriv", *rights, "--", *map(str, words)]

    def run(self, *words, env):
        """Run a command inside to its end."""
        return subprocess.run(
            self.words(*words), env=env, capture_output=True, text=True, check=False
        )

    def start(self, *words, env, log):
        with log.open("ab") as out:
            return subprocess.Popen(self.words(*words), env=env, stdout=out, stderr=out)

    def stop(self, process):
        """Tell a command inside to stop, and return its status."""
        for child in children_of(process.pid):
            os.kill(child, signal.SIGTERM)
        return process.wait(PATIENCE)

    @property
    def tmp(self):
        """What stands in its /tmp and is no folder of ours."""
        return Path(f"/proc/{self.first}/root/tmp")

    def tried(self):
        """Return how often somebody inside asked for a way out."""
        return apart.tried(self.first)

    @contextmanager
    def network(self):
        """Stand in its network, and nothing else of it, for a while."""
        with Path("/proc/self/ns/net").open() as home, self._net().open() as there:
            _asked(_libc.setns(there.fileno(), CLONE_NEWNET), "its network")
            try:
                yield
            finally:
                _asked(_libc.setns(home.fileno(), CLONE_NEWNET), "our network")

    def _net(self):
        return Path(f"/proc/{self.first}/ns/net")

    def close(self):
        """End everything that is in it."""
        os.kill(self.first, signal.SIGKILL)  # all others in it go with the first
        self.holder.wait(PATIENCE)
        self.holder.stdout.close()


if __name__ == "__main__":
    put_up([Path(each) for each in sys.argv[1:]])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who is left behind is buried at once
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        time.sleep(3600)
