"""The inventory page: pages, filters, sorts, what it costs, and what it hides."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from foundation import clock
from tests.people import ADIL, AMNA, LAILA, PERVEZ, RABIA
from vendors import commands
from vendors.commands import NewVendor
from vendors.list_queries import VendorFilter, list_vendors
from vendors.models import Vendor, VendorAlias
from vendors.rules import VendorState


def names(session, viewer, cursor=None, size=50, **wanted):
    page = list_vendors(session, viewer, VendorFilter(**wanted), cursor, size=size)
    return [row.name for row in page.items], page.next_cursor


@pytest.fixture
def twelve(session, authors):
    """Twelve vendors; every third has no next review."""
    pervez = authors[PERVEZ.email]
    for number in range(12):
        new = NewVendor(name=f"Vendor {number:02d}", owner_id=pervez.person_id)
        vendor = commands.register(session, new, by=pervez, at=clock.now())
        if number % 3:
            vendor.next_review_on = date(2026, 4, 1) + timedelta(days=(number * 7) % 5)
    session.flush()
    return pervez.person_id


@pytest.mark.parametrize("sort", ["name", "next_review"])
def test_pages_hold_every_vendor_once_in_order(session, twelve, sort):
    whole, rest = names(session, twelve, sort=sort)
    assert (len(whole), rest) == (12, None)
    found, cursor = names(session, twelve, sort=sort, size=5)
    while cursor:
        more, cursor = names(session, twelve, cursor, sort=sort, size=5)
        found += more
    assert found == whole
    if sort == "next_review":
        assert set(whole[-4:]) == {"Vendor 00", "Vendor 03", "Vendor 06", "Vendor 09"}


@pytest.mark.parametrize("cursor", ["", "x", "W10", "WyJhIiwgImIiXQ", "é", "AAAA" * 500])
def test_a_damaged_cursor_starts_from_the_first_page(session, twelve, cursor):
    assert names(session, twelve, cursor, size=2)[0] == ["Vendor 00", "Vendor 01"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("acme", ["Acme Payments"]),
        ("ACME pay", ["Acme Payments"]),
        ("Acme Payments Ltd.", ["Acme Payments"]),
        ("v-0001", ["Acme Payments"]),
        ("Zahlwerk", ["Acme Payments"]),
        ("100%", ["100% Clean"]),
        ("A___B", ["A___B"]),
        ("___", []),
        ("%%%", []),
        ("' OR 1=1", []),
        ("ac", ["100% Clean", "A___B", "Acme Payments"]),
    ],
)
def test_search_finds_names_aliases_and_references_and_takes_signs_as_signs(
    session, authors, text, found
):
    pervez = authors[PERVEZ.email]
    for name in ("Acme Payments", "100% Clean", "A___B"):
        new = NewVendor(name=name, owner_id=pervez.person_id)
        vendor = commands.register(session, new, by=pervez, at=clock.now())
        if name == "Acme Payments":
            session.add(VendorAlias(vendor_id=vendor.id, name="Zahlwerk", name_key="zahlwerk"))
    session.flush()
    assert sorted(names(session, pervez.person_id, text=text)[0]) == found


def test_filters_by_tier_state_and_owner(session, authors, twelve):
    laila = authors[LAILA.email].person_id
    session.execute(
        update(Vendor)
        .where(Vendor.name == "Vendor 07")
        .values(tier=3, state=VendorState.DECLINED, owner_id=laila)
    )
    for wanted in ({"tier": 3}, {"state": VendorState.DECLINED}, {"owner_id": laila}):
        assert names(session, twelve, **wanted)[0] == ["Vendor 07"]


def test_an_empty_inventory_offers_one_action(people):
    page = people.browser(PERVEZ).get("/vendors").get_data(as_text=True)
    assert "No vendors yet" in page
    assert page.count('href="/vendors/new"') == 1


def test_somebody_who_may_not_add_sees_no_button(people, stored):
    browser = people.browser(AMNA)
    assert 'href="/vendors/new"' not in browser.get("/vendors").get_data(as_text=True)
    stored()
    page = browser.get("/vendors").get_data(as_text=True)
    assert "Acme Payments" in page
    assert 'href="/vendors/new"' not in page


def test_the_page_costs_six_statements_at_most_however_long_it_is(people, stored):
    browser = people.browser(PERVEZ)
    stored("Borealis")
    browser.get("/vendors?q=borealis&tier=4&owner=me&sort=next_review")
    few = len(browser.statements)
    for number in range(55):
        stored(f"Vendor {number:02d}")
    page = browser.get("/vendors").get_data(as_text=True)
    assert len(browser.statements) == few <= 6, browser.statements
    assert page.count('<th scope="row"') == 50
    assert 'rel="next"' in page


def test_the_second_page_keeps_the_filter(people, stored):
    for number in range(52):
        stored(f"Vendor {number:02d}")
    browser = people.browser(PERVEZ)
    first = browser.get("/vendors?q=vendor&owner=me").get_data(as_text=True)
    onward = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "q=vendor" in onward
    assert "owner=me" in onward
    second = browser.get(onward).get_data(as_text=True)
    assert "Vendor 51" in second
    assert "Vendor 00" not in second


@pytest.mark.parametrize(
    "address",
    ["?tier=9", "?tier=x&state=gone&sort=password&owner=you", "?after=%00", "?_scheme=javascript"],
)
def test_what_nobody_offered_is_passed_over(people, stored, address):
    stored()
    page = people.browser(PERVEZ).get(f"/vendors{address}")
    assert page.status_code == 200
    assert "Acme Payments" in page.get_data(as_text=True)
    assert "javascript:" not in page.get_data(as_text=True)


def test_a_hidden_vendor_is_in_nobody_elses_list_or_search(people, stored):
    stored("Secret Merger Counsel", is_need_to_know=True)
    for character in (RABIA, LAILA, ADIL, AMNA):
        browser = people.browser(character)
        for address in ("/vendors", "/vendors?q=secret", "/vendors?q=V-0001"):
            assert "Secret" not in browser.get(address).get_data(as_text=True)
    assert "Secret Merger" in people.browser(PERVEZ).get("/vendors").get_data(as_text=True)
