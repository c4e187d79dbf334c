"""Judging an upload: cheap looks here, closer looks in the sandbox, before anything is stored."""

from dataclasses import dataclass
from typing import BinaryIO

from evidence.sniff import DEEP_TYPES, LOCKED, FileType, display_name, is_locked_package, sniff
from foundation import sandbox
from foundation.errors import Refused
from foundation.sandbox import Limits, SandboxFailure

TASKS = {"evidence.inspect": "evidence.inspection:inspect"}
FAILED = "The selected file could not be uploaded – try again."
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
    """Say what an upload is, or refuse it; call it outside of any transaction; rewinds it."""
    file_type = sniff(stream, raw_name)
    stream.seek(0)
    content = stream.read()
    stream.seek(0)
    is_locked = file_type in DEEP_TYPES and (
        is_locked_package(stream) or _said_of(file_type, content) == LOCKED
    )
    return Judged(file_type, display_name(raw_name), len(content), is_locked)


def _said_of(file_type: FileType, content: bytes) -> bytes:
    try:
        return sandbox.run("evidence.inspect", file_type.value.encode() + b"\n" + content, _LIMITS)
    except SandboxFailure:
        raise Refused(FAILED) from None
