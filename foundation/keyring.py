"""The key ring: a file of keys, never in the database, from which every key derives."""

import base64
import binascii
import json
import os
import re
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = "duly-keyring-1"
KEY_BYTES = 32
FEWEST_SIGNS = 12
"""Different bytes a drawn key has: 32 drawn at random have fewer once in 10^24 times."""
_KEY_ID = re.compile(r"k[1-9][0-9]{0,4}")
_WARNING = "Whoever loses this file loses all evidence. Keep a copy apart from the backups."


class KeyringError(RuntimeError):
    """The key file cannot be used; the sentence says why and how to mend it."""


class KeyFileExistsError(KeyringError):
    """A key file is there already, and stays as it is."""


@dataclass(frozen=True)
class Keyring:
    """The keys of one installation, by id, and which of them seals new things."""

    keys: Mapping[str, bytes] = field(repr=False)
    current_id: str

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the key file, refusing one that others may read or that is not understood."""
        return cls._parsed(_read_private(path), path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read the key file, or make it at the first start, while nothing is sealed yet."""
        if path.exists():
            return cls.load(path)
        if any(path.parent.parent.glob("evidence/??/??/*")):
            raise KeyringError(
                f"There is no key file at {path}, but there is evidence that needs it. "
                "Put the key file back; a new one would not open anything."
            )
        try:
            return cls.create(path)
        except KeyFileExistsError:
            return cls.load(path)  # another process was first

    @classmethod
    def create(cls, path: Path) -> Self:
        """Write a key file with one new key; refuses to touch a file that is already there."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        ring = cls({"k1": secrets.token_bytes(KEY_BYTES)}, "k1")
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        _write_new(draft, ring.as_text())
        try:
            os.link(draft, path)  # all at once, and only if nothing is there
        except FileExistsError:
            raise KeyFileExistsError(
                f"{path} is already there: a key file is never overwritten."
            ) from None
        finally:
            draft.unlink()
        _fsync_directory(path.parent)
        return ring

    def extended(self) -> Self:
        """Give a ring with one more key, which seals from now on; the old ones still open."""
        new_id = f"k{max(int(kid[1:]) for kid in self.keys) + 1}"
        return type(self)({**self.keys, new_id: secrets.token_bytes(KEY_BYTES)}, new_id)

    def replace(self, path: Path) -> None:
        """Put this ring in the place of the key file at once: either the old file or the new."""
        draft = path.with_name(path.name + ".new")
        draft.unlink(missing_ok=True)
        _write_new(draft, self.as_text())
        draft.replace(path)
        _fsync_directory(path.parent)

    def kek(self, key_id: str | None = None) -> bytes:
        """Give the 32 bytes of one key, the current one by default."""
        wanted = key_id or self.current_id
        try:
            return self.keys[wanted]
        except KeyError:
            raise KeyringError(
                f"The key ring has no key {wanted}. Put the key file back that has it."
            ) from None

    def derive(self, purpose: str, key_id: str | None = None) -> bytes:
        """Derive 32 bytes for one purpose ("field|v1") from one key by HKDF-SHA256."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(self.kek(key_id))

    def fingerprint(self, key_id: str | None = None) -> str:
        """Return what names one key (the current one by default) and tells nothing about it."""
        code = self.derive("fingerprint|v1", key_id).hex()[:16].upper()
        return "-".join(code[start : start + 4] for start in range(0, 16, 4))

    @property
    def first_id(self) -> str:
        """The oldest key: the ledger is chained under it, whatever seals new things."""
        return min(self.keys, key=lambda key_id: int(key_id[1:]))

    def as_text(self) -> str:
        """Give the file's text: this is the secret itself."""
        keys = {kid: base64.b64encode(key).decode() for kid, key in self.keys.items()}
        content = {"format": FORMAT, "warning": _WARNING, "current": self.current_id, "keys": keys}
        return json.dumps(content, indent=2) + "\n"

    @classmethod
    def _parsed(cls, text: str, path: Path) -> Self:
        try:
            content = json.loads(text)
        except ValueError:
            content = None
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise KeyringError(f'{path} is not a key file of the format "{FORMAT}".')
        written = content.get("keys")
        if not isinstance(written, dict):
            raise KeyringError(f"{path} holds no keys.")
        keys = {kid: _key_bytes(kid, encoded, path) for kid, encoded in written.items()}
        current = content.get("current")
        if not isinstance(current, str) or current not in keys:
            raise KeyringError(f'{path} must name one of its keys as "current".')
        return cls(keys, current)


def _key_bytes(kid: str, encoded: object, path: Path) -> bytes:
    if not _KEY_ID.fullmatch(kid):
        raise KeyringError(f'{path}: "{kid[:20]}" is not a key id such as k1.')
    try:
        key = base64.b64decode(str(encoded), validate=True)
    except (binascii.Error, ValueError):
        raise KeyringError(f"{path}: the key {kid} is not base64.") from None
    if len(key) != KEY_BYTES:
        raise KeyringError(f"{path}: the key {kid} has {len(key)} bytes and must have {KEY_BYTES}.")
    if len(set(key)) < FEWEST_SIGNS:
        raise KeyringError(f"{path}: the key {kid} is not random. Make one by ./duly keys new.")
    return key


def _read_private(path: Path) -> str:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise KeyringError(
                    f"{path} can be read by other users (mode {mode:04o}). Run: chmod 600 {path}"
                )
            return file.read(64 * 1024).decode("ascii")
    except FileNotFoundError:
        raise KeyringError(
            f"There is no key file at {path}. Put it back, or the evidence stays closed."
        ) from None
    except UnicodeDecodeError:
        raise KeyringError(f"{path} is not a key file: it holds bytes that are not text.") from None


def _write_new(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    _fsync_directory(path.parent)


def _fsync_directory(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(slots=True)
class _InUse:
    """The ring of the process, and the file it is read from again when that changes."""

    ring: Keyring | None = None
    path: Path | None = None
    seen: tuple[int, ...] = ()


_in_use = _InUse()


def configure(ring: Keyring, path: Path | None = None) -> None:
    """Make this the ring of the process; of a file, one that is rotated later is read by itself."""
    _in_use.ring, _in_use.path = ring, path
    _in_use.seen = _look(path) if path else ()


def forget() -> None:
    """Work without a ring: for looking at an installation that has none."""
    _in_use.ring, _in_use.path, _in_use.seen = None, None, ()


def is_configured() -> bool:
    """Return whether the process has a ring."""
    return _in_use.ring is not None


def current() -> Keyring:
    """Give the ring of the process."""
    if _in_use.path is not None and _look(_in_use.path) != _in_use.seen:
        _read_again(_in_use.path)
    if _in_use.ring is None:
        raise KeyringError("No key ring is configured: start through create_app or the cli.")
    return _in_use.ring


def _look(path: Path) -> tuple[int, ...]:
    """Return what changes when another file is put in its place; one look is a microsecond."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def _read_again(path: Path) -> None:
    """Take a ring that has all keys in use and more; anything else is not ours to follow."""
    seen = _look(path)
    with suppress(KeyringError, OSError):
        fresh = Keyring.load(path)
        known = _in_use.ring.keys if _in_use.ring else {}
        if known.items() <= fresh.keys.items():
            _in_use.ring = fresh
    _in_use.seen = seen
