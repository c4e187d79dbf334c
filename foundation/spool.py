"""The upload spool: what is too big for memory lies on disk as ciphertext only, under no name."""

import io
import os
import secrets
import struct
import tempfile
from pathlib import Path
from typing import IO, ClassVar, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Request

from foundation.failpoints import failpoint

MEMORY_BYTES = 500_000
CHUNK_BYTES = 64 * 1024
_SEALED_BYTES = CHUNK_BYTES + 16


class SpoolStream(io.BufferedIOBase):
    """A file that is appended to and then read: its key lives in memory and dies with it."""

    def __init__(self, folder: Path | None = None, memory_bytes: int = MEMORY_BYTES) -> None:
        super().__init__()
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._tail = bytearray()
        self._sealed_chunks = 0
        self._descriptor: int | None = None
        self._cipher = AESGCM(secrets.token_bytes(32))
        self._position = 0
        self._opened: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    @property
    def size(self) -> int:
        """How many bytes were written."""
        return self._sealed_chunks * CHUNK_BYTES + len(self._tail)

    def write(self, buffer: object, /) -> int:
        """Append; the spool cannot be overwritten in the middle."""
        self._check_open()
        if self._position != self.size:
            raise io.UnsupportedOperation("The spool can only be written at its end.")
        failpoint("upload.part" if self.size else "upload.first_part")
        written = memoryview(cast("bytes", buffer)).cast("B")
        self._tail += written
        self._position += len(written)
        if self._descriptor is not None or len(self._tail) > self._memory_bytes:
            self._seal_full_chunks()
        return len(written)

    def read(self, size: int | None = -1, /) -> bytes:
        self._check_open()
        left = max(self.size - self._position, 0)
        wanted = left if size is None or size < 0 else min(size, left)
        parts: list[bytes] = []
        while wanted:
            part = self._piece(wanted)
            parts.append(part)
            wanted -= len(part)
            self._position += len(part)
        return b"".join(parts)

    def read1(self, size: int = -1, /) -> bytes:
        return self.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        self._check_open()
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("The spool has no place before its beginning.")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        self._tail = bytearray()
        self._sealed_chunks = 0
        self._opened = (-1, b"")
        super().close()

    def _piece(self, wanted: int) -> bytes:
        """Give some bytes at the position, out of one sealed chunk or the tail."""
        number, start = divmod(self._position, CHUNK_BYTES)
        if number < self._sealed_chunks:
            return self._chunk(number)[start : start + wanted]
        start = self._position - self._sealed_chunks * CHUNK_BYTES
        return bytes(self._tail[start : start + wanted])

    def _chunk(self, number: int) -> bytes:
        if self._opened[0] != number:
            sealed = os.pread(self._file(), _SEALED_BYTES, number * _SEALED_BYTES)
            try:
                self._opened = (number, self._cipher.decrypt(_nonce(number), sealed, None))
            except InvalidTag:
                raise OSError("The upload was changed while it waited on disk.") from None
        return self._opened[1]

    def _seal_full_chunks(self) -> None:
        """Move full chunks out of memory; each number is used once, so each nonce is too."""
        while len(self._tail) >= CHUNK_BYTES:
            sealed = self._cipher.encrypt(
                _nonce(self._sealed_chunks), bytes(self._tail[:CHUNK_BYTES]), None
            )
            _write_all(self._file(), sealed, self._sealed_chunks * _SEALED_BYTES)
            del self._tail[:CHUNK_BYTES]
            self._sealed_chunks += 1

    def _file(self) -> int:
        if self._descriptor is None:
            self._descriptor = _nameless_file(self._folder or Path(tempfile.gettempdir()))
        return self._descriptor

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("The spool is closed.")


class SpoolingRequest(Request):
    """A request whose uploaded files wait in the encrypting spool."""

    spool_folder: ClassVar[Path | None] = None

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        del total_content_length, content_type, filename, content_length
        return cast("IO[bytes]", SpoolStream(self.spool_folder))


def _nonce(number: int) -> bytes:
    return struct.pack(">IQ", 0, number)


def _write_all(descriptor: int, content: bytes, offset: int) -> None:
    done = 0
    while done < len(content):
        done += os.pwrite(descriptor, content[done:], offset + done)


def _nameless_file(folder: Path) -> int:
    """Open a file that never has a name, or loses it at once."""
    try:
        return os.open(folder, os.O_RDWR | os.O_TMPFILE, 0o600)
    except OSError:
        descriptor, name = tempfile.mkstemp(dir=folder)
        Path(name).unlink()
        return descriptor
