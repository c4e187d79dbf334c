"""Encrypting a backup for whoever shall open it: age files, for keys this server does not hold.

Plain rows go through a pipe in memory and touch no disk.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import IO, BinaryIO

from pyrage import DecryptError, EncryptError, IdentityError, RecipientError, decrypt_io, encrypt_io
from pyrage.x25519 import Identity, Recipient

from foundation.errors import Refused

MAGIC = b"age-encryption.org/"
PART = 65_536


class BrokenEnd(Exception):  # noqa: N818  an outcome of reading
    """Everything could be read, but not the end behind it: it was changed or cut off."""


def recipients_of(texts: Sequence[str]) -> list[Recipient]:
    """Return whom a backup is encrypted for; raises Refused for what is no age recipient."""
    found = []
    for text in texts:
        try:
            found.append(Recipient.from_str(text))
        except RecipientError:
            raise Refused(
                f'"{text[:80]}" is no recipient: it begins with age1 and has 62 signs. '
                "Make a pair with: ./duly keys pair FILE"
            ) from None
    return found


def identities_in(path: Path) -> list[Identity]:
    """Return the identities of a file as age-keygen writes it; raises Refused."""
    try:
        lines = path.read_text(encoding="ascii").split("\n")
    except OSError as failure:
        raise Refused(f"The identity {path} cannot be read: {failure.strerror}.") from None
    except UnicodeDecodeError:
        lines = []
    wanted = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    try:
        found = [Identity.from_str(line) for line in wanted]
    except IdentityError:
        found = []
    if not found:
        raise Refused(f"{path} holds no identity: a line that begins with AGE-SECRET-KEY-1.")
    return found


@dataclass(frozen=True)
class Closed:
    """An encrypted backup and what opens it; named as its file is."""

    path: Path
    identities: Sequence[Identity] = field(repr=False)

    def __str__(self) -> str:
        """Name the file."""
        return str(self.path)


Source = Path | Closed


def is_closed(path: Path) -> bool:
    """Return whether a file is encrypted."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC
    return False


class _Counting:
    """The open end of the pipe: counts what goes in, as a tar wants to know where it is."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._n_bytes = 0

    def write(self, part: bytes) -> int:
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        self._n_bytes += len(part)
        return len(part)

    def tell(self) -> int:
        return self._n_bytes


@contextmanager
def closing(file: BinaryIO, recipients: Sequence[Recipient]) -> Iterator[IO[bytes]]:
    """Give a file whose bytes land encrypted in another one, which is whole after the block."""
    inner, outer = os.pipe()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with os.fdopen(inner, "rb") as plain:
                encrypt_io(plain, file, list(recipients))
        except (EncryptError, OSError) as failure:
            failures.append(failure)

    worker = Thread(target=work)
    worker.start()
    try:
        yield _Counting(outer)  # type: ignore[misc]  # all that a tar asks of a file
    finally:
        os.close(outer)
        worker.join()
        if failures:
            raise OSError(f"The backup could not be encrypted: {failures[0]}")


@contextmanager
def opening(closed: Closed) -> Iterator[IO[bytes]]:
    """Give the plain bytes of an encrypted backup; they end where it was changed or cut.

    Raises Refused when none of the identities opens it, and BrokenEnd after the block when what was
    read is whole and what follows it is not.
    """
    inner, outer = os.pipe()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with closed.path.open("rb") as file, os.fdopen(outer, "wb") as plain:
                decrypt_io(file, plain, list(closed.identities))
        except (DecryptError, OSError) as failure:
            failures.append(failure)

    worker = Thread(target=work)
    worker.start()
    plain = os.fdopen(inner, "rb")
    try:
        if not plain.peek(1):
            worker.join()
        if any(isinstance(failure, DecryptError) for failure in failures):
            raise Refused(
                f"{closed} does not open with this identity, or its beginning was changed. "
                "It was encrypted for another one: ask whoever made the recipient."
            )
        yield plain
        while plain.read(PART):  # what follows the last part counts too
            pass
        worker.join()
        if failures:
            raise BrokenEnd
    finally:
        plain.close()
        worker.join()
