"""Search everything: each room's things, none that somebody may not see, and J4 in three steps."""

import pytest

from foundation import clock
from reviews import finding_commands
from reviews.finding_commands import NewFinding
from reviews.rules import Severity
from tests import makers
from tests.contracts.stories import make_contract
from tests.people import ADIL, AMNA, LAILA, PERVEZ, RABIA
from tests.questionnaires.test_citation_commands import make_evidence
from tests.reviews.stories import submitted


@pytest.fixture
def find(people):
    def look(text, character=PERVEZ):
        answer = people.browser(character).get("/search", query_string={"q": text})
        return answer.location or answer.get_data(as_text=True)

    return look


def add(database, people, *names, **facts):
    with database.writing() as session:
        by = people.author(PERVEZ)
        return [makers.make_vendor(session, name=name, by=by, **facts).id for name in names]


def test_where_is_acme_takes_a_key_a_word_and_enter(database, people, find):
    acme, _ = add(database, people, "Acme Payments", "Borealis")
    page = people.browser(PERVEZ).get("/").get_data(as_text=True)
    assert 'action="/search"' in page
    assert "js/search.js" in page
    assert find("acme") == f"/vendors/{acme}"
    assert find("V-0001") == find("Acme Payments Ltd.") == f"/vendors/{acme}"


def test_a_name_that_is_meant_wins_over_longer_ones(database, people, find):
    acme, _, _ = add(database, people, "Acme", "Acme Cloud", "Acme Payments")
    assert find("acme") == f"/vendors/{acme}"
    several = find("acm")
    assert all(name in several for name in ("Acme Cloud", "Acme Payments"))


def test_a_vendor_found_by_what_it_does_is_shown_and_not_jumped_to(database, people, find):
    add(database, people, "Acme")
    assert ">Acme</bdi>" in find("hosts our web")


def test_each_room_is_searched(database, people, find):
    with database.writing() as session:
        by = makers.make_staff(session)
        vendor = makers.make_vendor(session, name="Cumulus", by=by, exposure=makers.CRITICAL)
        makers.make_contact(session, vendor)
        makers.make_version(session)
        make_contract(session, vendor, title="Gateway agreement 100%")
        make_evidence(session, vendor.id, title="Penetration test of the gateway")
    assert "vania@acme.example" in find("vania petr")
    assert "Gateway agreement" in find("agreement 100%")
    assert "Penetration test" in find("penetration")
    assert "/questionnaires/" in find("encrypted whenever")
    assert "#clause-" in find("audit")
    both = find("gateway")
    assert "Contracts</h2>" in both
    assert "Evidence</h2>" in both


def test_nothing_of_a_hidden_vendor_is_found_by_others(database, people, find):
    with database.writing() as session:
        by = people.author(PERVEZ)
        vendor = makers.make_vendor(session, name="Secretive", by=by, is_need_to_know=True)
        makers.make_contact(session, vendor)
        make_contract(session, vendor, title="Secret agreement")
        make_evidence(session, vendor.id, title="Secret certificate")
    for character in (RABIA, LAILA, AMNA, ADIL):
        for text in ("secret", "V-0001", "vania", "Secretive"):
            page = find(text, character)
            assert "Nothing found" in page, (character, text)
    assert "Secret agreement" in find("secret")


def test_rooms_somebody_may_not_read_are_left_out(database, people, find):
    with database.writing() as session:
        vendor = makers.make_vendor(session, name="Cumulus", by=people.author(PERVEZ))
        make_contract(session, vendor, title="Gateway agreement")
        make_evidence(session, vendor.id, title="Gateway certificate")
    assert "Nothing found" in find("gateway", ADIL)
    assert "Gateway agreement" in find("gateway", AMNA)


UGLY = (
    "",
    "  ",
    "a",
    "%%%",
    "___",
    '"',
    "'; --",
    "x" * 300,
    "🐙🐙🐙",
    "a\x00bc",
    "NEAR(a b)",
    "بینک",
)


@pytest.mark.parametrize("text", UGLY, ids=range(len(UGLY)))
def test_no_text_breaks_the_page(database, people, find, text):
    add(database, people, "Acme", "Borealis")
    page = find(text)
    assert "Search everything" in page
    assert "Acme</bdi>" not in page


def test_groups_are_capped(database, people, find):
    add(database, people, *(f"Bank number {n}" for n in range(12)))
    page = find("bank")
    assert page.count("Bank number") == 8
    assert 'href="/vendors?q=bank"' in page


def test_a_finding_is_found_by_its_title(database, people, find):
    with database.writing() as session:
        rabia = makers.make_staff(session, RABIA)
        review, _ = submitted(session)
        new = NewFinding(
            title="Backups are never restored", severity=Severity.HIGH, owner_id=rabia.person_id
        )
        finding_commands.raise_finding(session, review, new, by=rabia, at=clock.now())
    assert "Backups are never restored" in find("restored")
