"""Rules of the post room: states and the wait between tries."""

from datetime import timedelta
from enum import StrEnum

LEASE = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 12


class LetterState(StrEnum):
    """Where a letter is."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    KEPT = "kept"
    """No mail server is set: the letter stays on the outbox page."""


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after a failed try: 1, 2, 4 ... minutes, six hours at most."""
    return min(timedelta(minutes=2 ** max(attempts - 1, 0)), LONGEST_WAIT)
