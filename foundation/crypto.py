"""The envelope around stored files: one key per object, 64 KiB chunks, every byte authenticated."""

import hashlib
import hmac
import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap_with_padding,
)

from foundation import keyring
from foundation.vault import blind_index, blind_indexes, seal, unseal

__all__ = [
    "Label",
    "Tampered",
    "WrappedKey",
    "blind_index",
    "blind_indexes",
    "decrypted",
    "encrypted",
    "new_key",
    "rewrap",
    "row_mac",
    "seal",
    "unseal",
    "unwrap",
    "wrap",
]

MAGIC = b"EV1"
ALGORITHM = b"AES-256-GCM-64K"
ORGANISATION = "org"  # one installation serves one organisation (ruling 1)
CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16
SALT_BYTES = 32
KEY_BYTES = 32


class Readable(Protocol):
    """What can be read from: a file, a spool, a buffer."""

    def read(self, size: int, /) -> bytes: ...


class Tampered(Exception):  # noqa: N818 - it names what happened to the object
    """A stored object is not what was stored; nothing of it may be shown."""

    def __init__(self, object_id: UUID, what: str) -> None:
        super().__init__(f"The stored file {object_id} was refused: {what}.")
        self.object_id = object_id
        self.what = what


@dataclass(frozen=True)
class Label:
    """Whose object this is; part of its key and its header, so that objects cannot be swapped.

    The version is that of the stored bytes (1, then 2 after a re-encryption), not the row's.
    """

    vendor_id: UUID
    evidence_id: UUID
    version: int = 1


@dataclass(frozen=True)
class WrappedKey:
    """An object's own key, closed under one key of the ring."""

    kek_id: str
    blob: bytes


def new_key(label: Label) -> tuple[bytes, WrappedKey]:
    """Make a fresh key for one object; gives it open and wrapped."""
    dek = secrets.token_bytes(KEY_BYTES)
    return dek, wrap(dek, label)


def wrap(dek: bytes, label: Label, kek_id: str | None = None) -> WrappedKey:
    """Close an object's key under the ring's current key (AES-256-KWP, 40 bytes)."""
    used = kek_id or keyring.current().current_id
    return WrappedKey(used, aes_key_wrap_with_padding(_wrapping_key(label, used), dek))


def unwrap(wrapped: WrappedKey, label: Label) -> bytes:
    """Open an object's key, or say that key and label do not belong together."""
    try:
        dek = aes_key_unwrap_with_padding(_wrapping_key(label, wrapped.kek_id), wrapped.blob)
    except InvalidUnwrap:
        dek = b""
    if len(dek) != KEY_BYTES:
        raise Tampered(label.evidence_id, "its key does not open")
    return dek


def rewrap(wrapped: WrappedKey, label: Label) -> WrappedKey:
    """Close the same key under the ring's current key."""
    return wrap(unwrap(wrapped, label), label)


def encrypted(
    source: Readable, dek: bytes, label: Label, *, salt: bytes | None = None
) -> Iterator[bytes]:
    """Give the header and then the encrypted chunks of everything the source holds."""
    used_salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    header = _header(label, used_salt)
    cipher = AESGCM(_stream_key(dek, used_salt))
    yield header
    for counter, (chunk, is_last) in enumerate(_chunks(source, CHUNK_BYTES)):
        yield cipher.encrypt(_nonce(counter, is_last), chunk, header)


def decrypted(source: Readable, dek: bytes, label: Label) -> Iterator[bytes]:
    """Give the plaintext chunk by chunk, each only after its own tag was verified."""
    expected = _header(label, b"")[:-2]
    header = _read_exactly(source, len(expected) + 2 + SALT_BYTES)
    salt = header[-SALT_BYTES:]
    if not hmac.compare_digest(header, _header(label, salt)):
        raise Tampered(label.evidence_id, "its header names another object or is cut short")
    cipher = AESGCM(_stream_key(dek, salt))
    for counter, (chunk, is_last) in enumerate(_chunks(source, CHUNK_BYTES + TAG_BYTES)):
        try:
            plain = cipher.decrypt(_nonce(counter, is_last), chunk, header)
        except InvalidTag:
            raise Tampered(label.evidence_id, f"part {counter + 1} was changed") from None
        if plain or not counter:
            yield plain


def row_mac(wrapped: WrappedKey, label: Label, *, sha256: bytes, size: int, state: str) -> bytes:
    """Authenticate what the database says of an object: owner, hash, size, key, scan state."""
    key = keyring.current().derive("evidence-row|v1", wrapped.kek_id)
    fields = (
        label.evidence_id.bytes,
        label.vendor_id.bytes,
        struct.pack(">Q", label.version),
        sha256,
        struct.pack(">Q", size),
        wrapped.kek_id.encode(),
        wrapped.blob,
        state.encode(),
    )
    return hmac.digest(key, b"".join(_prefixed(part) for part in fields), hashlib.sha256)


def _wrapping_key(label: Label, kek_id: str) -> bytes:
    purpose = f"evidence-wrap|v1|{ORGANISATION}|{label.evidence_id}|{label.version}"
    return keyring.current().derive(purpose, kek_id)


def _stream_key(dek: bytes, salt: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=salt, info=b"evidence-stream|v1").derive(dek)


def _header(label: Label, salt: bytes) -> bytes:
    fields = (
        ALGORITHM,
        ORGANISATION.encode(),
        str(label.vendor_id).encode(),
        str(label.evidence_id).encode(),
        struct.pack(">I", label.version),
        salt,
    )
    return MAGIC + b"".join(_prefixed(part) for part in fields)


def _prefixed(part: bytes) -> bytes:
    return struct.pack(">H", len(part)) + part


def _nonce(counter: int, is_last: bool) -> bytes:
    return struct.pack(">QI", counter, int(is_last))


def _chunks(source: Readable, size: int) -> Iterator[tuple[bytes, bool]]:
    """Cut the source into pieces of one size; the last one is marked, and may be empty."""
    chunk = _read_exactly(source, size)
    while True:
        following = _read_exactly(source, size) if len(chunk) == size else b""
        yield chunk, not following
        if not following:
            return
        chunk = following


def _read_exactly(source: Readable, size: int) -> bytes:
    """Read that many bytes, fewer only at the end of the source."""
    parts: list[bytes] = []
    missing = size
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
