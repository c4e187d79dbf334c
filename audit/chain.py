"""The chain: pure arithmetic from entries to codes."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

START = bytes(32)


@dataclass(frozen=True, slots=True)
class Body:
    """The content of an entry, in the form the code is computed over."""

    at: datetime
    actor_kind: str
    actor_id: UUID
    on_behalf_id: UUID | None
    request_id: str
    ip: str
    action: str
    subject_kind: str
    subject_id: UUID
    detail: dict[str, object]

    def canonical(self) -> bytes:
        """Return the one way to write this body down."""
        plain = {
            "action": self.action,
            "actor_id": str(self.actor_id),
            "actor_kind": self.actor_kind,
            "at": self.at.isoformat(timespec="microseconds"),
            "detail": self.detail,
            "ip": self.ip,
            "on_behalf_id": str(self.on_behalf_id) if self.on_behalf_id else None,
            "request_id": self.request_id,
            "subject_id": str(self.subject_id),
            "subject_kind": self.subject_kind,
        }
        text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode()


def link(key: bytes, previous: bytes, seq: int, body: Body) -> bytes:
    """Return the code that ties an entry to the one before it."""
    return hmac.new(key, previous + seq.to_bytes(8) + body.canonical(), hashlib.sha256).digest()


def exported(seq: int, body: Body, mac: bytes) -> bytes:
    """Return an entry as a line for others, without its end."""
    return body.canonical()[:-1] + b',"mac":"%s","seq":%d}' % (mac.hex().encode(), seq)


def extended(digest: bytes, line: bytes) -> bytes:
    """Return the hash over all lines so far and one more; it needs no key."""
    return hashlib.sha256(digest + line).digest()
