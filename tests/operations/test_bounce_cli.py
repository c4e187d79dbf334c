"""duly bounce: what a mail server pipes in, what it is told, and who of ours hears of it."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from audit.models import Entry
from foundation import clock
from foundation.errors import Refused
from foundation.settings import ROOT
from mail.commands import queue
from mail.letters import Text
from mail.models import Letter
from mail.rules import LetterState
from operations import bounce_cli
from operations.cli import main
from tests import makers
from tests.mail.bounces import bounce, fate
from tests.people import ADIL, AMNA, PERVEZ, VANIA


@pytest.fixture
def sent(database, people):
    """A letter to Vania about Pervez's vendor, which the mail server took."""
    with database.writing() as session:
        vendor = makers.make_vendor(session, name="Acme Cloud", by=people.author(PERVEZ))
        one = queue(
            session,
            dedupe_key="invited",
            kind="invitation",
            to=(VANIA.email, VANIA.name),
            text=Text("[Northwind] Security questions", "Hello.\n"),
            at=clock.now(),
            about_id=vendor.id,
        )
        one.state, one.sent_at, one.body_sealed = LetterState.SENT, clock.now(), None
        return one.id, one.message_id


@pytest.fixture
def hand_in(database, monkeypatch, capsys):
    monkeypatch.setattr(bounce_cli, "opened", lambda: database)

    def run(content):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=BytesIO(content)))
        code = main(["bounce"])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def entries(database):
    with database.reading() as session:
        found = session.scalars(select(Entry).where(Entry.subject_kind == "letter"))
        return [(one.action, one.subject_id, one.detail) for one in found]


def test_it_is_marked_noted_and_told(hand_in, sent, database, people):
    letter_id, message_id = sent
    assert hand_in(bounce(message_id, fate(VANIA.email))) == (
        0,
        "It came back after it was sent: 550 No user\n",
    )
    told = {"kind": "invitation", "status": "5.1.1"}
    assert entries(database) == [("letter.bounce", letter_id, told)]
    owner = people.browser(PERVEZ).get("/").text
    assert "Mail to the vendor came back" in owner
    assert "550 No user" in owner
    adil = people.browser(ADIL)
    assert "Mail could not be sent" in adil.get("/").text
    page = adil.get(f"/mail/{letter_id}").text
    assert "It came back after it was sent: 550 No user" in page
    assert "Mend the address" in page
    assert "mailbox" not in page
    assert "Send it again" not in page
    assert "Send the undelivered again" not in adil.get("/mail").text
    assert "Letter came back" in people.browser(AMNA).get("/audit-log").text


def test_an_administrator_is_not_told_of_it_for_ever(hand_in, sent, people, later):
    hand_in(bounce(sent[1], fate(VANIA.email)))
    with later(days=31):
        assert "Mail could not be sent" not in people.browser(ADIL).get("/").text


def test_the_same_bounce_again_is_taken_and_noted_once(hand_in, sent, database):
    content = bounce(sent[1], fate(VANIA.email))
    assert hand_in(content)[0] == 0
    code, said = hand_in(content)
    assert (code, "already" in said) == (0, True)
    assert len(entries(database)) == 1


def test_a_delay_is_taken_and_changes_nothing(hand_in, sent, database):
    code, said = hand_in(bounce(sent[1], fate(VANIA.email, action="delayed")))
    assert (code, said) == (0, "It is not given up yet: nothing was changed.\n")
    assert entries(database) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "No mail came in"),
        (b"From: a person\r\n\r\nHello", "This is no bounce"),
        (bounce("<letter-of-others@x>"), "no letter of ours"),
    ],
)
def test_everything_else_is_refused_for_good(hand_in, sent, database, content, said):
    code, told = hand_in(content)
    assert (code, said in told) == (65, True)
    assert told.startswith("duly bounce: ")
    assert entries(database) == []


def test_it_is_brought_again_when_it_comes_too_early_or_the_database_is_away(
    hand_in, sent, database, monkeypatch
):
    with database.writing() as session:
        letter = session.get_one(Letter, sent[0])
        letter.state, letter.sent_at = LetterState.QUEUED, None
    code, said = hand_in(bounce(sent[1], fate(VANIA.email)))
    assert (code, "later" in said) == (75, True)

    def away():
        raise OperationalError("select", {}, Exception("password=secret"))

    monkeypatch.setattr(bounce_cli, "opened", away)
    code, said = hand_in(bounce(sent[1]))
    assert (code, "secret" in said) == (75, False)

    def wrong():
        raise Refused("DULY_MAIL_FROM is no address.")

    monkeypatch.setattr(bounce_cli, "opened", wrong)
    assert hand_in(bounce(sent[1])) == (75, "duly bounce: DULY_MAIL_FROM is no address.\n")


@pytest.mark.slow
def test_endless_input_is_read_no_further_than_it_may_be(tmp_path):
    command = [sys.executable, "-m", "operations.cli", "bounce"]
    with Path("/dev/zero").open("rb") as endless:
        done = subprocess.run(
            command,
            stdin=endless,
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "DULY_DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 65
    assert "larger than any bounce" in done.stderr
