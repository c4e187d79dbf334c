"""Judging an upload: cheap looks here, closer looks in the sandbox, before anything is stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from evidence.sniff import (
    DEEP_TYPES,
    LOCKED,
    PART,
    FileType,
    display_name,
    is_locked_package,
    sniff,
)
from foundation import sandbox
from foundation.errors import Refused
from foundation.sandbox import Busy, Limits, SandboxFailure, Streamed

TASKS = {"evidence.inspect": "evidence.inspection:inspect"}
FAILED = "The selected file could not be uploaded – try again."
BUSY = (
    "So many files are being looked at that yours did not come to its turn. Nothing of it was "
    "stored: select it again in a minute."
)
_LIMITS = Limits(seconds=20, cpu_seconds=15, memory_mb=768, output_mb=1)


@dataclass(frozen=True)
class Judged:
    """An upload that may be stored: what it is and what it is called."""

    file_type: FileType
    name: str
    size: int
    is_locked: bool = False
    """Whether it has a password, so that neither we nor the scanner can look inside."""


def judge(stream: BinaryIO, raw_name: str) -> Judged:
    """Say what an upload is, or refuse it; call it outside of any transaction; rewinds it.

    It is read in small parts: as many as there are threads may bring a file of 25 MB at once.
    """
    file_type = sniff(stream, raw_name)
    size = stream.seek(0, 2)
    is_locked = file_type in DEEP_TYPES and (
        is_locked_package(stream) or _said_of(file_type, stream, size) == LOCKED
    )
    stream.seek(0)
    return Judged(file_type, display_name(raw_name), size, is_locked)


def _said_of(file_type: FileType, stream: BinaryIO, size: int) -> bytes:
    head = file_type.value.encode() + b"\n"
    given = Streamed(len(head) + size, _parts(head, stream))
    try:
        return sandbox.run("evidence.inspect", given, _LIMITS)
    except Busy:
        raise Refused(BUSY) from None
    except SandboxFailure:
        raise Refused(FAILED) from None


def _parts(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    yield head
    stream.seek(0)
    while part := stream.read(PART):
        yield part
