"""How fast one browser may change things: counted in memory, before anything costs a statement.

A person types; a script that sends hundreds of changes a second takes the place of all others. The
count is one process's own, so with two processes there is twice as much.
"""

import hashlib
import threading
import time
from dataclasses import dataclass

BURST = 60
"""Changes one session may send at once: the whole of a page that was offline, and more."""
PER_SECOND = 3.0
MOST_KNOWN = 10_000
"""Sessions remembered; those who have their whole burst again are forgotten first."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Pace:
    """A bucket for each session, by the hash of its token."""

    def __init__(self, burst: int = BURST, per_second: float = PER_SECOND) -> None:
        """Begin with nobody known."""
        self._burst, self._per_second = burst, per_second
        self._buckets: dict[bytes, _Bucket] = {}
        self._guard = threading.Lock()

    def is_kept(self, token: str, now: float | None = None) -> bool:
        """Count one change and say whether it is within what one session may send."""
        at = time.monotonic() if now is None else now
        key = hashlib.sha256(token.encode()).digest()
        with self._guard:
            if key not in self._buckets and len(self._buckets) >= MOST_KNOWN:
                self._forget(at)
            bucket = self._buckets.setdefault(key, _Bucket(float(self._burst), at))
            refilled = bucket.left + max(at - bucket.at, 0.0) * self._per_second
            bucket.left, bucket.at = min(refilled, float(self._burst)), at
            if bucket.left < 1.0:
                return False
            bucket.left -= 1.0
            return True

    def _forget(self, at: float) -> None:
        whole = self._burst / self._per_second
        self._buckets = {k: b for k, b in self._buckets.items() if at - b.at < whole}
        if len(self._buckets) >= MOST_KNOWN:
            self._buckets.clear()  # who invents so many tokens opens nothing with any of them
