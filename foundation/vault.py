"""The field vault: seals small secret values for database columns, and indexes them blindly."""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from foundation import keyring

FORMAT = b"\x01"
NONCE_BYTES = 12


class SealBroken(Exception):  # noqa: N818 - it names what happened to the value
    """A sealed value was changed, or stands in a place where it was not sealed."""


def seal(plaintext: bytes, *, context: str) -> bytes:
    """Encrypt a small value for one place ("bank-details|<id>"); it opens only in that place."""
    ring = keyring.current()
    prefix = _prefix(ring.current_id)
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(ring.derive("field|v1"))
    return prefix + nonce + cipher.encrypt(nonce, plaintext, prefix + context.encode())


def unseal(blob: bytes, *, context: str) -> bytes:
    """Decrypt a sealed value, or raise SealBroken naming the place."""
    prefix = _prefix(key_id_of(blob))
    nonce = blob[len(prefix) : len(prefix) + NONCE_BYTES]
    cipher = AESGCM(keyring.current().derive("field|v1", key_id_of(blob)))
    try:
        return cipher.decrypt(nonce, blob[len(prefix) + NONCE_BYTES :], prefix + context.encode())
    except (InvalidTag, ValueError):
        raise SealBroken(f"The sealed value of {context} was changed or moved.") from None


def key_id_of(blob: bytes) -> str:
    """Say which key of the ring sealed this value."""
    if len(blob) < 2 or blob[:1] != FORMAT or len(blob) < 2 + blob[1]:
        raise SealBroken("This is not a sealed value.")
    return blob[2 : 2 + blob[1]].decode("ascii", errors="replace")


def heading() -> bytes:
    """Return the first bytes of everything the current key seals."""
    return _prefix(keyring.current().current_id)


def blind_index(kind: str, normalised: str, *, key_id: str | None = None) -> bytes:
    """Give 32 bytes that are equal for equal values and tell nothing without the key."""
    key = keyring.current().derive("index|v1", key_id)
    message = f"org|{len(kind)}|{kind}|{normalised}".encode()
    return hmac.digest(key, message, hashlib.sha256)


def blind_indexes(kind: str, normalised: str) -> tuple[bytes, ...]:
    """Give the index under every key of the ring, for finding values stored before a rotation."""
    return tuple(blind_index(kind, normalised, key_id=key_id) for key_id in keyring.current().keys)


def _prefix(key_id: str) -> bytes:
    return FORMAT + bytes([len(key_id)]) + key_id.encode()
