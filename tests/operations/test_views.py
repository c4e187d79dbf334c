"""The outbox and the ledger, for those who may look."""

import csv
import io
from datetime import timedelta

import pytest

from audit.actions import Action
from audit.commands import record
from audit.queries import count_entries
from foundation import clock
from identity.models import Person
from mail import commands as mail
from mail.letters import Text
from operations.rounds import check_ledger
from reminders.queries import find_heartbeat
from reports.home_system import LEDGER, WHOLE
from tests.makers import make_vendor
from tests.people import ADIL, AMNA, PERVEZ, RABIA


@pytest.fixture
def letter(scene):
    return scene(_letter)


def _letter(database):
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


def test_the_ledger_is_narrowed_by_act_person_and_days(people):
    browser = people.browser(AMNA)
    people.browser(PERVEZ)
    text = _table(browser, "act=session.start&who=pervez")
    assert PERVEZ.name in text
    assert AMNA.name not in text
    assert "Staff member added" in _table(browser, "act=staff.add&who=Duly")
    assert "No entry fits" in browser.get("/audit-log?until=2020-01-01").text
    assert "Signed in" in _table(browser, f"since={clock.today('UTC') - timedelta(days=1)}")
    assert "No entry fits" in browser.get("/audit-log?who=%25").text
    for query in ("since=14.08.2026", "act=zzz", "who=4111111111111111", "until=9999-12-31"):
        answer = browser.get(f"/audit-log?{query}")
        assert answer.status_code == (200 if "9999" in query else 422), query
    assert "Write the date as year-month-day" in browser.get("/audit-log?since=x").text


def test_an_entry_links_to_what_the_viewer_may_open_and_folds_its_details(people, database):
    pervez = people.author(PERVEZ)
    with database.writing() as session:
        shown = make_vendor(session, by=pervez, name="Acme Payments")
        hidden = make_vendor(session, by=pervez, name="Hush", is_need_to_know=True)
        ids = (str(shown.id), str(hidden.id), hidden.reference)
        record(
            session,
            at=clock.now(),
            actor=pervez.actor,
            action=Action.VENDOR_EDIT,
            subject=("vendor", shown.id),
            detail={"fields": ["legal_name"], "token": "hunter2", "note": str(shown.id)},
        )
    text = people.browser(AMNA).get("/audit-log?who=pervez").text
    assert f'href="/vendors/{ids[0]}"' in text
    assert f"/vendors/{ids[1]}" not in text
    assert ids[2] in text
    assert "<details><summary>Details</summary>" in text
    assert "Fields: <bdi>legal name</bdi>" in text
    assert "hunter2" not in text
    adil = people.browser(ADIL).get("/audit-log").text
    assert f'href="/people/{people.id_of(PERVEZ)}"' in adil


def test_the_ledger_is_taken_away_with_no_formula_and_says_so(people, database):
    pervez = people.author(PERVEZ)
    with database.writing() as session:
        vendor = make_vendor(session, by=pervez, name="Acme Payments")
        record(
            session,
            at=clock.now(),
            actor=pervez.actor,
            action=Action.VENDOR_EDIT,
            subject=("vendor", vendor.id),
            detail={"reason": "=1+1"},
        )
        session.get_one(Person, pervez.person_id).name = "=HYPERLINK(1)"
    browser = people.browser(AMNA)
    answer = browser.get("/audit-log/download?act=vendor.edit")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 2
    assert rows[1][2:4] == ["'=HYPERLINK(1)", "Vendor changed"]
    assert rows[1][5] == "Reason: =1+1"
    assert "Ledger taken away as a file" in _table(browser, "act=ledger.export&who=amna")
    assert browser.get("/audit-log/download?since=x").status_code == 422
    assert people.browser(RABIA).get("/audit-log/download").status_code == 403


def test_the_check_says_how_many_entries_it_read(people, database):
    browser = people.browser(AMNA)
    with database.reading() as session:
        held = count_entries(session)
    assert f"{held} entries were checked." in browser.get("/audit-log/check").text


def _table(browser, query):
    return browser.get(f"/audit-log?{query}").text.partition("<tbody>")[2]
