"""A signed head: the ledger at one moment, in a line only the keys can make. Pure.

Each line holds the hash of the line before it, so that none can be taken out of the middle.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

FORMAT = "duly-head-1"
NOTHING = "0" * 64
"""What stands for the line before the first one."""


class Why(StrEnum):
    """What a head was signed for. Stands in the file, so it is never renamed."""

    HOUR = "hour"
    STOP = "stop"
    BACKUP = "backup"
    EXPORT = "export"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """One line: the newest entry, everything before it in one hash, and the evidence on record."""

    time: datetime
    why: Why
    key: str
    """The key of the ring it was signed with; never an older one than the line before."""
    public: str
    seq: int
    count: int
    mac: str
    digest: str
    """The hash over all entries as they are exported: what is checked without any secret."""
    evidence: str
    """The Merkle root over the evidence on record."""
    restored: int | None = None
    """After a restore, the last entry that came out of the backup; later ones are gone."""
    previous: str = NOTHING
    signature: str = ""

    def signed_part(self) -> bytes:
        """Return the bytes the signature is made for."""
        plain = {**asdict(self), "format": FORMAT, "time": self.time.isoformat()}
        del plain["signature"]
        return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()

    def line(self) -> bytes:
        """Return the line as it stands in the file, without its end."""
        return b'{"signature":"%s",' % self.signature.encode() + self.signed_part()[1:]


def read_line(line: bytes) -> SignedHead | None:
    """Return the head of a line, or None for one that is not written exactly as we write it."""
    try:
        told = json.loads(line)
        if told.pop("format") != FORMAT:
            return None
        time, why = datetime.fromisoformat(told.pop("time")), Why(told.pop("why"))
        found = SignedHead(time=time, why=why, **told)
        return found if found.time.tzinfo and found.line() == line else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def hash_of(line: bytes) -> str:
    """Return what the next line holds of this one."""
    return hashlib.sha256(line).hexdigest()
