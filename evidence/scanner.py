"""The malware scanner: a clamd asked over its INSTREAM line; whatever is unclear is not clean."""

import socket
import struct

from evidence.rules import ScanState
from foundation.crypto import Readable

CHUNK_BYTES = 64 * 1024
SECONDS = 60


def scan(stream: Readable, address: str, *, seconds: float = SECONDS) -> ScanState:
    """Ask the clamd at host:port or at a socket's path; an empty address asks nobody."""
    if not address:
        return ScanState.NOT_SCANNED
    try:
        with _connected(address, seconds) as line:
            line.sendall(b"zINSTREAM\0")
            while part := stream.read(CHUNK_BYTES):
                line.sendall(struct.pack(">I", len(part)) + part)
            line.sendall(struct.pack(">I", 0))
            return _verdict(_answer(line))
    except (OSError, ValueError):
        return ScanState.FAILED


def _connected(address: str, seconds: float) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(seconds)
        line.connect(address)
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _answer(line: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 4096:
        part = line.recv(4096)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n")


def _verdict(answer: bytes) -> ScanState:
    if answer == b"stream: OK":
        return ScanState.CLEAN
    if answer.startswith(b"stream: ") and answer.endswith(b" FOUND"):
        return ScanState.INFECTED
    return ScanState.FAILED
