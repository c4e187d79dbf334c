"""A real clamd that knows one virus: the harmless one that the makers of scanners agreed on."""

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pytest

# In parts, so that no scanner takes this file away.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
PATIENCE = 60
"""Seconds after which a scanner that says nothing never will; nothing is judged by them."""


@dataclass
class Clamd:
    """A scanner that can be stopped, frozen and started again."""

    folder: Path
    largest: str = "20M"
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return str(self.folder / "clamd.sock")

    def start(self) -> None:
        """Start it with our own signatures and settings, and wait until it answers."""
        base = self.folder / "db"
        base.mkdir(exist_ok=True)
        (base / "test.ndb").write_text(f"Duly.Test.Eicar:0:*:{EICAR.hex()}\n")
        settings = self.folder / "clamd.conf"
        settings.write_text(
            f"DatabaseDirectory {base}\nLocalSocket {self.address}\nForeground true\n"
            f"LogFile {self.folder}/clamd.log\nStreamMaxLength {self.largest}\nMaxThreads 4\n"
            f"TemporaryDirectory {self.folder}\n"
        )
        program = which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
        if program is None:
            pytest.fail("clamd is missing: ./duly test installs it.")
        Path(self.address).unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [program, "--config-file", str(settings)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "clamd.log").read_text()
            assert time.monotonic() < deadline, "The scanner did not start."
            time.sleep(0.02)

    def kill(self) -> None:
        """Let it die, as it would of too little memory."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def freeze(self) -> None:
        """Let it stand still, with its lines open."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(self.address)
            line.sendall(b"zPING\0")
            return line.recv(10) == b"PONG\0"
        return False
