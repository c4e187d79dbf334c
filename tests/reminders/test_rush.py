"""Very much is due at once: each thing is told once, and everybody else goes on meanwhile."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from foundation import clock, settings
from foundation.failpoints import FailpointReached, configure
from foundation.ids import new_id
from mail.commands import queue
from mail.letters import Text
from mail.models import Letter
from mail.rules import LetterState, bucket_of
from reminders import sweep
from reminders.commands import beat
from reminders.digests import Digest, parts_of
from reminders.models import DigestDay, Reminder
from reminders.sweep import AT_ONCE, NUDGE_WEIGHS, Write
from reviews.models import Finding
from reviews.rules import FindingState, Severity
from tests import makers
from tests.conftest import NOW
from tests.mail.server import Answering, running
from tests.people import PERVEZ, VANIA
from tests.reminders import world

pytestmark = pytest.mark.slow

DUE = date(2026, 6, 15)
MORNING = datetime.combine(DUE, time(9), UTC)
FINDINGS, ASKED = 230, 40
"""A digest of three mails, and letters to a vendor that share two transactions."""


def sweep_at(database, at, **how):
    with clock.fixed(at):
        return sweep.remind(database, at, **how)


@pytest.fixture
def rush(database):
    """Acme has hundreds of findings due today, and owes answers to many questionnaires."""
    with database.writing() as session:
        pervez = makers.make_staff(session)
        vendor = makers.make_vendor(session, by=pervez)
        contact = makers.make_contact(session, vendor, by=pervez)
        version = makers.make_version(session, by=pervez)
        review = world._review(session, vendor)
        for number in range(FINDINGS):
            session.add(
                Finding(
                    id=new_id(), reference=f"F-{number:04}", vendor_id=vendor.id,
                    review_id=review.id, title="No second factor", severity=Severity.HIGH,
                    state=FindingState.OPEN, owner_id=pervez.person_id,
                    raised_by_id=pervez.person_id, raised_at=NOW, due_on=DUE,
                )
            )  # fmt: skip
        for _ in range(ASKED):
            makers.make_assessment(
                session, vendor=vendor, contact=contact, version=version, by=pervez,
                due_on=(NOW + timedelta(days=14)).date(),
            )  # fmt: skip


def stamps(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Reminder))


def each_was_told_once(database):
    with database.reading() as session:
        taken = Counter(
            session.execute(select(Reminder.subject_id, Reminder.step, Reminder.recipient_id)).all()
        )
    assert set(taken.values()) == {1}
    told = "".join(world.letters(database, to=PERVEZ))
    assert {told.count(f"F-{number:04}") for number in range(FINDINGS)} == {1}


def test_everybody_else_writes_between_two_steps(database, rush):
    del rush
    counts = [stamps(database)]

    def somebody_else_writes():
        with database.writing() as session:
            beat(session, summary="saved", at=NOW, name=f"somebody {len(counts)}")
        counts.append(stamps(database))

    _, digests = sweep_at(database, MORNING, pause=somebody_else_writes)
    assert digests == 3
    steps = [after - before for before, after in pairwise(counts)]
    assert len(steps) >= 5
    assert max(steps) <= AT_ONCE
    each_was_told_once(database)
    assert sweep_at(database, MORNING) == (0, 0)


def test_a_worker_that_dies_after_each_step_leaves_the_rest_to_the_next(database, rush):
    del rush
    deaths = 0
    for number in range(12):
        configure("reminders.after_commit=raise")
        try:
            sweep_at(database, MORNING + timedelta(minutes=number))
        except FailpointReached:
            deaths += 1
        finally:
            configure("")
    assert deaths == 5
    each_was_told_once(database)
    with database.reading() as session:
        assert set(session.scalars(select(DigestDay.day))) == {DUE}


def test_a_code_goes_out_in_the_middle_of_it(database, rush):
    del rush
    written = []

    class Watching(Answering):
        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            written.append(len(world.letters(database)))
            return await super().handle_DATA(server, session, envelope)

    with database.writing() as session:
        text = Text("Your code", "ABCD-EFGH\n")
        to = (VANIA.email, VANIA.name)
        queue(session, dedupe_key="code", kind="vendor_code", to=to, text=text, at=MORNING)
    with running(server := Watching()), clock.fixed(MORNING):
        sweep.run(database, MORNING)
    assert server.subjects[0] == "Your code"
    assert written[0] < len(world.letters(database)), "the digests were not all written yet"


def test_no_more_letters_go_out_in_a_minute_than_the_operator_allows(database, rush):
    del rush
    allowed = settings.current().model_copy(update={"mail_per_minute": 24})
    settings.configure(allowed)
    minutes, at = [], MORNING
    with running(server := Answering()):
        for _ in range(2):
            before = len(server.messages)
            for second in range(0, 60, 5):
                moment = at + timedelta(seconds=second)
                with clock.fixed(moment):
                    sweep.run(database, moment)
            minutes.append(len(server.messages) - before)
            at += timedelta(minutes=1)
    assert max(minutes) <= 24
    assert minutes[0] >= 18
    assert sum(minutes) == len({each["Message-ID"] for each in server.messages})
    with database.reading() as session:
        states = set(session.execute(select(Letter.state, Letter.attempts)).all())
    assert states == {(LetterState.SENT, 1), (LetterState.QUEUED, 0)}, "waiting spends no try"


@given(st.integers(1, 100_000), st.floats(0, 60))
def test_no_minute_sees_more_than_is_allowed_and_few_see_much_less(per_minute, offset):
    at_once, per = bucket_of(per_minute)
    one = per.total_seconds() / at_once
    # From a full bucket: so many at once, then one each time one more is there.
    in_first = at_once + int((60 - 1e-6) / one)
    later = int((offset + 60 - 1e-6) / one) - int(offset / one)
    assert in_first <= per_minute
    assert later <= per_minute
    assert 60 / one >= per_minute * 0.8


@given(st.lists(st.integers(0, 250), max_size=40))
def test_what_shares_a_transaction_is_little_and_in_order(weights):
    writes = [Write(lambda _session: True, weight) for weight in weights]
    loads = list(sweep._loads(iter(writes)))
    assert [each for load in loads for each in load] == writes
    assert all(len(load) == 1 or sum(each.weight for each in load) <= AT_ONCE for load in loads)
    assert all(loads)
    assert AT_ONCE // NUDGE_WEIGHS == 20


@given(st.integers(0, 500), st.integers(1, 120))
def test_a_digest_is_divided_in_order_and_the_day_is_done_with_its_last_part(n_lines, most):
    lines: Any = tuple(range(n_lines))
    nobody: Any = None
    whole = Digest(nobody, DUE, lines)
    parts = parts_of(whole, most)
    assert [line for part in parts for line in part.lines] == list(lines)
    assert all(0 < len(part.lines) <= most for part in parts) or n_lines == 0
    assert [part.is_last for part in parts] == [False] * (len(parts) - 1) + [True]
