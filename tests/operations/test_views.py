"""The outbox and the ledger, for those who may look."""

from datetime import timedelta

import pytest

from foundation import clock
from mail import commands as mail
from mail.letters import Text
from operations.rounds import check_ledger
from reminders.queries import find_heartbeat
from reports.home_system import LEDGER, WHOLE
from tests.people import ADIL, AMNA, PERVEZ, RABIA


@pytest.fixture
def letter(database):
    with database.writing() as session:
        return mail.queue(
            session,
            dedupe_key="trial:1",
            kind="trial",
            to=("vania@acme.example", "Vania Petrova"),
            text=Text("[Northwind] A trial", "Open http://localhost/p/i/secret-link now."),
            at=clock.now(),
        ).id


def test_amna_reads_every_letter(people, letter):
    browser = people.browser(AMNA)
    text = browser.get("/mail").get_data(as_text=True)
    assert "[Northwind] A trial" in text
    assert "No worker has run yet" in text
    assert "Vania Petrova" in browser.get(f"/mail/{letter}").get_data(as_text=True)


@pytest.mark.parametrize("who", [PERVEZ, RABIA], ids=lambda c: c.name)
@pytest.mark.parametrize("address", ["/mail", "/audit-log", "/audit-log/check"])
def test_it_needs_the_right(people, letter, who, address):
    del letter
    assert people.browser(who).get(address).status_code == 403


def test_a_stranger_is_sent_to_sign_in(client, letter):
    for address in ("/mail", f"/mail/{letter}", "/audit-log"):
        assert client.get(address).headers["Location"].startswith("/sign-in")


def test_only_adil_sends_again(people, letter):
    assert people.browser(AMNA).post(f"/mail/{letter}/send-again").status_code == 403
    answer = people.browser(ADIL).post(f"/mail/{letter}/send-again")
    assert answer.status_code in {303, 422}


def test_the_ledger_names_people_and_checks_out(people):
    browser = people.browser(AMNA)
    text = browser.get("/audit-log").get_data(as_text=True)
    assert "Signed in" in text
    assert AMNA.name in text
    assert "Every entry fits" in browser.get("/audit-log/check").get_data(as_text=True)


def test_the_pages_take_few_statements(people):
    browser = people.browser(AMNA)
    browser.get("/audit-log")
    assert len(browser.statements) <= 14
    browser.get("/mail")
    assert len(browser.statements) <= 8


def test_the_house_says_it_is_up(client):
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok"}


def test_the_chain_is_checked_once_a_day(database, later):
    check_ledger(database, clock.now())
    with later(hours=20):
        check_ledger(database, clock.now())
        with database.reading() as session:
            first = find_heartbeat(session, LEDGER)
            assert (first.summary, first.at) == (WHOLE, clock.now() - timedelta(hours=20))
    with later(hours=25):
        check_ledger(database, clock.now())
        with database.reading() as session:
            assert find_heartbeat(session, LEDGER).at == clock.now()
