"""duly remind: what a day would send, to whom and why; a dry run writes nothing."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from foundation import clock
from mail.models import Letter
from operations import remind_cli
from operations.cli import main
from reminders.models import DigestDay, Reminder, SweepLease
from tests import makers
from tests.conftest import NOW
from tests.people import PERVEZ, RABIA, VANIA
from tests.reminders import world

DUE = date(2026, 3, 16)


@pytest.fixture
def told(database, monkeypatch, capsys):
    """Run the command on the test's own database and return its output."""
    monkeypatch.setattr(remind_cli, "opened", lambda: database)
    with database.writing() as session:
        world.make(session, DUE)
        makers.make_assessment(
            session, vendor=makers.make_vendor(session, name="Asked"), due_on=DUE
        )

    def run(*words):
        code = main(["remind", *words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def rows(database):
    with database.reading() as session:
        tables = (Letter, Reminder, DigestDay, SweepLease)
        return [session.scalar(select(func.count()).select_from(each)) for each in tables]


def test_a_day_is_explained_and_nothing_written(told, database):
    before = rows(database)
    code, text = told("--dry-run", "--on", "2026-03-16")
    assert code == 0
    assert f"deadline to {VANIA.name} <{VANIA.email}>" in text
    assert "rule answers: it is the last day" in text
    assert f"digest to {RABIA.name} <{RABIA.email}>" in text
    assert "rule finding: owner+0" in text
    assert "5 mails; nothing was written." in text or "4 mails; nothing was written." in text
    assert rows(database) == before


def test_machines_get_the_same(told):
    code, text = told("--dry-run", "--on", "2026-03-09", "--json")
    assert code == 0
    mails = json.loads(text)
    assert {mail["email"] for mail in mails} >= {PERVEZ.email, RABIA.email}
    (own,) = [mail for mail in mails if mail["email"] == RABIA.email]
    assert {why["rule"] for why in own["why"]} == {"finding: owner-7", "condition: owner-7"}
    assert own["why"][0]["due_on"] == "2026-03-16"


def test_what_a_day_was_said_to_send_is_what_it_sends(told, database):
    days = [NOW.date() + timedelta(days=number) for number in range(1, 20)]
    foretold = []
    for day in days:
        _, text = told("--dry-run", "--on", day.isoformat(), "--json")
        foretold += [(day, mail["kind"], mail["email"]) for mail in json.loads(text)]
    for day in days:
        with clock.fixed(NOW.replace(month=day.month, day=day.day, hour=10)):
            told()
    with database.reading() as session:
        chosen = select(Letter).where(Letter.kind.in_(("nudge", "deadline", "digest")))
        sent = [(row.created_at.date(), row.kind, row.to_email) for row in session.scalars(chosen)]
    assert sorted(foretold) == sorted(sent)
    assert len(sent) > 8


def test_without_dry_run_it_sweeps_once(told, database):
    with clock.fixed(NOW + timedelta(days=7)):
        code, text = told()
        assert code == 0
        assert "1 nudges" in text
        code, text = told("--json")
        assert json.loads(text)["nudges"] == 0
    assert rows(database)[1] > 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--dry-run", "--on", "2020-01-01"), "is over"),
        (("--on", "2026-03-16"), "--on goes with --dry-run"),
    ],
)
def test_it_refuses_what_makes_no_sense(told, words, said):
    code, text = told(*words)
    assert code == 1
    assert said in text


@pytest.mark.parametrize("typed", ["tomorrow", "2026-02-30", "16.3.2026", ""])
def test_a_bad_day_is_named(told, typed, capsys):
    with pytest.raises(SystemExit):
        told("--dry-run", "--on", typed)
    assert "no day of the calendar" in capsys.readouterr().err
