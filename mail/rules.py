"""Rules of the post room: states and the wait between tries."""

from datetime import timedelta
from enum import StrEnum

LEASE = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 12
CLOCKS_APART = timedelta(hours=1)
"""How far clocks of two workers may differ; what is further ahead was written by a wrong one."""


class Stoppable(StrEnum):
    """Kinds of letters their readers may stop; every other kind is a duty or was asked for."""

    NUDGE = "nudge"
    DIGEST = "digest"
    """Of the daily mail, what is no duty."""
    SUBMITTED = "submitted"
    TO_REVIEW = "to_review"


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
