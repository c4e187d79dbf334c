"""The store: encrypted objects under random names, on disk for good before anybody is told."""

import errno
import hashlib
import itertools
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from foundation import crypto, settings
from foundation.crypto import Label, Readable, Tampered, WrappedKey
from foundation.failpoints import failpoint

GRACE = timedelta(hours=24)
SEALED_PART = 1024 * 1024


class ObjectLost(Tampered):
    """The database names an object that the store does not have."""

    def __init__(self, object_id: UUID) -> None:
        super().__init__(object_id, "it is not in the store")


@dataclass(frozen=True)
class Stored:
    """What is to be recorded of an object: plaintext size and hash, and its closed key."""

    object_id: UUID
    size: int
    sha256: bytes
    key: WrappedKey


@dataclass(frozen=True)
class Swept:
    """What the sweep found: files without a row, now deleted, and rows without a file."""

    deleted: tuple[UUID, ...]
    lost: tuple[UUID, ...]


class _Counting:
    """Reads through, counting and hashing the plaintext on its way."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._hash = hashlib.sha256()
        self.size = 0

    def read(self, size: int, /) -> bytes:
        part = self._source.read(size)
        self._hash.update(part)
        self.size += len(part)
        return part

    @property
    def sha256(self) -> bytes:
        return self._hash.digest()


class EvidenceStore:
    """A folder of encrypted objects; everything below it is ours alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, source: Readable, *, object_id: UUID, label: Label) -> Stored:
        """Encrypt and keep what the source holds; when this returns, it survives a power cut."""
        path = self._path(object_id)
        self._make_folder(path.parent)
        draft = self._draft()
        dek, wrapped = crypto.new_key(label)
        counted = _Counting(source)
        try:
            with _new_private(draft) as file:
                for part in crypto.encrypted(counted, dek, label):
                    file.write(part)
                failpoint("evidence.after_tmp")
                file.flush()
                os.fsync(file.fileno())
            failpoint("evidence.after_fsync")
            if path.exists():
                raise FileExistsError(f"The store already has an object {object_id}.")
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)
        _fsync_folder(path.parent)
        failpoint("evidence.after_rename")
        return Stored(object_id, counted.size, counted.sha256, wrapped)

    def open(self, object_id: UUID, *, label: Label, key: WrappedKey) -> Iterator[bytes]:
        """Give the plaintext in verified parts; the first one is verified before this returns."""
        dek = crypto.unwrap(key, label)
        try:
            file = self._path(object_id).open("rb")
        except FileNotFoundError:
            raise ObjectLost(object_id) from None
        parts = _closing(file, dek, label)
        return itertools.chain([next(parts)], parts)

    def open_sealed(self, object_id: UUID) -> BinaryIO:
        """Open an object as it lies there, encrypted: for a copy of it elsewhere."""
        try:
            return self._path(object_id).open("rb")
        except FileNotFoundError:
            raise ObjectLost(object_id) from None

    def keep_sealed(self, source: Readable, object_id: UUID) -> None:
        """Keep an object that comes encrypted; when this returns, it survives a power cut."""
        path = self._path(object_id)
        self._make_folder(path.parent)
        with _new_private(path) as file:
            while part := source.read(SEALED_PART):
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        _fsync_folder(path.parent)

    def has(self, object_id: UUID) -> bool:
        """Return whether there is an object of this name."""
        return self._path(object_id).is_file()

    def strays(self, known_ids: Collection[UUID], *, before: datetime) -> list[UUID]:
        """Return the objects that are none of these and were there before a moment."""
        known = set(known_ids)
        found = self._objects()
        return sorted(i for i, path in found.items() if i not in known and _is_older(path, before))

    def is_empty(self) -> bool:
        """Return whether there is no object at all."""
        return next(self._folder.glob("??/??/*"), None) is None

    def delete(self, object_id: UUID) -> None:
        """Remove an object; nothing happens if it is gone already."""
        path = self._path(object_id)
        with suppress(FileNotFoundError):
            path.unlink()
            _fsync_folder(path.parent)

    def sweep(
        self, known_ids: Collection[UUID], *, now: datetime, older_than: timedelta = GRACE
    ) -> Swept:
        """Delete old files that no row names; report, and never delete, rows without a file."""
        known = set(known_ids)
        found = self._objects()
        deleted = []
        for object_id, path in found.items():
            if object_id not in known and _is_older(path, now - older_than):
                path.unlink(missing_ok=True)
                deleted.append(object_id)
        for draft in self._folder.glob("tmp/*"):
            if _is_older(draft, now - older_than):
                draft.unlink(missing_ok=True)
        return Swept(tuple(sorted(deleted)), tuple(sorted(known - found.keys())))

    def _objects(self) -> dict[UUID, Path]:
        return {UUID(path.name): path for path in self._folder.glob("??/??/*") if _is_id(path)}

    def _path(self, object_id: UUID) -> Path:
        name = object_id.hex
        return self._folder / name[:2] / name[2:4] / str(object_id)

    def _draft(self) -> Path:
        folder = self._folder / "tmp"
        self._make_folder(folder)
        return folder / uuid4().hex

    def _make_folder(self, folder: Path) -> None:
        """Make a folder and those above it, each for good before the next."""
        if folder.is_dir():
            return
        if folder.parent != folder:
            self._make_folder(folder.parent)
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except FileExistsError:  # something that is no folder stands in its place
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None
        _fsync_folder(folder.parent)


def store() -> EvidenceStore:
    """Return the store of this installation."""
    return EvidenceStore(settings.current().evidence_dir)


def _closing(file: BinaryIO, dek: bytes, label: Label) -> Iterator[bytes]:
    with file:
        yield from crypto.decrypted(file, dek, label)


def _new_private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_id(path: Path) -> bool:
    try:
        return str(UUID(path.name)) == path.name
    except ValueError:
        return False


def _is_older(path: Path, limit: datetime) -> bool:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC) < limit
    except FileNotFoundError:
        return False
