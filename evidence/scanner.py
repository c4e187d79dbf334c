"""The malware scanner: a clamd asked over its INSTREAM line; whatever is unclear is not clean."""

import socket
import struct
import time
from contextlib import suppress
from typing import Self

from evidence.rules import ScanState
from foundation.crypto import Readable

CHUNK_BYTES = 64 * 1024
SECONDS = 5.0
"""How long somebody who uploads waits for the scanner; then the file waits, and not the person."""
SECONDS_OF_WORKER = 120.0
SECONDS_TO_ANSWER = 3.0
"""How long a scanner may take to say that it is there."""
_TOO_LARGE = (b"INSTREAM size limit exceeded", b"stream: Heuristics.Limits.Exceeded")
_ENCRYPTED = b"stream: Heuristics.Encrypted"


class _Line:
    """A line to the scanner that is given up after so many seconds, however slowly it drips."""

    def __init__(self, address: str, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds
        if address.startswith("/"):
            self._socket = socket.socket(socket.AF_UNIX)
            self._hurry()
            self._socket.connect(address)
        else:
            host, _, port = address.rpartition(":")
            self._socket = socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *about: object) -> None:
        self._socket.close()

    def send(self, content: bytes) -> None:
        self._hurry()
        self._socket.sendall(content)

    def answer(self) -> bytes:
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < 4096:
            self._hurry()
            part = self._socket.recv(4096)
            if not part:
                break
            answer += part
        return answer.rstrip(b"\0\n")

    def _hurry(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)


def scan(stream: Readable, address: str, *, seconds: float = SECONDS) -> ScanState:
    """Ask the clamd at host:port or at a socket's path; an empty address asks nobody."""
    if not address:
        return ScanState.NOT_SCANNED
    try:
        with _Line(address, seconds) as line:
            # One that has had enough hangs up, and says why before it does.
            with suppress(BrokenPipeError, ConnectionResetError):
                _hand_over(stream, line)
            return _verdict(line.answer())
    except (OSError, ValueError):
        return ScanState.FAILED


def answers(address: str) -> bool:
    """Say whether a scanner is there and works."""
    try:
        with _Line(address, SECONDS_TO_ANSWER) as line:
            line.send(b"zPING\0")
            return line.answer() == b"PONG"
    except (OSError, ValueError):
        return False


def _hand_over(stream: Readable, line: _Line) -> None:
    line.send(b"zINSTREAM\0")
    while part := stream.read(CHUNK_BYTES):
        line.send(struct.pack(">I", len(part)) + part)
    line.send(struct.pack(">I", 0))


def _verdict(answer: bytes) -> ScanState:
    if answer == b"stream: OK":
        return ScanState.CLEAN
    if answer.startswith(_TOO_LARGE):
        return ScanState.TOO_LARGE
    if answer.startswith(_ENCRYPTED):
        return ScanState.LOCKED
    if answer.startswith(b"stream: ") and answer.endswith(b" FOUND"):
        return ScanState.INFECTED
    return ScanState.FAILED
