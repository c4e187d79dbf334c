"""Asking between reviews: at the tier's interval, once however many look, never a pile."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from foundation import clock
from foundation.ids import new_id
from reminders import sweep
from reminders.attesting import ask_all
from reminders.explaining import explain_day, explain_now
from reviews.attestation_commands import declare
from reviews.attestation_models import Attestation
from reviews.attestation_rules import AttestationState, Change, Declaration
from reviews.commands import open_review
from tests import makers
from tests.people import LAILA, PERVEZ, RABIA, VANIA
from tests.reminders.world import letters
from tests.reviews.attested import DECIDED, change, every, in_use, stored
from vendors.models import Vendor
from vendors.rules import VendorState


def on(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


DUE = on(date(2026, 9, 2))
"""Six months after the decision about a vendor of tier 2."""


@pytest.fixture
def acme(scene):
    return scene(_acme)


def _acme(database):
    with database.writing() as session:
        return in_use(session, contact=VANIA).id


def go(database, at, run=sweep.run):
    with clock.fixed(at):
        return run(database, at)


def say(database, attestation_id, at, **words):
    with clock.fixed(at), database.writing() as session:
        declare(
            session,
            session.get_one(Attestation, attestation_id),
            Declaration(**({"name": "Vania"} | words)),
            today=at.date(),
            by=makers.vendor_author(session),
            at=at,
        )


def test_it_is_asked_on_the_day_and_not_before(database, acme):
    del acme
    go(database, DUE - timedelta(days=1))
    assert every(database) == []
    assert go(database, DUE).attestations == 1
    (one,) = every(database)
    assert (one.since_on, one.due_on) == (DECIDED, date(2026, 9, 16))


def test_several_workers_ask_once(database, acme):
    del acme
    threads = [threading.Thread(target=ask_all, args=(database, DUE)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(every(database)) == 1
    assert len(letters(database, "attestation")) == 1


def test_after_years_of_silence_there_is_one_and_never_a_pile(database, acme):
    del acme
    late = DUE + timedelta(days=1000)
    for day in range(3):
        go(database, late + timedelta(days=day))
    assert [one.since_on for one in every(database)] == [DECIDED]


def test_the_next_one_counts_from_the_last_word(database, acme):
    del acme
    go(database, DUE)
    said = DUE + timedelta(days=20)
    say(database, every(database)[0].id, said, is_unchanged=True)
    go(database, on(date(2027, 3, 21)))
    assert len(every(database)) == 1
    go(database, on(date(2027, 3, 22)))
    assert [one.since_on for one in every(database)] == [DECIDED, said.date()]


def test_while_a_report_waits_for_us_nothing_more_is_asked(database, acme):
    del acme
    go(database, DUE)
    changes = {Change.PEOPLE: "Viktor answers from now on."}
    say(database, every(database)[0].id, DUE, changes=changes)
    go(database, DUE + timedelta(days=400))
    assert len(every(database)) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"state": VendorState.ENDED},
        {"state": VendorState.OFFBOARDING},
        {"state": VendorState.DECLINED},
        {"state": VendorState.ONBOARDING, "cleared_by": None, "cleared_on": None},
        {"archived_at": DUE},
    ],
)
def test_a_vendor_nobody_uses_or_decided_about_is_never_asked(database, acme, values):
    change(database, acme, **values)
    go(database, DUE + timedelta(days=900))
    assert every(database) == []


def test_whoever_is_reviewed_anyway_is_not_asked(database, acme):
    with database.writing() as session:
        vendor = session.get_one(Vendor, acme)
        by = makers.make_staff(session, RABIA)
        open_review(session, vendor, kind="reassessment", by=by.actor, at=clock.now())
    go(database, DUE)
    assert every(database) == []


def test_the_word_of_a_vendor_that_leaves_meanwhile_is_late_for_nobody(database, acme):
    go(database, DUE)
    change(database, acme, state=VendorState.OFFBOARDING)
    for day in range(1, 30):
        go(database, DUE + timedelta(days=day), sweep.remind)
    assert letters(database, "nudge") == letters(database, "digest") == []


def test_the_vendor_is_reminded_then_its_owner_then_the_lead(database, acme):
    del acme
    for day in range(26):
        go(database, DUE + timedelta(days=day))
    assert len(letters(database, "nudge", VANIA)) == 2
    first, second = letters(database, "deadline", VANIA)
    assert "today is the last day" in first
    assert "have not heard from you" in second
    (owner,) = letters(database, "digest", PERVEZ)
    assert "Acme Cloud: its word whether anything has changed is 4 days late" in owner
    (lead,) = letters(database, "digest", LAILA)
    assert "8 days late" in lead


def test_a_reported_change_is_told_to_whoever_reviewed_last_and_late_ones_to_the_lead(
    database, acme
):
    del acme
    go(database, DUE)
    changes = {Change.INCIDENTS: "Somebody read our backups."}
    say(database, every(database)[0].id, DUE + timedelta(days=1), changes=changes)
    for day in range(1, 8):
        go(database, DUE + timedelta(days=day))
    told = letters(database, "digest", RABIA)
    assert "Vania reported a change, and the risk team is to judge it" in told[0]
    assert len(letters(database, "digest", LAILA)) == 1
    assert "backups" not in "".join(told)


def test_of_a_need_to_know_vendor_only_who_may_see_it_hears(database):
    with database.writing() as session:
        in_use(session, contact=VANIA, is_need_to_know=True)
    for day in range(30):
        go(database, DUE + timedelta(days=day))
    assert len(letters(database, "digest", PERVEZ)) > 0
    assert letters(database, "digest", LAILA) == []


def test_a_dry_run_says_who_would_be_asked(database, acme):
    del acme
    with database.reading() as session:
        (one,) = explain_now(session, DUE)
        assert (one.kind, one.email) == ("attestation", VANIA.email)
        assert one.why[0].rule.startswith("word:")
        before = DUE - timedelta(days=9)
        (planned,) = explain_day(session, DUE.date(), before)
        assert planned.subject == "Has anything changed since 2 March 2026?"
        assert explain_day(session, DUE.date() - timedelta(days=1), before) == []
    go(database, DUE)
    with database.reading() as session:
        assert explain_now(session, DUE + timedelta(minutes=5)) == []


def test_one_that_cannot_be_asked_stops_no_other(database, acme, monkeypatch):
    del acme
    with database.writing() as session:
        broken = in_use(session, name="Broken", contact=None)
        broken.cleared_by = new_id()
        broken_id = broken.id
    real = sweep.days_work.attesting.ask

    def ask(session, vendor, **days):
        if vendor.id == broken_id:
            raise RuntimeError(vendor.name)
        return real(session, vendor, **days)

    monkeypatch.setattr("reminders.attesting.ask", ask)
    go(database, DUE)
    assert len(every(database)) == 1
    monkeypatch.undo()
    assert go(database, DUE + timedelta(days=1)).attestations == 1, "nothing was claimed for it"


def test_somebody_new_is_written_to_once_they_are_there(database):
    with database.writing() as session:
        vendor_id = in_use(session).id
    go(database, DUE)
    assert letters(database, "attestation") == []
    with database.writing() as session:
        makers.make_contact(session, session.get_one(Vendor, vendor_id), VANIA)
    for day in range(1, 15):
        go(database, DUE + timedelta(days=day))
    assert len(letters(database, "deadline", VANIA)) == 1
    assert stored(database, every(database)[0].id).state is AttestationState.ASKED
