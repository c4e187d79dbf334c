"""A long ledger: its page checks the newest entries, the worker all of them, and the page says so."""

import pytest
from sqlalchemy import delete, text, update

from audit.head_checks import Fault
from audit.models import Entry, Head
from foundation import clock
from operations import ledger_verdict, rounds
from operations.ledger_verdict import judge, judge_newest
from tests.operations.test_ledger_heads import HOUR, meddle, note, sign
from tests.people import AMNA


@pytest.fixture
def long(database, settings, monkeypatch):
    """A ledger of which a page checks four entries, with two heads; three entries follow."""
    monkeypatch.setattr(ledger_verdict, "MOST_NOW", 4)
    note(database, 3)
    sign(database)
    note(database, 3)
    sign(database, 1)
    note(database, 3)
    with database.reading() as session:
        return session.get(Head, 1).seq


def newest(database):
    with database.reading() as session:
        found = judge_newest(session, clock.now() + HOUR)
    return found.first_bad, [each.fault for each in found.findings]


def whole(database):
    with database.reading() as session:
        return judge(session, clock.now() + HOUR).is_whole


def test_it_walks_from_the_head_that_is_near(database, long):
    with database.reading() as session:
        found = judge_newest(session, clock.now() + HOUR)
    assert (found.entries, found.before, found.heads) == (3, long - 3, 2)
    assert found.is_whole
    assert found.newest.seq == long - 3


def test_without_a_head_near_it_walks_from_the_entry_itself(database, long):
    note(database, 4)
    with database.reading() as session:
        found = judge_newest(session, clock.now() + HOUR)
    assert (found.entries, found.before, found.is_whole) == (4, long, True)


def test_an_entry_that_was_changed_lately_is_named(database, long):
    _behind_our_back(database, update(Entry).where(Entry.seq == long - 1).values(ip="10.0.0.9"))
    assert newest(database) == (long - 1, [])


def test_entries_written_anew_with_their_chain_are_named(database, long):
    meddle(database, update(Entry).where(Entry.seq == long - 4).values(ip="10.0.0.9"))
    bad, _ = newest(database)
    assert bad == long - 2, "the first behind the head that was walked from"


def test_a_cut_end_is_named(database, long):
    meddle(database, delete(Entry).where(Entry.seq > long - 5))
    assert newest(database)[1] == [Fault.CUT]


def test_what_is_older_the_worker_names(people, database, long):
    amna = people.browser(AMNA)
    shown = amna.get("/audit-log/check").text
    assert "has not checked the whole ledger yet" in shown
    assert "4 entries were checked." in shown, "the three, and her signing in"
    assert f"{long - 3} entries stand before them" in shown
    rounds.check_ledger(database, clock.now())
    assert "All of them were checked on" in amna.get("/audit-log/check").text
    _behind_our_back(database, update(Entry).where(Entry.seq == 2).values(ip="10.0.0.9"))
    assert newest(database) == (None, [])
    assert not whole(database)
    rounds.check_ledger(database, clock.now() + 25 * HOUR)
    assert "and it did not fit" in amna.get("/audit-log/check").text


def test_it_asks_no_more_often_with_more(people, database, long):
    amna = people.browser(AMNA)
    amna.get("/audit-log/check")
    few = len(amna.statements)
    note(database, 30)
    assert "4 entries were checked." in amna.get("/audit-log/check").text
    assert len(amna.statements) - few <= 1, "the entry it walks from, when no head is near"


def _behind_our_back(database, act):
    with database.writing() as session:
        if database.is_sqlite:
            session.execute(text("DROP TRIGGER ledger_entry_no_update"))
        else:
            session.execute(text("ALTER TABLE ledger_entry DISABLE TRIGGER ALL"))
        session.execute(act)
        if not database.is_sqlite:
            session.execute(text("ALTER TABLE ledger_entry ENABLE TRIGGER ALL"))
