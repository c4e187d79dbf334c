"""A year that two workers live through in a minute, and what everybody has to hear in it.

Clocks change in three zones, the mail server is away for an hour, and a worker is killed wherever it
happens to be, also with a letter in its hand. Quiet days go by at a leap.
"""

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from audit.actions import SYSTEM
from foundation import clock
from identity.models import Person
from mail.models import Letter
from mail.rules import LetterState
from organisation.commands import set_up
from reminders import sweep
from reminders.queries import find_heartbeat
from tests import makers
from tests.operations import expected_year
from tests.people import LAILA, PERVEZ, RABIA, STAFF
from tests.reminders import world

START, DAYS = date(2024, 12, 1), 366
ONE_DAY = timedelta(days=1)
ASKED_ON = date(2025, 6, 1)
"""Half a year after the first day: vendors in use are asked whether anything has changed."""
CHANGES = {
    RABIA: (date(2025, 3, 9), date(2025, 11, 2)),
    PERVEZ: (date(2025, 3, 30), date(2025, 10, 26)),
    LAILA: (date(2025, 4, 6), date(2025, 9, 28)),
}
"""When the clocks change where they are; each of these days has news for them."""
ZONES = {
    RABIA.email: "America/St_Johns",
    PERVEZ.email: "Europe/Berlin",
    LAILA.email: "Pacific/Auckland",
}
ORGANISATION = "Europe/Berlin"
EVENING = hour(21, 30)
"""In UTC: past eight everywhere on the day the news is for, and nobody dies any more."""
STORMY = (hour(6, 10), hour(7, 5), hour(11, 35), hour(20, 5))
MORNING = hour(7)
STEP = timedelta(minutes=4)
"""Shorter than a lease: time never runs away from a worker that is alive."""
PATIENCE = 300
"""Seconds after which a year stands still for good. Nothing is judged by the time it takes."""


class Year:
    """The telling of one year, and what is expected of it."""

    def __init__(self, database, hands, crew, post, chance):
        self.database, self.hands, self.crew, self.post = database, hands, crew, post
        self.chance = chance
        self.expected = set()
        self.waited = 0

    def furnish(self):
        at = datetime.combine(START, hour(1), UTC)
        with clock.fixed(at), self.database.writing() as session:
            set_up(session, at=at, by=SYSTEM, time_zone=ORGANISATION)
            for who in STAFF:
                makers.make_staff(session, who)
                chosen = update(Person).where(Person.email == who.email)
                session.execute(chosen.values(time_zone=zone_of(who.email)))
            for changes in CHANGES.values():
                for number, changes_on in enumerate(changes):
                    self._have(session, changes_on, f"Vendor {changes_on} {number}")

    def _have(self, session, changes_on, name):
        # Of things due the day before, the leads hear on the day itself.
        is_of_lead = changes_on in CHANGES[LAILA]
        due_on = changes_on - ONE_DAY if is_of_lead else changes_on
        it = world.make(session, due_on, name=name)
        again_on = due_on + timedelta(days=20)
        world.activate(session, it.vendor, again_on)
        self.expected.update(expected_year.of_world(it, due_on, again_on))
        self.expected.update(expected_year.of_a_word(it.vendor, ASKED_ON, again_on))

    def _ask(self, at):
        self._leap(at)
        with clock.fixed(at), self.database.writing() as session:
            vendor = makers.make_vendor(session, name=f"Asked {at.date()}")
            due_on = at.date() + timedelta(days=expected_year.WINDOW)
            sent = makers.make_assessment(session, vendor=vendor, due_on=due_on)
            told = expected_year.of_answers(sent.id, sent.reference, at.date())
            self.expected.update(told)

    def tell(self):
        storms, without_mail = self._weather()
        for number in range(DAYS):
            day = START + number * ONE_DAY
            if number % 24 == 0 and number + 24 < DAYS:
                self._ask(datetime.combine(day, hour(5), UTC))
            if day in without_mail:
                self._without_mail(datetime.combine(day, MORNING, UTC))
            for each in storms.get(day, ()):
                self._storm(datetime.combine(day, each, UTC))
            if number % 5 == 0 or day == ASKED_ON or self._has_news(day):
                self._rest(datetime.combine(day, EVENING, UTC))

    def _weather(self):
        """Return at which hours of which days somebody may die, and the mornings without mail."""
        storms: dict[date, tuple[hour, ...]]
        storms = {day: STORMY for changes in CHANGES.values() for day in changes}
        storms |= {day - ONE_DAY: STORMY[-1:] for day in CHANGES[LAILA]}  # it is the day for her
        for day in self.chance.sample(sorted({on for _, _, on in self.expected}), 25):
            storms.setdefault(day, (self.chance.choice(STORMY),))
        of_pervez = {on for who, _, on in self.expected if who == PERVEZ.email}
        return storms, set(self.chance.sample(sorted(of_pervez - storms.keys()), 3))

    def _has_news(self, day):
        """Say whether anybody is told anything by the evening of a day: to some it is tomorrow."""
        return any(on == evening_of(who, day) for who, _, on in self.expected)

    def _storm(self, at):
        """Let somebody die at any moment of the work, or with a letter in hand."""
        self._leap(at)
        self.post.is_wild = True
        for _ in range(self.chance.randrange(3)):
            time.sleep(self.chance.uniform(0, 0.1))
            self.crew.kill_one()
            self.crew.revive()
        self._settle(at)
        self.post.is_wild = False

    def _without_mail(self, at):
        """Let an hour go by without a mail server, and deaths in it."""
        self._leap(at)
        self.post.close()
        for _ in range(15):
            self._round(at)
            if self.chance.random() < 0.3:
                self.crew.kill_one()
            at += STEP
        with self.database.reading() as session:
            self.waited += letters_waiting(session)
        self.post.open()
        self._settle(at)

    def _settle(self, at):
        """Let time go by in small steps until everything that was due is done."""
        for _ in range(40):
            if self._round(at):
                return
            time.sleep(0.02)
            at += STEP
        raise AssertionError(f"Something is due since hours: {self._state(at)}")

    def _rest(self, at):
        self._leap(at)
        until = time.monotonic() + PATIENCE
        while not self._round(at):
            assert time.monotonic() < until, f"The workers stand still: {self._state(at)}"
            time.sleep(0.02)

    def _leap(self, at):
        """Go on by hours or days, while nobody is in the middle of anything."""
        self.hands.stop()
        until = time.monotonic() + PATIENCE
        while not self.hands.have_stopped():
            assert time.monotonic() < until, f"Somebody is in a round for ever: {self._state(at)}"
            self.crew.revive()
            time.sleep(0.005)
        self.hands.go_on(at)

    def _round(self, at):
        """Wait for a whole round that began at a moment; return whether nothing is due then.

        Nobody is left in a round that began before: what they leased stays theirs.
        """
        self.hands.show(at)
        until = time.monotonic() + PATIENCE
        while True:
            self.crew.revive()
            with self.database.reading() as session:
                last = find_heartbeat(session)
                if last is not None and last.at == at and not self.hands.are_behind(at):
                    return not letters_waiting(session) and not sweep.plan(session, at)
            assert time.monotonic() < until, f"No worker is at work: {self._state(at)}"
            time.sleep(0.01)

    def _state(self, at):
        with self.database.reading() as session:
            return at, letters_waiting(session), sweep.plan(session, at)


def letters_waiting(session):
    waiting = select(func.count()).where(Letter.state == LetterState.QUEUED)
    return session.scalar(waiting)


def evening_of(who, day):
    return datetime.combine(day, EVENING, UTC).astimezone(ZoneInfo(zone_of(who))).date()


def zone_of(email):
    return ZONES.get(email, ORGANISATION)
