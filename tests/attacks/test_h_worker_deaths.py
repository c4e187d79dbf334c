"""H: the worker is killed at every step of its round; nothing is lost, no mail gets a new Message-ID.

Workers are born by a process that has the product loaded and run `duly worker`; their clock is told,
so that a lease that somebody took to the grave ends when the test says so.
"""

import os
import signal
import time
from collections import Counter
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from audit.actions import Action
from audit.models import Entry
from audit.queries import first_bad_entry
from foundation import clock
from mail.models import Letter
from mail.rules import LEASE, LetterState
from operations.rounds import EVIDENCE
from organisation.queries import day_of
from reminders import sweep
from reminders.models import Heartbeat, Reminder
from reports.models import Report, ReportPaper
from reports.report_commands import request
from reports.rules import LEASE as REPORT_LEASE
from reports.rules import ReportState
from tests import makers
from tests.attacks.acts import a_vendor
from tests.attacks.site import Site
from tests.mail.server import Answering, free_port
from tests.operations import nursery
from tests.people import LAILA
from tests.reminders import world

pytestmark = pytest.mark.slow

TWICE = ("mail.after_send", "mail.before_mark")
"""Between the server's 250 and our mark: here, and only here, a letter goes out a second time."""
OF_LETTERS = ("mail.claimed", "mail.before_send", *TWICE, "mail.marked")
OF_REMINDERS = ("reminders.before_commit", "reminders.after_commit")
OF_REPORTS = ("report.claimed", "report.printed", "report.kept")
OF_THE_WORKER = (*OF_LETTERS, *OF_REMINDERS, *OF_REPORTS, "store.swept")
LONGEST_LEASE = max(LEASE, REPORT_LEASE) + timedelta(minutes=1)
DIES = -signal.SIGKILL
PATIENCE = 60
"""Seconds after which a worker that did nothing never will."""


class Round:
    """One site whose worker dies, and the mail that came out of it."""

    def __init__(self, site, post, hands, born):
        self.site, self.post, self.hands, self.born = site, post, hands, born
        self.at = clock.now()

    def bear(self):
        self.hands.forget(0)
        return self.born.bear(0, self.site.env())

    def go_on(self, span):
        self.at += span
        self.hands.show(self.at)

    def die_at(self, point):
        """Let a worker come to a point and die there."""
        self.site.order(point)
        self.at = max(self.at, clock.now())
        self.go_on(timedelta(seconds=1))
        pid, until = self.bear(), time.monotonic() + PATIENCE
        while (self.site.orders / point).exists() and time.monotonic() < until:
            time.sleep(0.01)
        if not self.site.has_obeyed(point):
            os.kill(pid, signal.SIGKILL)
            self.born.bury(pid)
            pytest.fail(f"No worker passes {point}.")
        assert self.born.bury(pid) == DIES

    def finish(self):
        """Let another worker do what is left, once nobody's lease holds."""
        self.go_on(LONGEST_LEASE)
        pid = self.bear()
        until = time.monotonic() + PATIENCE
        while not self.is_done():
            assert time.monotonic() < until, self.left()
            time.sleep(0.02)
        os.kill(pid, signal.SIGTERM)
        assert self.born.bury(pid) == 0

    def is_done(self):
        with self.site.database.reading() as session:
            beat = session.get(Heartbeat, "worker")
            is_round_over = beat is not None and beat.at == self.at
        return is_round_over and self.left() == (0, 0, False)

    def left(self):
        """Return letters and reports that wait, and whether reminders are due."""
        with self.site.database.reading() as session:
            letters = select(func.count()).where(Letter.state == LetterState.QUEUED)
            reports = select(func.count()).where(Report.state != ReportState.ISSUED)
            is_due = bool(sweep.plan(session, self.at))
            return session.scalar(letters), session.scalar(reports), is_due

    def check(self, *, may_be_twice=False):
        """Compare what arrived with the outbox: every letter, and under no name but its own."""
        arrived = Counter(each["Message-ID"] for each in self.post.messages)
        with self.site.database.reading() as session:
            letters = session.scalars(select(Letter)).all()
            assert first_bad_entry(session) is None
        assert {each.state for each in letters} <= {LetterState.SENT}
        assert set(arrived) == {each.message_id for each in letters}
        assert sum(arrived.values()) - len(letters) == (1 if may_be_twice else 0)
        texts = {(each["Message-ID"], each.get_content()) for each in self.post.messages}
        assert len(texts) == len(letters), "a letter that goes out twice is the same letter"


@pytest.fixture
def round_(tmp_path, server, born):
    hands, nursery_ = born
    post = Answering()
    controller = Controller(post, hostname="127.0.0.1", port=free_port())
    controller.start()
    address = server.new_database(f"duly_{tmp_path.name[-40:]}"[:60]) if server else ""
    site = Site(tmp_path / "site", address, smtp_url=f"smtp://127.0.0.1:{controller.port}")
    try:
        yield Round(site, post, hands, nursery_)
    finally:
        controller.stop()
        site.database.engine.dispose()


@pytest.fixture(scope="module")
def born(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nursery")
    hands = nursery.Hands(folder / "hands", 1)
    with nursery.running(folder / "hands", folder / "workers.log") as made:
        yield hands, made


def send_two(site):
    """Invite two vendors: two letters wait."""
    with site.database.writing() as session:
        for _ in range(2):
            vendor, who = a_vendor(session)
            contact = makers.make_contact(session, vendor, who)
            makers.make_assessment(session, vendor=vendor, contact=contact)


def test_H03_killed_with_a_letter_in_hand_it_arrives_under_its_own_name(round_):
    deaths = 0
    for point in OF_LETTERS:
        send_two(round_.site)
        round_.die_at(point)
        round_.finish()
        deaths += point in TWICE
        arrived = Counter(each["Message-ID"] for each in round_.post.messages)
        assert sum(arrived.values()) - len(arrived) == deaths, point
    with round_.site.database.reading() as session:
        letters = session.scalars(select(Letter)).all()
    assert len(letters) == 2 * len(OF_LETTERS)
    assert {each.state for each in letters} == {LetterState.SENT}
    assert set(arrived) == {each.message_id for each in letters}
    texts = {(each["Message-ID"], each.get_content()) for each in round_.post.messages}
    assert len(texts) == len(letters), "a letter that goes out twice is the same letter"


def test_H03_killed_while_it_reminds_everybody_is_reminded_once(round_):
    told = []
    for point in OF_REMINDERS:
        next_day = round_.at + timedelta(days=1)
        # Nobody is told of what is due before their morning.
        round_.go_on(next_day.replace(hour=12) - round_.at)
        with round_.site.database.writing() as session:
            world.make(session, day_of(session, round_.at), name=f"Vendor for {point}")
        round_.die_at(point)
        round_.finish()
        with round_.site.database.reading() as session:
            told.append(session.scalar(select(func.count()).select_from(Reminder)))
    assert told[0] > 0
    assert told[1] > told[0]
    round_.check()


def test_H01_killed_while_it_prints_a_report_is_issued_once(round_):
    with round_.site.database.writing() as session:
        vendor, _ = a_vendor(session)
        request(session, vendor, by=makers.make_staff(session, LAILA), at=clock.now())
    for point in OF_REPORTS:
        round_.die_at(point)
        round_.go_on(LONGEST_LEASE)
    round_.finish()
    with round_.site.database.reading() as session:
        reports = session.scalars(select(Report)).all()
        papers = session.scalars(select(ReportPaper)).all()
        assert first_bad_entry(session) is None
        issued = select(func.count()).where(Entry.action == Action.REPORT_ISSUE)
        assert session.scalar(issued) == 1
    assert [each.state for each in reports] == [ReportState.ISSUED]
    assert len(papers) == 2


def test_H01_killed_after_the_sweep_of_the_store_it_sweeps_again(round_):
    round_.die_at("store.swept")
    with round_.site.database.reading() as session:
        assert session.get(Heartbeat, EVIDENCE) is None
    round_.finish()
    with round_.site.database.reading() as session:
        assert session.get(Heartbeat, EVIDENCE).at == round_.at


def test_H17_a_worker_that_is_told_to_stop_finishes_its_report(round_):
    with round_.site.database.writing() as session:
        vendor, _ = a_vendor(session)
        request(session, vendor, by=makers.make_staff(session, LAILA), at=clock.now())
    round_.at = clock.now() + timedelta(seconds=1)
    round_.hands.show(round_.at)
    round_.site.order("report.claimed", "sleep:500")
    pid = round_.bear()
    while (round_.site.orders / "report.claimed").exists():
        time.sleep(0.01)
    os.kill(pid, signal.SIGTERM)
    assert round_.born.bury(pid) == 0
    with round_.site.database.reading() as session:
        assert session.scalars(select(Report)).one().state is ReportState.ISSUED


def test_H05_a_wild_mail_server_gets_every_letter_in_the_end(round_):
    for _ in range(3):
        send_two(round_.site)
    with round_.site.database.reading() as session:
        addresses = session.scalars(select(Letter.to_email).order_by(Letter.created_at)).all()
    busy, gone, *others = addresses
    round_.post.by_address = {busy: "452 full for now", gone: "550 nobody of that name"}
    round_.post.answers = ["drop", "451 not now", "250 OK"]
    round_.at = clock.now() + timedelta(seconds=1)
    round_.hands.show(round_.at)
    pid = round_.bear()
    states = {}

    def has_come_to(wanted, whom):
        with round_.site.database.reading() as session:
            chosen = select(Letter.to_email, Letter.state).where(Letter.to_email.in_(whom))
            states.update(session.execute(chosen).all())
        return all(states[each] is wanted for each in whom)

    until = time.monotonic() + PATIENCE
    while not (has_come_to(LetterState.SENT, others) and has_come_to(LetterState.FAILED, [gone])):
        assert time.monotonic() < until, states
        round_.go_on(timedelta(minutes=1))
        time.sleep(0.1)
    assert not has_come_to(LetterState.SENT, [busy]), "one full mailbox stops no other"
    del round_.post.by_address[busy]
    while not has_come_to(LetterState.SENT, [busy]):
        assert time.monotonic() < until, states
        round_.go_on(timedelta(minutes=30))
        time.sleep(0.1)
    os.kill(pid, signal.SIGTERM)
    assert round_.born.bury(pid) == 0
    arrived = Counter(each["To"].addresses[0].addr_spec for each in round_.post.messages)
    assert arrived == Counter([*others, busy])
    with round_.site.database.reading() as session:
        bounced = session.scalars(select(Letter).where(Letter.to_email == gone)).one()
        assert "550" in bounced.last_error
