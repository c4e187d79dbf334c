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


AWAITED = frozenset({"vendor_code", "vendor_link", "staff_invitation", "test"})
"""Kinds that somebody sits and waits for: they go before all others, however many these are."""


class LetterState(StrEnum):
    """Where a letter is."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    KEPT = "kept"
    """No mail server is set: the letter stays on the outbox page."""


def bucket_of(per_minute: int) -> tuple[int, timedelta]:
    """Return how many letters may go at once, and in which time as many more may.

    With both no minute sees more than `per_minute`, which is 1 at least.
    """
    at_once = max(per_minute // 6, 1)
    refilled_in = timedelta(minutes=1) * at_once / (per_minute - at_once + 1)
    return at_once, refilled_in + timedelta.resolution  # a division that rounds down is too fast


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after a failed try: 1, 2, 4 ... minutes, six hours at most."""
    return min(timedelta(minutes=2 ** max(attempts - 1, 0)), LONGEST_WAIT)
