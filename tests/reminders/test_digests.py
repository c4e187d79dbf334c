"""The digest: one mail a day with what is new, to whoever it is for, and none without news."""

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from foundation import clock
from foundation.dates import moment_in
from foundation.failpoints import FailpointReached, configure
from identity.models import Person
from mail.models import Letter
from mail.rules import LEASE
from mail.stopping import stop
from questionnaires.rules import WITH_VENDOR
from reminders import lease, standing, sweep
from reminders.due_queries import find_due
from reminders.ladders import Kind
from reminders.models import DigestDay, Reminder, SweepLease
from reminders.snooze_commands import Silence, put_off
from tests import makers
from tests.conftest import NOW
from tests.people import ASIF, LAILA, PERVEZ, RABIA
from tests.reminders import world
from vendors.models import Vendor, VendorGrant
from vendors.rules import VendorState

DUE = date(2026, 6, 15)


def on(days, hour=9):
    """Return a moment so many days after the date of everything."""
    return datetime.combine(DUE + timedelta(days=days), time(hour), UTC)


@pytest.fixture
def it(database):
    """Acme has one of each, all due on 15 June."""
    with database.writing() as session:
        return world.make(session, DUE)


RUNGS = (-90, -60, -30, -14, -7, 0, 1, 3, 8)
AROUND = sorted({day + near for day in RUNGS for near in (-1, 0, 1)} | {4, 5, 6, 11})
"""The days before, on and after each rung of any ladder."""


def told(database, days):
    """Sweep on these days and return who got a digest on which."""
    heard = []
    for day in days:
        before = count(database)
        with clock.fixed(on(day)):
            sweep.remind(database, on(day))
        with database.reading() as session:
            chosen = select(Letter.to_email).where(Letter.kind == "digest")
            new = session.scalars(chosen.order_by(Letter.created_at, Letter.id)).all()[before:]
            heard += [(day, email) for email in new]
    return heard


def count(database):
    with database.reading() as session:
        return len(session.scalars(select(Letter.id).where(Letter.kind == "digest")).all())


def test_the_whole_year_of_one_date(database, it):
    del it
    heard = told(database, AROUND)
    by = {
        who.email: [day for day, email in heard if email == who.email]
        for who in (PERVEZ, RABIA, LAILA, ASIF)
    }
    assert by[PERVEZ.email] == [-90, -60, -30, -7, 0]
    assert by[RABIA.email] == [-30, -7, 0, 3]
    assert by[ASIF.email] == [-30, 0]
    assert by[LAILA.email] == [-7, 1, 8], "notice, then condition and exemption, then the finding"


def test_a_line_says_what_when_and_which_action_with_a_link(database, it):
    told(database, [-30])
    (text,) = world.letters(database, to=RABIA)
    assert "15 June 2026, in 30 days" in text
    assert "Acme Cloud: finding" in text
    assert f"Open the finding:\n  http://localhost/findings/{it.finding}" in text
    assert f"http://localhost/conditions/{it.condition}" in text
    assert "http://localhost/account/mail" in text
    (own,) = world.letters(database, to=PERVEZ)
    assert f"Decide whether it goes on:\n  http://localhost/contracts/{it.contract}" in own
    assert f"http://localhost/vendors/{it.vendor}/evidence" in own


def test_files_that_end_together_are_one_line(database, it):
    with database.writing() as session:
        by_id = makers.make_staff(session).person_id
        kinds = ("Pen test", "Certificate", "Plan")
        session.add_all(
            world.file_of(it.vendor, DUE, by_id=by_id, title=each, kind=kind)
            for each, kind in zip(kinds, ("pentest", "iso27001", "other"), strict=True)
        )
    told(database, [-7])
    (text,) = world.letters(database, to=PERVEZ)
    assert text.count("proof that ends") == 1
    assert "and 1 more" in text


def test_each_day_is_the_readers_own_and_begins_at_eight(database, it):
    del it
    with database.writing() as session:
        session.execute(
            update(Person).where(Person.email == RABIA.email).values(time_zone="Asia/Tokyo")
        )
    tokyo = moment_in(DUE, time(8), "Asia/Tokyo")
    sweep.remind(database, tokyo - timedelta(seconds=1))
    assert world.letters(database, to=RABIA) == []
    sweep.remind(database, tokyo)
    assert len(world.letters(database, to=RABIA)) == 1
    assert world.letters(database, to=PERVEZ) == [], "for him it is the evening before"


def test_a_month_without_a_worker_is_caught_up_with_in_one_mail(database, it):
    del it
    heard = told(database, [day for day in AROUND if day < -45] + [12])
    late = [email for day, email in heard if day == 12]
    assert sorted(late) == sorted([PERVEZ.email, RABIA.email, LAILA.email, ASIF.email])
    (text,) = world.letters(database, to=RABIA)
    assert text.count("No second factor") == 1


def test_what_was_settled_meanwhile_is_not_told(database, it):
    with database.writing() as session:
        session.execute(update(world.Finding).values(state="fixed"))
        session.execute(update(world.Condition).values(met_at=NOW, met_note="Seen"))
        session.execute(update(world.Exemption).values(revoked_at=NOW))
        session.execute(update(world.Contract).values(state="ended"))
        by_id = makers.make_staff(session).person_id
        session.add(world.file_of(it.vendor, DUE + timedelta(days=365), by_id=by_id))
    assert told(database, AROUND) == []


@pytest.mark.parametrize(
    "put_away",
    [{"archived_at": NOW}, {"state": VendorState.DECLINED}],
    ids=["archived", "declined"],
)
def test_a_finding_at_a_vendor_that_was_put_away_is_nobodys(database, it, put_away):
    def due():
        with database.reading() as session:
            return find_due(session, Kind.FINDING, it.finding)

    assert due() is not None
    with database.writing() as session:
        for name, value in put_away.items():
            setattr(session.get_one(Vendor, it.vendor), name, value)
    assert due() is None


def test_work_of_somebody_who_left_falls_to_the_owner_of_the_vendor(database, it):
    del it
    with database.writing() as session:
        session.execute(update(Person).where(Person.email == RABIA.email).values(disabled_at=NOW))
    told(database, [3])
    (text,) = world.letters(database, to=PERVEZ)
    assert "No second factor" in text


def test_a_need_to_know_vendor_is_told_to_nobody_who_may_not_see_it(database):
    with database.writing() as session:
        it = world.make(session, DUE, name="Secret Ltd", is_need_to_know=True)
    told(database, (-7, 0, 3, 8, 10))
    for who in (RABIA, LAILA, ASIF):
        assert world.letters(database, to=who) == []
    assert "Secret Ltd" in world.letters(database, to=PERVEZ)[0]
    with database.writing() as session:
        laila = makers.make_staff(session, LAILA)
        session.add(
            VendorGrant(
                id=it.vendor, vendor_id=it.vendor, person_id=laila.person_id, granted_at=NOW
            )
        )
        session.execute(update(world.Finding).values(due_on=DUE + timedelta(days=40)))
    told(database, [48])
    assert "Secret Ltd" in world.letters(database, to=LAILA)[0]


def test_who_stopped_proof_still_hears_of_duties(database, it):
    del it
    with database.writing() as session:
        for kind in ("evidence", "exemption", "contract"):
            stop(session, PERVEZ.email, kind, at=NOW)
    told(database, [-30])
    (text,) = world.letters(database, to=PERVEZ)
    assert "proof" not in text
    assert "exemption" not in text
    assert "last day to give notice" in text, "a duty is not stopped"


def test_a_click_on_the_whole_digest_leaves_the_duties_without_that_link(database, it):
    del it
    with database.writing() as session:
        stop(session, PERVEZ.email, "digest", at=NOW)
    told(database, [-60])
    with database.reading() as session:
        (letter,) = session.scalars(select(Letter).where(Letter.to_email == PERVEZ.email)).all()
        assert letter.stop_path == ""
    assert "last day to give notice" in world.letters(database, to=PERVEZ)[0]


class TestPuttingOff:
    def quiet(self, database, it, until, *, is_past_due=False):
        with clock.fixed(on(-40)), database.writing() as session:
            put_off(
                session,
                find_due(session, Kind.FINDING, it.finding),
                Silence(
                    until_on=DUE + timedelta(days=until),
                    reason="They move next week",
                    is_past_due=is_past_due,
                ),
                today=DUE - timedelta(days=40),
                by=makers.make_staff(session, RABIA),
                at=on(-40),
            )

    def test_nothing_is_said_until_the_day_and_then_why_it_waited(self, database, it):
        self.quiet(database, it, -20)
        told(database, (-31, -30, -29, -21))
        assert "No second factor" not in "".join(world.letters(database, to=RABIA))
        told(database, [-20])
        assert (
            "You put this off until now: They move next week"
            in world.letters(database, to=RABIA)[-1]
        )
        told(database, (-19, -18, -17, -16, -8))
        assert len(world.letters(database, to=RABIA)) == 2, "it is said once"

    def test_the_lead_hears_of_it_all_the_same(self, database, it):
        self.quiet(database, it, 60, is_past_due=True)
        told(database, AROUND)
        assert "No second factor" not in "".join(world.letters(database, to=RABIA))
        assert "No second factor" in world.letters(database, to=LAILA)[-1]

    def test_a_moved_date_ends_the_silence(self, database, it):
        self.quiet(database, it, 60, is_past_due=True)
        with database.writing() as session:
            session.execute(update(world.Finding).values(due_on=DUE + timedelta(days=1)))
        told(database, [1])
        assert "No second factor" in world.letters(database, to=RABIA)[-1]


def everything(database):
    with database.reading() as session:
        return [
            sorted(str(row) for row in session.execute(select(table.__table__)))
            for table in (Reminder, Letter, DigestDay, SweepLease)
        ]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(-95, 20), min_size=1, max_size=4), hour=st.integers(0, 23))
def test_a_second_sweep_at_any_moment_writes_nothing(ground, database, days, hour):
    ground.put_back()
    with database.writing() as session:
        it = world.make(session, DUE)
        world.activate(session, it.vendor, DUE + timedelta(days=30))
    for day in days:  # in any order: clocks jump
        sweep.run(database, on(day, hour))
        before = everything(database)
        sweep.run(database, on(day, hour))
        assert everything(database) == before


def test_four_workers_at_once_tell_each_reader_once(database, it):
    del it
    workers = [threading.Thread(target=sweep.remind, args=(database, on(0))) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert count(database) == 3


def test_a_frozen_worker_may_not_write_once_another_took_over(database, it):
    del it
    with database.reading() as session:
        due = sweep.plan(session, on(0))
    frozen = lease.take(database, on(0))
    assert lease.take(database, on(0) + LEASE / 2) is None, "one at a time"
    second = lease.take(database, on(0) + LEASE)
    assert second == frozen + 1
    with pytest.raises(lease.LeaseLost):
        sweep._write(database, due, frozen, on(0))
    assert count(database) == 0
    lease.give_back(database, frozen, on(0))
    assert lease.take(database, on(0) + LEASE) is None, "it cannot give back what it lost"


def test_a_clock_that_was_a_year_ahead_holds_nobody_back(database, it):
    del it
    sweep.run(database, on(365))
    lease.take(database, on(365))
    heard = told(database, (-1, 0))
    assert sorted(heard) == sorted([(0, PERVEZ.email), (0, RABIA.email), (0, ASIF.email)])


def test_one_reader_who_cannot_be_written_to_stops_no_other(database, it, monkeypatch):
    del it
    with database.writing() as session:
        session.execute(update(Person).where(Person.email == ASIF.email).values(name="A\nB"))
    told(database, [0])
    assert len(world.letters(database, to=RABIA)) == 1
    assert world.letters(database, to=ASIF) == []


@pytest.mark.parametrize("place", ["reminders.before_commit", "reminders.after_commit"])
def test_dying_in_the_middle_loses_and_doubles_nothing(database, it, place):
    del it
    configure(f"{place}=raise")
    try:
        with pytest.raises(FailpointReached):
            sweep.remind(database, on(0))
    finally:
        configure("")
    with database.writing() as session:
        session.execute(update(SweepLease).values(leased_until=on(0)))
    sweep.remind(database, on(0))
    for who in (PERVEZ, RABIA, ASIF):
        assert len(world.letters(database, to=who)) == 1


def statements(database, run):
    made = []

    def note(_c, _u, statement, *_rest):
        if not statement.startswith(("PRAGMA", "BEGIN")):
            made.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        run()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return made


def test_an_idle_sweep_costs_the_same_few_statements(database, it):
    del it
    sweep.run(database, on(-50))
    assert len(statements(database, lambda: sweep.remind(database, on(-50)))) == 5


def test_reading_what_is_due_costs_the_same_for_one_thing_and_for_many(database, it):
    del it

    def read():
        with database.reading() as session:
            assert sweep.plan(session, on(0)).digests

    few = len(statements(database, read))
    with database.writing() as session:
        for number in range(5):
            world.make(session, DUE, name=f"Vendor {number}")
    assert len(statements(database, read)) == few == 19


def test_each_kind_is_found_through_the_index_of_what_is_open(database, it):
    del it
    if not database.is_sqlite:
        pytest.skip("PostgreSQL reads so few rows whole, whatever indexes there are")
    plans = {}

    def explain(connection, _cursor, statement, parameters, *_rest):
        if statement.startswith("SELECT"):
            rows = connection.connection.cursor().execute(
                f"EXPLAIN QUERY PLAN {statement}", parameters
            )
            plans[statement] = "; ".join(row[3] for row in rows)

    event.listen(database.engine, "before_cursor_execute", explain)
    try:
        with database.reading() as session:
            sweep.plan(session, on(0))
    finally:
        event.remove(database.engine, "before_cursor_execute", explain)
    used = " ".join(plans.values())
    for index in (
        "ix_finding_due",
        "ix_condition_due",
        "ix_evidence_valid_until",
        "ix_exemption_ends",
        "ix_contract_notice",
        "ix_responsibility_matrix_valid_until",
        "ix_vendor_review_due",
        "ix_assessment_due",
        "ix_assessment_remind",
        "ix_attestation_due",
        "ix_attestation_judge",
        "ix_attestation_remind",
    ):
        assert index in used, f"{index} is not used"


def test_the_states_of_the_index_are_those_of_the_questionnaires():
    assert set(standing.WITH_VENDOR) == WITH_VENDOR


def test_a_fault_in_the_work_of_the_day_holds_no_reminder_back(database, it, monkeypatch):
    del it

    def fail(*_given, **_named):
        raise RuntimeError("A contract nobody can reckon with")

    monkeypatch.setattr("reminders.days_work.roll_deadlines", fail)
    assert sweep.run(database, on(0)).digests == 3
