"""Signatures of this installation: made with what derives from a key of the ring (Ed25519)."""

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from foundation.keyring import Keyring

PURPOSE = "ledger-head|v1"


def public_key(ring: Keyring, key_id: str | None = None) -> str:
    """Return, as base64 of its 32 bytes, what others check our signatures with."""
    public = _private(ring, key_id).public_key()
    return base64.b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def sign(ring: Keyring, message: bytes) -> str:
    """Return the signature of a message under the current key, as base64 of its 64 bytes."""
    return base64.b64encode(_private(ring, None).sign(message)).decode()


def is_signed(public: str, signature: str, message: bytes) -> bool:
    """Return whether a signature was made for these bytes by whoever has the private part."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(signature, validate=True), message)
    except (ValueError, InvalidSignature):
        return False
    return True


def _private(ring: Keyring, key_id: str | None) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(ring.derive(PURPOSE, key_id))
