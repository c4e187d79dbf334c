"""What a collector learns of the work behind the pages: how much waits, and since when."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from foundation.db import Database
from mail.queries import oldest_due, outbox_state
from mail.rules import LetterState
from reminders.queries import list_heartbeats
from reports.queries import count_by_state

DATABASE = "duly_database_up"


class Work:
    """Reads the numbers when somebody asks for them; without a database only that it is away."""

    def __init__(self, database: Database, at: datetime) -> None:
        """Remember where to read, and which moment ages count from."""
        self._database = database
        self._at = at

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Return every gauge."""
        try:
            with self._database.reading() as session:
                found = list(self._read(session))
        except SQLAlchemyError:
            return [GaugeMetricFamily(DATABASE, "Whether the database answers.", 0)]
        return [GaugeMetricFamily(DATABASE, "Whether the database answers.", 1), *found]

    def _read(self, session: Session) -> Iterable[GaugeMetricFamily]:
        outbox = outbox_state(session)
        yield _by("duly_outbox_letters", "Letters in each state.", "state",
                  {state.value: outbox.of(state) for state in LetterState})  # fmt: skip
        due = oldest_due(session, self._at)
        age = (self._at - due).total_seconds() if due else 0
        yield GaugeMetricFamily(
            "duly_outbox_oldest_due_seconds", "How long the oldest letter is overdue.", age
        )
        beats = {
            beat.name: (self._at - beat.at).total_seconds() for beat in list_heartbeats(session)
        }
        yield _by("duly_heartbeat_age_seconds",
                  "Since the last whole round of the worker (its sweep), and the last check "
                  "of the ledger.", "name", beats)  # fmt: skip
        yield _by("duly_jobs", "Reports in each state.", "state", count_by_state(session))


def _by(name: str, said: str, label: str, numbers: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, said, labels=[label])
    for each, number in numbers.items():
        family.add_metric([each], number)
    return family
