"""The renewals board: who must speak by when, and what is open; never a contract too many."""

from datetime import date, timedelta

import pytest

from contracts.commands import end
from foundation import clock
from reports.renewals import LATE, renewals_of
from reviews.commands import open_review
from tests import makers
from tests.contracts import stories as contracts
from tests.people import ADIL, AMNA, ASIF, LAILA, PERVEZ, RABIA
from tests.reports.dated import decide, everything_due, use
from vendors.models import Vendor

TODAY = date(2026, 3, 2)
STATEMENTS = 8
"""Two of the gate, the settings, the days, the facts with their clauses, standings, findings."""


def after(days):
    return TODAY + timedelta(days=days)


def contract(session, name, **facts):
    vendor = makers.make_vendor(session, name=name)
    return contracts.make_contract(session, vendor, **facts)


def piles(session, who, **how):
    found = renewals_of(session, who.person_id, TODAY, **{"own": False, **how})
    return {edge: [row.date.vendor for row in rows] for edge, rows in found.items() if rows}


@pytest.mark.parametrize(
    ("facts", "pile"),
    [
        ({"ends_on": after(60), "notice_days": 30}, 30),
        ({"ends_on": after(61), "notice_days": 30}, 60),
        ({"ends_on": after(91), "notice_days": 30}, 90),
        ({"ends_on": after(121), "notice_days": 30}, None),
        ({"ends_on": after(30), "notice_days": 30}, 30),
        ({"ends_on": after(29), "notice_days": 30}, LATE),
        ({"ends_on": after(-1), "notice_days": 30}, LATE),
        ({"ends_on": after(40), "notice_days": None}, 60),
        ({"ends_on": None, "notice_days": 30}, None),
        (
            {"ends_on": after(29), "notice_days": 30, "auto_renews": True, "renewal_months": 12},
            LATE,
        ),
        ({"ends_on": after(31), "notice_days": 30, "auto_renews": True, "renewal_months": 12}, 30),
        ({"ends_on": after(31), "notice_days": None, "auto_renews": True, "renewal_months": 1}, 60),
    ],
)
def test_the_pile_of_a_contract(session, authors, facts, pile):
    contract(session, "Acme", **facts)
    assert piles(session, authors[RABIA.email]) == ({} if pile is None else {pile: ["Acme"]})


def test_an_ended_contract_and_a_hidden_vendor_are_not_there(session, authors):
    contract(session, "Acme", ends_on=after(40), notice_days=30)
    ended = contract(session, "Ended", ends_on=after(40), notice_days=30)
    end(session, ended, on=TODAY, by=makers.make_staff(session), at=clock.now())
    hidden = makers.make_vendor(session, name="Secret", is_need_to_know=True)
    contracts.make_contract(session, hidden, ends_on=after(40), notice_days=30)
    assert piles(session, authors[RABIA.email]) == {30: ["Acme"]}
    assert piles(session, authors[PERVEZ.email], own=True) == {30: ["Acme", "Secret"]}
    assert piles(session, authors[RABIA.email], own=True) == {}


def test_the_page_shows_what_is_open_and_the_next_step(people, database):
    with database.writing() as session:
        everything_due(session, after(20), asks=False)
    text = people.browser(PERVEZ).get("/contracts/renewals").text
    assert "Within 30 days <small>1</small>" in text
    assert "Start reassessment" in text
    assert "High" in text
    assert "0 of " in text, "clauses"
    auditor = people.browser(AMNA).get("/contracts/renewals").text
    assert "Acme Cloud" in auditor
    assert "Start reassessment" not in auditor


def test_an_open_review_is_not_begun_twice(people, database):
    with database.writing() as session:
        vendor = everything_due(session, after(20), asks=False)
        by = makers.make_staff(session, RABIA)
        open_review(session, vendor, kind="reassessment", by=by.actor, at=clock.now())
    text = people.browser(PERVEZ).get("/contracts/renewals").text
    assert "Review open" in text
    assert "Start reassessment" not in text


@pytest.mark.parametrize("who", [PERVEZ, RABIA, LAILA, ASIF, AMNA], ids=lambda c: c.name)
def test_it_is_reached_from_the_contracts(people, who):
    browser = people.browser(who)
    assert 'href="/contracts/renewals"' in browser.get("/contracts").text
    text = browser.get("/contracts/renewals?whose=nonsense").text
    assert "No contract ends or renews itself" in text


def test_it_needs_the_right(people, client):
    assert people.browser(ADIL).get("/contracts/renewals").status_code == 403
    assert client.get("/contracts/renewals").headers["Location"].startswith("/sign-in")


def test_the_statements_do_not_grow_with_the_contracts(people, database):
    rabia = people.browser(RABIA)
    for number in range(2):
        with database.writing() as session:
            made = contract(session, f"Vendor {number}", ends_on=after(40), notice_days=30)
            vendor = session.get_one(Vendor, made.vendor_id)
            use(session, vendor, after(200))
            decide(session, vendor, after(50), makers.make_staff(session))
        rabia.get("/contracts/renewals")
        assert len(rabia.statements) == STATEMENTS, "\n".join(rabia.statements)
