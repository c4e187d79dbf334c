"""Judging an upload: cheap looks here, closer looks in the sandbox, before anything is stored."""

from dataclasses import dataclass
from typing import BinaryIO

from evidence.sniff import DEEP_TYPES, FileType, display_name, sniff
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


def judge(stream: BinaryIO, raw_name: str) -> Judged:
    """Say what an upload is, or refuse it; call it outside of any transaction; rewinds it."""
    file_type = sniff(stream, raw_name)
    stream.seek(0)
    content = stream.read()
    stream.seek(0)
    if file_type in DEEP_TYPES:
        try:
            sandbox.run("evidence.inspect", file_type.value.encode() + b"\n" + content, _LIMITS)
        except SandboxFailure:
            raise Refused(FAILED) from None
    return Judged(file_type, display_name(raw_name), len(content))
