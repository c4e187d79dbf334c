"""The ledger through the JSON API: in pages, and only what one may know."""

import re

import pytest
from sqlalchemy import select

from audit.actions import SYSTEM, Action
from audit.commands import record
from audit.models import Entry
from foundation import clock
from foundation.ids import new_id
from operations.event_scope import OF_HOUSE, OF_VENDOR
from tests.api import program_of
from tests.house.rooms import ROOT, files_of
from tests.makers import make_assessment, make_vendor, vendor_author
from tests.people import ADIL, AMNA, LAILA, PERVEZ
from tests.questionnaires.stories import hand_in

RECORDED = re.compile(r'subject ?= ?\("([a-z_]+)",|_note\([^()]*?\("([a-z_]+)", ')


@pytest.fixture
def amna(people):
    return program_of(people, AMNA)


def every(program, query=""):
    """Follow the cursors to the end."""
    found, after = [], ""
    while after is not None:
        page = program.get(f"/events?limit=7{query}" + (f"&after={after}" if after else ""))
        body = page.get_json()
        found += body["items"]
        after = body["next"]
    return found


def test_every_entry_comes_once_the_newest_first(amna, database):
    with database.writing() as session:
        for number in range(12):
            make_vendor(session, name=f"Vendor {number}")
    found = every(amna)
    numbers = [each["number"] for each in found]
    assert numbers == sorted(numbers, reverse=True)
    with database.reading() as session:
        assert set(numbers) == set(session.scalars(select(Entry.seq)))
    newest = found[0]
    assert newest["actor"] == {
        "kind": "staff",
        "id": newest["actor"]["id"],
        "name": PERVEZ.name,
    }
    added = every(amna, "&action=vendor.add")
    assert {each["action"] for each in added} == {"vendor.add"}
    assert len(added) == 12
    assert added[0]["subject"]["name"].startswith("V-")
    later = every(amna, f"&since={numbers[3]}")
    assert [each["number"] for each in later] == numbers[:3]


def test_nothing_of_a_hidden_vendor_comes_out(people, amna, database):
    with database.writing() as session:
        hidden = make_vendor(session, name="Secret Counsel", is_need_to_know=True)
        assessment = make_assessment(session, vendor=hidden)
        hand_in(session, assessment)
        names = {hidden.reference, assessment.reference, f"{hidden.id}", f"{assessment.id}"}
        vania = vendor_author(session).actor
        seen = ("web_session", new_id())
        record(session, at=clock.now(), actor=vania, action=Action.SESSION_START, subject=seen)
    for program in (amna, program_of(people, ADIL)):
        text = str(every(program))
        assert "session.start" in text
        for name in (*names, "Vania", "Secret"):
            assert name not in text, name


def test_a_kind_nobody_knows_is_shown_to_nobody(amna, database):
    with database.writing() as session:
        odd = ("mystery", new_id())
        record(session, at=clock.now(), actor=SYSTEM, action=Action.NOTE_ADD, subject=odd)
    assert "mystery" not in str(every(amna))


def test_every_kind_the_code_records_is_in_one_of_the_lists():
    found = {
        next(filter(None, match.groups()))
        for path in files_of()
        if path.relative_to(ROOT).parts[0] not in {"tests", "bench"}
        for match in RECORDED.finditer(path.read_text())
    }
    assert {"vendor", "assessment", "condition", "legal_entity"} <= found
    assert found - OF_HOUSE - OF_VENDOR.keys() == {"gate"}, "an acceptance is noted at its vendor"
    assert not OF_HOUSE & OF_VENDOR.keys()


@pytest.mark.parametrize(
    "query",
    [
        "action=vendor.sing",
        "action=",
        "since=x",
        "since=-1",
        "since=" + "9" * 30,
        f"since={2**31}",
        "limit=0",
        "who=me",
    ],
)
def test_an_address_that_asks_for_nothing_there_is_refused(amna, query):
    reply = amna.get(f"/events?{query}")
    assert (reply.status_code, reply.get_json()["where"]) == (422, query.partition("=")[0])


def test_a_damaged_cursor_begins_at_the_beginning(amna):
    first = amna.get("/events?limit=3").get_json()
    for after in ("x", "!!!", "bnVsbA", "WyJ4Il0"):
        assert amna.get(f"/events?limit=3&after={after}").get_json() == first


def test_only_who_may_read_the_ledger(people):
    for character, status in ((PERVEZ, 403), (LAILA, 403), (ADIL, 200)):
        assert program_of(people, character).get("/events").status_code == status


def test_what_a_page_costs(amna, database):
    with database.writing() as session:
        make_vendor(session)
    amna.get("/events")
    amna.get("/events?limit=200")
    assert len(amna.client.statements) == 9, amna.client.statements
