"""The file itself: a plain tar of parts, and how each part is written and read."""

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import UUID

from foundation.errors import Refused
from operations.backup.closing import BrokenEnd, Closed, Source, opening

FORMAT = "duly-backup-1"
HEADER = "duly-backup.json"
HEADS = "ledger-heads.jsonl.gz"
MANIFEST = "manifest.json"
SEAL = "manifest.hmac"
SEAL_SIGNS = 64
OWN_PARTS = frozenset({MANIFEST, SEAL})
"""Parts that the manifest cannot name."""
END = "its end"
"""What stands for the end of an encrypted file that does not open."""
UNREADABLE = (tarfile.TarError, ValueError, OverflowError, RecursionError)
"""What the reader of tar files makes of a head that somebody wrote to break it."""

MOST_IN_MEMORY = 512 * 1024 * 1024
BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """The SHA-256 and size of one part as it lies in the file."""

    sha256: str
    size: int


def table_part(table: str, number: int) -> str:
    """Return the name of a part of a table's rows."""
    return f"tables/{table}/{number:06}.jsonl.gz"


def table_of(name: str) -> str | None:
    """Return whose rows a part holds, or None for another part."""
    pieces = name.split("/")
    return pieces[1] if len(pieces) == 3 and pieces[0] == "tables" else None


def object_part(object_id: UUID) -> str:
    """Return the name of the part that is a stored object."""
    return f"evidence/{object_id}"


def object_of(name: str) -> UUID | None:
    """Return which stored object a part is, or None for another part."""
    folder, _, rest = name.partition("/")
    try:
        return UUID(rest) if folder == "evidence" and str(UUID(rest)) == rest else None
    except ValueError:
        return None


def packed(lines: bytes) -> bytes:
    """Compress rows; the same rows give the same bytes."""
    return gzip.compress(lines, 6, mtime=0)


def unpacked(content: bytes) -> bytes:
    """Return the rows of a part; raises Refused for one that is none, or is a bomb."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        lines = unpacking.decompress(content, MOST_IN_MEMORY)
    except zlib.error:
        raise Refused("A part of the backup cannot be unpacked.") from None
    if unpacking.unconsumed_tail or not unpacking.eof:
        raise Refused("A part of the backup is cut short or far too large.")
    return lines


class Hashing:
    """Reads through, hashing and counting on the way."""

    def __init__(self, source: IO[bytes]) -> None:
        """Begin with nothing read."""
        self._source = source
        self._hash = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes."""
        part = self._source.read(size)
        self._hash.update(part)
        self.size += len(part)
        return part

    def drain(self) -> None:
        """Read the rest."""
        while self.read(BLOCK):
            pass

    def whole(self) -> bytes:
        """Return all of it; raises Refused for a part too large to be held in memory."""
        held = []
        while part := self.read(BLOCK):
            held.append(part)
            if self.size > MOST_IN_MEMORY:
                raise Refused("A part of the backup is far too large.")
        return b"".join(held)

    @property
    def part(self) -> Part:
        """What was read so far."""
        return Part(self._hash.hexdigest(), self.size)


class Writer:
    """Puts one part after another into the file, and remembers them."""

    def __init__(self, file: IO[bytes], at: datetime) -> None:
        """Begin a file; every part carries the same moment."""
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115  closed by close()
        self._at = int(at.timestamp())
        self.parts: dict[str, Part] = {}

    def add(self, name: str, content: bytes) -> None:
        """Add a part that is in memory."""
        self.add_from(name, io.BytesIO(content), len(content))

    def add_from(self, name: str, source: IO[bytes], size: int) -> None:
        """Add a part of a known size; raises OSError when the source ends too early."""
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, self._at, 0o600
        hashing = Hashing(source)
        self._tar.addfile(info, hashing)
        _forget_members(self._tar)
        self.parts[name] = hashing.part

    def close(self) -> None:
        """Write the end of the file."""
        self._tar.close()


def parts_of(source: Source) -> Iterator[tuple[str, IO[bytes] | None]]:
    """Yield each part with its bytes to read before the next; None for what is no plain part.

    Damage between parts is passed over, so that what follows it can still be judged; of an
    encrypted file nothing follows damage. Raises Refused for a file that holds no part at all.
    """
    path = source.path if isinstance(source, Closed) else source
    if not path.is_file():
        raise Refused(f"There is no file {path}." if not path.exists() else f"{path} is no file.")
    n_parts = 0
    try:
        with _opened(source) as tar:
            while (info := tar.next()) is not None:
                if info.size < 0:  # the next head would lie before this one, for ever
                    break
                n_parts += 1
                yield info.name, tar.extractfile(info) if info.isreg() else None
                _forget_members(tar)
    except Refused:
        raise
    except UNREADABLE:
        pass  # cut short or broken: the caller misses what was to follow
    except BrokenEnd:
        yield END, None
    if not n_parts:
        raise Refused(f"{path} is no backup of Duly, or nothing is left of it.")


@contextmanager
def _opened(source: Source) -> Iterator[tarfile.TarFile]:
    if isinstance(source, Closed):
        with (
            opening(source) as plain,
            tarfile.open(fileobj=plain, mode="r|", ignore_zeros=True) as tar,
        ):
            yield tar
        return
    with tarfile.open(source, "r:", ignore_zeros=True) as tar:
        yield tar


def _forget_members(tar: tarfile.TarFile) -> None:
    """Let go of the record it keeps of every part, which nobody asks for."""
    tar.members = []  # type: ignore[attr-defined]  # an attribute that is there since ever
