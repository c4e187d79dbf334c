"""What the postman is sent out with: which letters, how many, and who says that one more may go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

MayGo = Callable[[Session, datetime], bool]
"""Says whether one more letter may go now, and counts it; asked once a letter is there."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One walk of the postman."""

    limit: int = 50
    is_of_awaited: bool = False
    """Only letters that somebody sits and waits for."""
    may_go: MayGo = lambda _session, _now: True


WHATEVER = Errand()
