"""Views somebody keeps of the list: a name for an address, theirs alone, and taken back at will."""

import re

import pytest
from sqlalchemy import select

from audit.models import Entry
from tests.people import AMNA, PERVEZ, RABIA
from vendors.inventory_models import SavedView


def posts_of(page, ending):
    return re.findall(rf'action="(/vendors/views/[^"]*{ending})"', page)


def keep(browser, name="Cloud, 2026", **address):
    return browser.post("/vendors/views", data={"name": name, **address})


def test_a_view_is_kept_renamed_deleted_and_taken_back(people, stored):
    stored()
    browser = people.browser(PERVEZ)
    answer = keep(browser, q="acme", owner="me", tier="4", sort="-name", after="x", evil="1")
    assert answer.location == "/vendors?q=acme&tier=4&owner=me&sort=-name"
    page = browser.get(answer.location).text
    assert 'aria-current="page">Cloud, 2026</a>' in page
    browser.post(posts_of(page, "rename")[0], data={"name": "  Ours   now "})
    page = browser.get(answer.location).text
    assert ">Ours now</a>" in page
    page = browser.get(browser.post(posts_of(page, "remove")[0]).location).text
    assert ">Ours now</a>" not in page
    assert "was deleted" in page
    browser.post(posts_of(page, "take-back")[0])
    assert ">Ours now</a>" in browser.get("/vendors").text


def test_views_of_others_are_not_there(people, stored):
    stored()
    pervez, rabia = people.browser(PERVEZ), people.browser(RABIA)
    keep(pervez, q="acme")
    assert "Cloud, 2026" not in rabia.get("/vendors").text
    remove = posts_of(pervez.get("/vendors?q=acme").text, "remove")[0]
    assert rabia.post(remove).status_code == 404
    assert keep(rabia, q="acme").status_code == 303


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x00b", "4111 1111 1111 1111"])
def test_what_is_no_name_is_refused(people, name):
    assert keep(people.browser(PERVEZ), name=name, q="acme").status_code == 422


def test_a_name_is_used_once_until_its_view_is_deleted(people, stored):
    stored()
    browser = people.browser(PERVEZ)
    keep(browser, q="acme")
    again = keep(browser, q="borealis")
    assert again.status_code == 422
    assert "already keep a view called" in again.text
    browser.post(posts_of(browser.get("/vendors?q=acme").text, "remove")[0])
    assert keep(browser, q="borealis").status_code == 303


def test_everybody_has_three_views_that_say_what_they_mean(people, stored):
    stored()
    stored("Rabias", of=RABIA)
    page = people.browser(AMNA).get("/vendors").text
    for query in ("owner=me", "review=overdue&amp;sort=next_review", "tier=1"):
        assert f'href="/vendors?{query}"' in page
    mine = people.browser(RABIA).get("/vendors?owner=me").text
    assert "Rabias" in mine
    assert "Acme Payments" not in mine


@pytest.mark.parametrize(
    "text", ["PK36SCBL0000001123456702", "sole 35201-1234567-1", "4111 1111 1111 1111"]
)
def test_a_search_for_a_secret_number_is_kept_nowhere(people, database, text):
    browser = people.browser(PERVEZ)
    answer = browser.post("/vendors/views", data={"name": "That one", "q": text})
    assert answer.status_code == 422
    browser.get("/vendors/download", query_string={"format": "csv", "q": text})
    with database.reading() as session:
        assert session.scalars(select(SavedView)).all() == []
        entry = session.scalars(select(Entry).where(Entry.action == "vendor.export")).one()
    assert "%2A%2A%2A%2A" in entry.detail["query"]
    assert text[-9:-4].strip(" -") not in entry.detail["query"].removesuffix(text[-4:])


def test_views_have_an_end(people):
    browser = people.browser(PERVEZ)
    for number in range(30):
        assert keep(browser, name=f"View {number}", q="acme").status_code == 303
    assert "30 views already" in keep(browser, name="One more", q="acme").text
