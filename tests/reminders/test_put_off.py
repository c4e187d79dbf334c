"""Putting a thing off: with a reason, until a day, and never beyond its date by accident."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from audit.models import Entry
from foundation.ids import new_id
from reminders.models import Snooze
from tests.conftest import NOW
from tests.people import LAILA, PERVEZ, RABIA
from tests.reminders import world

DUE = date(2026, 3, 16)
WHY = {"reason": "They move next week"}


@pytest.fixture
def it(database):
    with database.writing() as session:
        return world.make(session, DUE)


@pytest.fixture
def address(it):
    return f"/reminders/finding/{it.finding}"


def part(text, name):
    start = text.index(f'id="{name}"')
    return text[start : text.find("</section>", start)]


def test_it_is_silent_on_ones_own_first_page_and_seen_on_that_of_others(people, address, it):
    rabia = people.browser(RABIA)
    assert "No second factor" in part(rabia.get("/").text, "needs")
    page = rabia.get(address).text
    assert "No second factor" in page
    assert f'href="/findings/{it.finding}"' in page
    answer = rabia.post(f"{address}/put-off", data={**WHY, "until_on": "2026-03-10"})
    assert answer.status_code == 303
    home = rabia.get("/").text
    assert "No second factor" not in part(home, "needs")
    coming = part(home, "comes")
    assert "Put off until 10 March 2026" in coming or "Put off until 10 Mar 2026" in coming
    assert "They move next week" in coming
    lead = part(people.browser(LAILA).get("/").text, "needs")
    assert "No second factor" in lead, "she still has to look"
    assert f"by {RABIA.name}:" in lead


def test_it_is_told_again_when_taken_back(people, address):
    rabia = people.browser(RABIA)
    rabia.post(f"{address}/put-off", data={**WHY, "until_on": "2026-03-10"})
    assert "Tell me of it again" in rabia.get(address).text
    assert rabia.post(f"{address}/wake").status_code == 303
    assert "No second factor" in part(rabia.get("/").text, "needs")
    assert rabia.post(f"{address}/wake").status_code == 422, "there is nothing to take back"


def test_it_writes_the_ledger(people, address, database, it):
    rabia = people.browser(RABIA)
    rabia.post(f"{address}/put-off", data={**WHY, "until_on": "2026-03-10"})
    rabia.post(f"{address}/put-off", data={"reason": "Later still", "until_on": "2026-03-12"})
    rabia.post(f"{address}/wake")
    with database.reading() as session:
        chosen = select(Entry).where(Entry.subject_id == it.finding).order_by(Entry.seq)
        noted = [(one.action, one.detail) for one in session.scalars(chosen)]
    assert [action for action, _ in noted] == [
        "reminder.snooze",
        "reminder.snooze",
        "reminder.wake",
    ]
    assert noted[0][1] == {"due_on": "2026-03-16", "until_on": "2026-03-10", **WHY}


def test_beyond_its_date_only_when_that_is_said(people, address, database):
    rabia = people.browser(RABIA)
    data = {**WHY, "until_on": "2026-03-20"}
    answer = rabia.post(f"{address}/put-off", data=data)
    assert answer.status_code == 422
    assert "This is due 16 March 2026" in answer.text
    assert rabia.post(f"{address}/put-off", data={**data, "is_past_due": "y"}).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Snooze)).one().is_past_due


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"until_on": "2026-03-10"}, "Write why it can wait."),
        ({"until_on": "2026-03-10", "reason": "  \n "}, "Write why it can wait"),
        ({"until_on": "2026-03-10", "reason": "x" * 1001}, "1000"),
        ({"until_on": "2026-03-10", "reason": "a\x00b"}, "invisible control characters"),
        ({"until_on": "2026-03-10", "reason": "4111 1111 1111 1111"}, "card number"),
        ({**WHY, "until_on": ""}, "Choose the day"),
        ({**WHY, "until_on": "31.02.2026"}, "date"),
        ({**WHY, "until_on": "2026-03-02"}, "Choose a day after today."),
        ({**WHY, "until_on": "1999-01-01"}, "Choose a day after today."),
        ({**WHY, "until_on": "9999-12-31", "is_past_due": "y"}, "within a year"),
    ],
)  # fmt: skip
def test_it_refuses_bad_input(people, address, database, data, said):
    answer = people.browser(RABIA).post(f"{address}/put-off", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    with database.reading() as session:
        assert session.scalars(select(Snooze)).all() == []


def test_a_stranger_gets_404(people, database):
    with database.writing() as session:
        secret = world.make(session, DUE, name="Secret Ltd", is_need_to_know=True)
    address = f"/reminders/finding/{secret.finding}"
    rabia = people.browser(RABIA)
    assert rabia.get(address).status_code == 404
    assert rabia.post(f"{address}/put-off", data=WHY).status_code == 404
    assert rabia.post(f"{address}/wake").status_code == 404
    pervez = people.browser(PERVEZ)
    assert pervez.get(address).status_code == 200
    assert pervez.get(f"/reminders/nonsense/{secret.finding}").status_code == 404
    assert pervez.get(f"/reminders/finding/{new_id()}").status_code == 404
    assert pervez.get(f"/reminders/condition/{secret.finding}").status_code == 404


def test_it_needs_somebody_signed_in(client, address):
    assert client.get(address).status_code == 303
    assert client.post(f"{address}/put-off", data=WHY).status_code == 403


def test_every_kind_has_its_page(people, it):
    pervez = people.browser(PERVEZ)
    for kind in ("finding", "condition", "evidence", "exemption", "contract"):
        about = getattr(it, kind)
        assert pervez.get(f"/reminders/{kind}/{about}").status_code == 200


def test_what_is_settled_cannot_be_put_off(people, database, address, it):
    with database.writing() as session:
        finding = session.get_one(world.Finding, it.finding)
        finding.state, finding.closed_at = "closed", NOW + timedelta(days=1)
    assert people.browser(RABIA).get(address).status_code == 404
