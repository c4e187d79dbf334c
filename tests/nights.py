"""Two hours at which UTC has another day than we do: the early morning, and the evening."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from audit.actions import SYSTEM
from foundation import clock
from organisation.commands import set_up


@dataclass(frozen=True)
class Night:
    """An hour, where we are, and which day it is there."""

    at: datetime
    zone: str
    day: date

    @property
    def before(self) -> date:
        """The day that is over with us."""
        return self.day - timedelta(days=1)

    @property
    def after(self) -> date:
        """The day still to come with us."""
        return self.day + timedelta(days=1)

    @contextmanager
    def begin(self, session: Session) -> Iterator[None]:
        """Let it be this hour, in an organisation of this zone."""
        set_up(session, at=clock.now(), by=SYSTEM, time_zone=self.zone)
        with clock.fixed(self.at):
            yield


MORNING = Night(datetime(2026, 3, 4, 20, 30, tzinfo=UTC), "Asia/Karachi", date(2026, 3, 5))
EVENING = Night(datetime(2026, 3, 5, 2, tzinfo=UTC), "America/Los_Angeles", date(2026, 3, 4))
NIGHTS = (MORNING, EVENING)
