"""What parent and child of the sandbox say to each other: limits, frames, outcomes."""

import socket
import struct
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_HEADER = struct.Struct(">cQ")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """How much one job may use; times in seconds, sizes in megabytes."""

    seconds: int = 60
    cpu_seconds: int = 60
    memory_mb: int = 1024
    output_mb: int = 64
    open_files: int = 128


@dataclass(frozen=True)
class Streamed:
    """Input that is read while it is handed over, so that it never lies in our memory whole."""

    size: int
    """Bytes of all parts together; less or more than was said breaks the channel."""
    parts: Iterable[bytes]


class Outcome(StrEnum):
    """What a frame from the child holds; one letter each."""

    RESULT = "r"
    REFUSED = "n"
    NO_MEMORY = "m"
    ERROR = "e"


class BrokenChannelError(OSError):
    """The other side went away in the middle of a frame."""


class TooLongError(ValueError):
    """The other side announced more than it may send."""


def send(channel: socket.socket, kind: str, content: bytes, deadline: float | None = None) -> None:
    """Send one frame; raises TimeoutError at the deadline (monotonic seconds)."""
    send_streamed(channel, kind, Streamed(len(content), (content,)), deadline)


def send_streamed(
    channel: socket.socket, kind: str, content: Streamed, deadline: float | None = None
) -> None:
    """Send one frame part by part; raises TimeoutError, or BrokenChannelError for a wrong size."""
    _until(channel, deadline)
    channel.sendall(_HEADER.pack(kind.encode(), content.size))
    left = content.size
    for part in content.parts:
        left -= len(part)
        if left < 0:
            raise BrokenChannelError
        view = memoryview(part)
        while view:
            _until(channel, deadline)
            view = view[channel.send(view[:MEGABYTE]) :]
    if left:
        raise BrokenChannelError


def receive(
    channel: socket.socket, most: int, deadline: float | None = None
) -> tuple[str, bytearray]:
    """Receive one frame of at most so many bytes; raises TimeoutError at the deadline."""
    kind, size = _HEADER.unpack(_exactly(channel, _HEADER.size, deadline))
    if size > most:
        raise TooLongError
    return kind.decode("latin-1"), _exactly(channel, size, deadline)


def _exactly(channel: socket.socket, size: int, deadline: float | None) -> bytearray:
    content = bytearray()
    while len(content) < size:
        _until(channel, deadline)
        part = channel.recv(min(size - len(content), MEGABYTE))
        if not part:
            raise BrokenChannelError
        content += part
    return content


def _until(channel: socket.socket, deadline: float | None) -> None:
    if deadline is None:
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    channel.settimeout(left)
