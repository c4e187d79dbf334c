"""A year of a house with two workers, clocks that change, deaths at any place, and mail that is away.

What everybody hears is compared with the same year in which nothing went wrong.
"""

import threading
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from audit.actions import SYSTEM
from foundation import clock
from foundation.failpoints import FailpointReached, configure
from identity.models import Person
from mail.models import Letter
from mail.rules import LetterState
from organisation.commands import set_up
from reminders import sweep
from reminders.models import Reminder
from reminders.rules import APART
from tests import makers
from tests.mail.server import Answering, running, use
from tests.people import LAILA, PERVEZ, RABIA, VANIA
from tests.reminders import world

pytestmark = pytest.mark.slow

START = date(2026, 2, 1)
DAYS = 366
HOURS = (6, 12)
EVENING = (20,)
"""In UTC: everywhere it is past eight. Without faults one look a day is enough."""
ZONES = {
    PERVEZ: "Europe/Berlin",
    RABIA: "America/St_Johns",
    LAILA: "Pacific/Auckland",
}
PLACES = (
    "reminders.before_commit",
    "reminders.after_commit",
    "mail.before_send",
    "mail.after_send",
    "mail.before_mark",
)
KINDS = ("nudge", "deadline", "digest")


class Year:
    """One telling of the year."""

    def __init__(self, database, *, seed=None):
        self.database = database
        self.chance = Random(seed) if seed is not None else None
        self.deaths = 0
        self.server = Answering()

    def tell(self):
        self._furnish()
        with running(self.server) as port:
            here = f"smtp://127.0.0.1:{port}"
            for number in range(DAYS):
                day = START + timedelta(days=number)
                if number % 24 == 0 and number < DAYS - 40:
                    self._send(datetime.combine(day, time(5), UTC), number)
                for hour in HOURS if self.chance else EVENING:
                    self._tick(datetime.combine(day, time(hour), UTC), here)
            use(here)
            for late in (1, 7, 14):  # what the last day left behind
                at = datetime.combine(day, time(23), UTC) + timedelta(hours=late)
                self._work(at)
        return self

    def _furnish(self):
        at = datetime.combine(START, time(1), UTC)
        with clock.fixed(at), self.database.writing() as session:
            set_up(session, at=at, by=SYSTEM, time_zone="Europe/Berlin")
            for who, zone in ZONES.items():
                makers.make_staff(session, who)
                chosen = update(Person).where(Person.email == who.email)
                session.execute(chosen.values(time_zone=zone))
            for number in range(6):
                due_on = START + timedelta(days=50 + 53 * number)
                it = world.make(session, due_on, name=f"Vendor {number}")
                world.activate(session, it.vendor, due_on + timedelta(days=20))

    def _send(self, at, number):
        with clock.fixed(at), self.database.writing() as session:
            vendor = makers.make_vendor(session, name=f"Asked {number}")
            makers.make_assessment(session, vendor=vendor, due_on=(at + timedelta(days=14)).date())

    def _tick(self, at, here):
        # An hour without mail, on a day with news and on one when the clocks go forward.
        is_away = (
            self.chance and at.date() in (date(2026, 3, 23), date(2026, 3, 29)) and at.hour == 6
        )
        use("smtp://127.0.0.1:9" if is_away else here)
        if self.chance is None:
            self._work(at)
            return
        if self.chance.random() < 0.4:
            configure(f"{self.chance.choice(PLACES)}=raise")
        if at.hour == 12:
            others = [threading.Thread(target=self._work, args=(at,)) for _ in range(2)]
            for worker in others:
                worker.start()
            for worker in others:
                worker.join(60)
        else:
            self._work(at)
        configure("")

    def _work(self, at):
        try:
            sweep.run(self.database, at)
        except FailpointReached:
            self.deaths += 1

    def heard(self):
        """Return who heard which step of what; the dates of things tell them apart."""
        with self.database.reading() as session:
            rows = session.execute(
                select(Reminder.kind, Reminder.step, Reminder.due_on, Person.email).outerjoin(
                    Person, Person.id == Reminder.recipient_id
                )
            )
            return Counter(tuple(row) for row in rows)

    def letters(self):
        with self.database.reading() as session:
            return list(session.scalars(select(Letter).where(Letter.kind.in_(KINDS))))


def test_a_year_of_faults_tells_what_a_year_without_them_tells(ground, database):
    calm = Year(database).tell()
    expected, quiet = calm.heard(), calm.letters()
    assert {letter.state for letter in quiet} == {LetterState.SENT}
    ground.put_back()
    stormy = Year(database, seed=11).tell()
    assert stormy.deaths > 20, "workers did die"
    assert stormy.heard() == expected
    letters = stormy.letters()
    assert {letter.state for letter in letters} == {LetterState.SENT}, "every one was delivered"
    sent = defaultdict(list)
    for message in stormy.server.messages:
        sent[message["Message-ID"]].append((message["Subject"], message["To"]))
    assert {letter.message_id for letter in letters} <= set(sent)
    assert any(len(copies) > 1 for copies in sent.values()), "a death after sending sends again"
    assert all(len(set(copies)) == 1 for copies in sent.values()), "and only the same letter"
    check_quiet_hours(database, letters)
    check_distance(database)


def check_quiet_hours(database, letters):
    zones = {who.email: zone for who, zone in ZONES.items()} | {VANIA.email: "Europe/Berlin"}
    for letter in letters:
        local = letter.created_at.astimezone(ZoneInfo(zones.get(letter.to_email, "UTC")))
        assert local.hour >= 8, (letter.to_email, local)


def check_distance(database):
    """Nobody hears of one thing twice within 48 hours."""
    moments = defaultdict(set)
    with database.reading() as session:
        for row in session.scalars(select(Reminder)):
            moments[row.kind, row.subject_id, row.recipient_id].add(row.stamped_at)
    gaps = [b - a for told in moments.values() for a, b in pairwise(sorted(told))]
    assert min(gaps) >= APART
