"""Changing many vendors: what is ticked or all that match, one undo, and what is left as it is."""

import re

import pytest
from sqlalchemy import select, update

from audit.models import Entry
from foundation import clock
from tests.people import AMNA, LAILA, PERVEZ, RABIA
from vendors import search_index
from vendors.inventory_models import BulkChange, Tag, VendorTag
from vendors.models import Vendor
from vendors.rules import VendorState


@pytest.fixture
def three(stored):
    return [stored(name) for name in ("Acme", "Borealis", "Cumulus")]


@pytest.fixture
def row(database):
    def read(vendor_id):
        with database.reading() as session:
            return session.get(Vendor, vendor_id)

    return read


def change(browser, kind, value, ids, **more):
    body = {"kind": kind, "value": value, "vendor": ids, "count": len(ids), **more}
    return browser.post("/vendors/bulk", data=body)


def undo(browser, answer):
    return browser.get(browser.post(f"{answer.location}/undo").location).text


def entries(database, action="vendor.edit"):
    with database.reading() as session:
        return list(
            session.scalars(select(Entry).where(Entry.action == action).order_by(Entry.seq))
        )


def test_ticked_vendors_get_another_owner_and_back(people, database, three, row):
    browser = people.browser(PERVEZ)
    page = browser.get("/vendors/bulk", query_string={"vendor": three[:2]}).text
    assert "Change the owner of 2 vendors" in page
    laila = people.id_of(LAILA)
    answer = change(browser, "owner", str(laila), three[:2])
    assert [row(one).owner_id for one in three] == [laila, laila, people.id_of(PERVEZ)]
    assert len(entries(database)) == 2
    assert "2 vendors were changed" in browser.get(answer.location).text
    assert "taken back for 2 vendors" in undo(browser, answer)
    assert row(three[0]).owner_id == people.id_of(PERVEZ)
    with database.reading() as session:
        assert search_index.differences(session) == []


def test_what_was_changed_since_is_not_taken_back(people, database, three, row):
    browser = people.browser(PERVEZ)
    answer = change(browser, "owner", str(people.id_of(LAILA)), three)
    with database.writing() as session:
        session.get(Vendor, three[1]).owner_id = people.id_of(RABIA)
    page = undo(browser, answer)
    assert "taken back for 2 vendors" in page
    assert "changed since" in page
    assert page.count(">Borealis</bdi>") == 2
    assert row(three[1]).owner_id == people.id_of(RABIA)
    assert browser.post(f"{answer.location}/undo").status_code == 422


def test_a_tag_is_added_and_taken_off_and_each_is_undone(people, database, three):
    browser = people.browser(PERVEZ)

    def tagged():
        with database.reading() as session:
            return set(session.scalars(select(VendorTag.vendor_id)))

    added = change(browser, "add_tag", "  Card   data ", three[:2])
    assert tagged() == set(three[:2])
    again = change(browser, "add_tag", "card DATA", three)
    assert "has this tag already" in browser.get(again.location).text
    assert tagged() == set(three)
    assert "Card data" in browser.get("/vendors?tag=card data").text
    off = change(browser, "remove_tag", "Card data", three)
    assert tagged() == set()
    undo(browser, off)
    assert tagged() == set(three)
    undo(browser, added)
    assert tagged() == {three[2]}
    with database.reading() as session:
        assert session.query(Tag).count() == 1
        assert search_index.differences(session) == []


def test_only_vendors_that_are_over_are_archived(people, database, three, row):
    with database.writing() as session:
        over = update(Vendor).where(Vendor.id == three[0])
        session.execute(over.values(state=VendorState.DECLINED))
    browser = people.browser(PERVEZ)
    answer = change(browser, "archive", "", three)
    page = browser.get(answer.location).text
    assert "is still in use" in page
    assert [bool(row(one).archived_at) for one in three] == [True, False, False]
    assert "Acme</bdi>" not in browser.get("/vendors").text
    assert "Acme</bdi>" in browser.get("/vendors?archived=yes").text
    undo(browser, answer)
    assert row(three[0]).archived_at is None
    assert len(entries(database, "vendor.archive")) == 1


def test_all_that_match_is_what_the_filter_shows_and_no_hidden_vendor(
    people, database, three, stored, row
):
    secret = stored("Acme Secret", is_need_to_know=True)
    rabia = people.browser(RABIA)
    page = rabia.get("/vendors/bulk?all=yes&q=acme").text
    assert "Change the owner of 1 vendor<" in page
    assert "Secret" not in page
    body = {"kind": "owner", "value": str(people.id_of(RABIA)), "all": "yes", "q": "acme"}
    assert rabia.post("/vendors/bulk", data={**body, "count": "1"}).status_code == 303
    assert row(secret).owner_id == people.id_of(PERVEZ)
    ticked = change(rabia, "owner", str(people.id_of(RABIA)), [secret], count="0")
    assert ticked.status_code == 422


def test_a_list_that_changed_meanwhile_changes_nothing(people, three, stored, row):
    browser = people.browser(PERVEZ)
    stored("Acme Two")
    body = {"kind": "owner", "value": str(people.id_of(LAILA)), "all": "yes", "q": "acme"}
    answer = browser.post("/vendors/bulk", data={**body, "count": "1"})
    assert answer.status_code == 409
    assert "2 vendors are chosen now" in answer.text
    assert row(three[0]).owner_id == people.id_of(PERVEZ)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("owner", ""),
        ("owner", "not-an-id"),
        ("add_tag", ""),
        ("add_tag", "red, green"),
        ("add_tag", "red;green"),
        ("add_tag", "x" * 51),
        ("add_tag", "a\x00b"),
        ("add_tag", "4111 1111 1111 1111"),
        ("remove_tag", "nobody has it"),
        ("erase", ""),
    ],
)
def test_what_cannot_be_done_is_refused_with_nothing_changed(people, database, three, kind, value):
    assert change(people.browser(PERVEZ), kind, value, three).status_code == 422
    with database.reading() as session:
        assert session.query(BulkChange).count() == 0


@pytest.mark.parametrize("address", ["vendor=x", "all=yes&tier=9"])
def test_an_address_that_chooses_nothing_known_is_refused(people, address):
    assert people.browser(PERVEZ).get(f"/vendors/bulk?{address}").status_code == 422


def test_nobody_chosen_is_said(people):
    assert "No vendor is chosen" in people.browser(PERVEZ).get("/vendors/bulk").text


def test_a_vendor_merged_away_since_is_neither_changed_nor_brought_back(
    people, database, three, row
):
    browser = people.browser(PERVEZ)
    change(browser, "add_tag", "old", three)
    off = change(browser, "remove_tag", "old", three)
    with database.writing() as session:
        gone = session.get(Vendor, three[2])
        gone.merged_into_id, gone.archived_at = three[0], clock.now()
    page = undo(browser, off)
    assert "taken back for 2 vendors" in page
    laila = str(people.id_of(LAILA))
    assert change(browser, "owner", laila, three).status_code == 409
    assert change(browser, "owner", laila, three, count=2).status_code == 303
    assert row(three[2]).owner_id == people.id_of(PERVEZ)
    with database.reading() as session:
        assert set(session.scalars(select(VendorTag.vendor_id))) == set(three[:2])


def test_it_is_for_those_who_may_edit_and_undone_by_whoever_did_it(people, three, later):
    browser = people.browser(PERVEZ)
    answer = change(browser, "owner", str(people.id_of(LAILA)), three)
    assert people.browser(AMNA).get("/vendors/bulk").status_code == 403
    assert people.browser(RABIA).get(answer.location).status_code == 404
    assert re.search(r"Take it back for 3 vendors", browser.get(answer.location).text)
    with later(hours=25):
        late = people.browser(PERVEZ)
        assert "Take it back" not in late.get(answer.location).text
        assert late.post(f"{answer.location}/undo").status_code == 422
