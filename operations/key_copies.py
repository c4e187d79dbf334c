"""The mark of a copy of the keys: which ones were copied, and on which day."""

import json
from datetime import datetime
from pathlib import Path

from foundation.keyring import Keyring


def mark_of(path: Path) -> Path:
    """Return where the mark of a key file lies."""
    return path.with_name(f"{path.name}.copied")


def note_copy(path: Path, ring: Keyring, at: datetime) -> None:
    """Remember that all keys of the ring were copied; nothing of them is in the mark."""
    told = {"fingerprint": ring.fingerprint(), "on": at.date().isoformat()}
    mark_of(path).write_text(json.dumps(told) + "\n", encoding="ascii")


def copied_on(path: Path, ring: Keyring) -> str | None:
    """Return the day the current key was copied, or None; a newer key has no copy yet."""
    try:
        told = json.loads(mark_of(path).read_text(encoding="ascii"))
        return str(told["on"]) if told["fingerprint"] == ring.fingerprint() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
