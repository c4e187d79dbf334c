"""An authenticator in software: it makes passkeys and signs with them, truly or as it is told."""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

UP, UV, BE, BS, AT = 0x01, 0x04, 0x08, 0x10, 0x40
"""Flags of the authenticator data: present, verified, may be and is backed up, a key follows."""


@dataclass
class Authenticator:
    """One device with one key; change a field and it lies from then on."""

    origin: str = "http://localhost"
    rp_id: str = "localhost"
    flags: int = UP | UV
    count: int = 0
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user: bytes = b""

    def make(self, asked: dict[str, Any], **changed: Any) -> str:
        """Answer navigator.credentials.create() and remember whose key it is."""
        self.user = base64url_to_bytes(asked["user"]["id"])
        length = struct.pack(">H", len(self.credential_id))
        held = bytes(16) + length + self.credential_id + self._cose()
        data = self._data(AT, held)
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        response = {
            "clientDataJSON": _coded(self._client("webauthn.create", asked, **changed)),
            "attestationObject": _coded(made),
        }
        return self._credential(response)

    def sign(self, asked: dict[str, Any], **changed: Any) -> str:
        """Answer navigator.credentials.get(); the counter moves on."""
        self.count += int(self.counts)
        data = self._data(0)
        client = self._client("webauthn.get", asked, **changed)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": _coded(client),
            "authenticatorData": _coded(data),
            "signature": _coded(signature),
            "userHandle": _coded(self.user),
        }
        return self._credential(response)

    def _data(self, more: int, held: bytes = b"") -> bytes:
        name = hashlib.sha256(self.rp_id.encode()).digest()
        return name + struct.pack(">BI", self.flags | more, self.count) + held

    def _client(self, kind: str, asked: dict[str, Any], **changed: Any) -> bytes:
        told = {"type": kind, "challenge": asked["challenge"], "origin": self.origin}
        return json.dumps({**told, "crossOrigin": False, **changed}).encode()

    def _cose(self) -> bytes:
        point = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _credential(self, response: dict[str, str]) -> str:
        name = _coded(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def _coded(value: bytes) -> str:
    return bytes_to_base64url(value)
