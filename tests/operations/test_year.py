"""A year of kills: two workers of the product, and everybody hears everything, each thing once.

What arrived at the mail server is compared with what a person expects who reads the ladders and
knows nothing of the program.
"""

import re
from collections import defaultdict
from datetime import UTC, datetime, time
from email.utils import parsedate_to_datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from audit.actions import Action
from audit.models import Entry
from audit.queries import first_bad_entry
from mail.models import Letter
from mail.rules import LetterState
from reminders.models import Reminder
from reviews.attestation_models import Attestation
from tests.operations import nursery
from tests.operations.expected_year import word_of
from tests.operations.served import surroundings
from tests.operations.wild_post import Crew, Post
from tests.operations.wild_year import START, Year, zone_of

pytestmark = pytest.mark.slow

SEED = 11
LINK = re.compile(r"^  http://localhost(/\S+)", re.MULTILINE)
ASKED = re.compile(r"answers to (A-\d+)")


@pytest.fixture
def year(database, settings, tmp_path):
    chance = Random(SEED)
    post = Post(2, Random(SEED))
    doors = [f"smtp://127.0.0.1:{port}" for port in post.ports]
    workers = [surroundings(settings, DULY_SMTP_URL=door) for door in doors]
    hands = nursery.Hands(tmp_path / "hands", len(workers))
    hands.show(datetime.combine(START, time(1), UTC))
    with nursery.running(tmp_path / "hands", tmp_path / "workers.log") as born:
        crew = Crew(born, hands, workers, chance)
        post.kill = crew.kill
        post.open()
        try:
            yield Year(database, hands, crew, post, chance)
        finally:
            post.close()


def test_a_year_of_kills_tells_everybody_everything_once(year, tmp_path):
    year.furnish()
    year.tell()
    assert year.crew.send_home() == [0, 0]
    assert year.crew.deaths > 20, "workers did die"
    assert year.waited > 0, "there was something to send while no mail server was there"
    log = (tmp_path / "workers.log").read_text()
    assert "Traceback" not in log, log
    with year.database.reading() as session:
        check_letters(session, year.post.messages)
        check_ledger(session)
        kinds = {each.message_id: each.kind for each in session.scalars(select(Letter))}
        asked = session.scalars(select(Attestation))
        words = {f"/attestations/{each.id}": word_of(each.vendor_id) for each in asked}
    heard = defaultdict(set)
    for message in year.post.messages:
        for telling in tellings_in(message, kinds[message["Message-ID"]], words):
            heard[telling].add(message["Message-ID"])
    assert sorted(year.expected - set(heard)) == []
    assert sorted(set(heard) - year.expected) == []
    assert {len(mails) for mails in heard.values()} == {1}, "never two mails about the same"


def check_letters(session, messages):
    """Every letter arrived, a resend is the same letter, and nothing else arrived."""
    letters = session.scalars(select(Letter)).all()
    unsent = [each for each in letters if each.state is not LetterState.SENT]
    assert [(each.kind, each.to_email, each.attempts, each.last_error) for each in unsent] == []
    copies = defaultdict(list)
    for message in messages:
        said = (message["To"], message["Subject"], message.get_content())
        copies[message["Message-ID"]].append(said)
    assert set(copies) == {letter.message_id for letter in letters}
    assert all(len(set(some)) == 1 for some in copies.values())
    assert any(len(some) > 1 for some in copies.values()), "a death with a letter taken resends it"


def check_ledger(session):
    """The chain fits, and each step that was taken stands in it once."""
    assert first_bad_entry(session) is None
    steps = session.scalar(select(func.count()).select_from(Reminder))
    noted = select(func.count()).where(Entry.action == Action.REMINDER_SEND)
    assert session.scalar(noted) == steps


def tellings_in(message, kind, words):
    """Return what a mail tells, in the shape of the expected ones."""
    who = message["To"].addresses[0].addr_spec
    day = parsedate_to_datetime(message["Date"]).astimezone(ZoneInfo(zone_of(who))).date()
    text = message.get_content()
    if kind == "digest":
        return [(who, words.get(path, path), day) for path in LINK.findall(text)]
    if kind in {"nudge", "deadline"}:
        return [(who, ASKED.search(text)[1], day)]
    return []
