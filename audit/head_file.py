"""The file of signed heads: outside the database, only ever longer, on disk before it counts."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.signed_heads import NOTHING, SignedHead, hash_of, read_line

MOST_BYTES = 64 * 1024
"""What is read of the end of the file: many times a line."""


def lines_of(path: Path) -> list[bytes]:
    """Return every line; raises FileNotFoundError where there is no file, OSError otherwise."""
    content = path.read_bytes()
    return content[: content.rfind(b"\n") + 1].splitlines()  # a line without end was never said


def newest(path: Path) -> SignedHead | None:
    """Return the last line that is a head, or None; raises OSError for a file nobody can read."""
    try:
        with path.open("rb") as file:
            return read_line(_last_line(file.fileno()))
    except FileNotFoundError:
        return None


def append(path: Path, make: Callable[[SignedHead | None, str], SignedHead | None]) -> None:
    """Add what is made of the last head and the hash of the last line; None adds nothing.

    One process at a time. Raises OSError when the line cannot be kept.
    """
    with _locked(path) as descriptor:
        last = _last_line(descriptor)
        head = make(read_line(last), hash_of(last) if last else NOTHING)
        if head is None:
            return
        os.write(descriptor, head.line() + b"\n")
        os.fsync(descriptor)


def put_back(path: Path, content: bytes) -> None:
    """Give a new place the lines of a backup; lines that are there already stay as they are."""
    with _locked(path) as descriptor:
        if not os.fstat(descriptor).st_size:
            os.write(descriptor, content)
            os.fsync(descriptor)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _take_off_torn_end(descriptor)
        yield descriptor
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)
    finally:
        os.close(descriptor)


def _take_off_torn_end(descriptor: int) -> None:
    """Remove what a power cut left of a line; it was never on disk, so nobody relied on it."""
    size = os.fstat(descriptor).st_size
    start = max(0, size - MOST_BYTES)
    end = os.pread(descriptor, size - start, start)
    if end and not end.endswith(b"\n"):
        os.ftruncate(descriptor, start + end.rfind(b"\n") + 1)


def _last_line(descriptor: int) -> bytes:
    size = os.fstat(descriptor).st_size
    end = os.pread(descriptor, MOST_BYTES, max(0, size - MOST_BYTES))
    whole = end[: end.rfind(b"\n") + 1].splitlines()
    return whole[-1] if whole else b""
