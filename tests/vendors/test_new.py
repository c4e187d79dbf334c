"""The intake page: ugly input, the live tier, duplicates, and sending twice."""

import re

import pytest
from markupsafe import escape
from sqlalchemy import func, select

from tests.client import ONCE
from tests.people import AMNA, PERVEZ, RABIA
from tests.vendors.ugly import UGLY_NAMES
from vendors.intake import INTAKE, NOT_KNOWN_YET
from vendors.models import Vendor, VendorIdentifier
from vendors.queries import services_of
from vendors.tiering import Factor


def vendors_in(database):
    with database.reading() as session:
        return list(session.scalars(select(Vendor).order_by(Vendor.reference)))


@pytest.mark.parametrize(("name", "may_stay"), UGLY_NAMES)
def test_ugly_names_are_kept_and_escaped_or_refused_on_the_page(people, database, name, may_stay):
    browser = people.browser(PERVEZ)
    answer = browser.post("/vendors/new", data={"name": name})
    assert answer.status_code == (303 if may_stay else 422)
    assert len(vendors_in(database)) == int(may_stay)
    page = browser.get("/vendors").get_data(as_text=True)
    assert "<script>alert" not in page
    if may_stay:
        assert escape(" ".join(name.split())) in page
    if not may_stay:
        assert 'role="alert"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("key", "answers", "words"),
    [
        ("sees", ["nothing", "people"], "Nothing of ours"),
        ("sees", ["people", "unknown"], "Not known yet"),
        ("sees", ["nothing", "unknown"], "Nothing of ours"),
        ("enters", ["run", "not"], "They do not"),
        ("rules", ["none", "law", "sector"], "No particular rules"),
    ],
)
def test_an_answer_that_stands_alone_is_refused_beside_others(
    people, database, key, answers, words
):
    answer = people.browser(PERVEZ).post("/vendors/new", data={"name": "Acme", key: answers})
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert re.search(
        rf'id="{key}-error">.*“{words}” stands alone. Take it off, or take off the others.', text
    )
    assert f'id="{key}" data-alone=' in text
    assert vendors_in(database) == []


def test_one_that_stands_alone_is_kept_by_itself_and_others_together(people, database):
    data = {"name": "Acme", "sees": ["nothing"], "enters": ["unknown"], "rules": ["law", "sector"]}
    assert people.browser(PERVEZ).post("/vendors/new", data=data).status_code == 303


def test_a_vendor_is_registered_with_its_answers_and_tier(people, database):
    answer = people.browser(PERVEZ).post(
        "/vendors/new",
        data={
            "name": "Acme Payments",
            "website": "acme.example",
            "country": "PK",
            "purpose": "Takes card payments",
            "service_name": "Gateway",
            "sees": ["people", "cards"],
            "people": "thousands",
        },
    )
    (vendor,) = vendors_in(database)
    assert answer.status_code == 303
    assert answer.location == f"/vendors/{vendor.id}/next"
    assert (vendor.tier, vendor.is_tier_provisional) == (1, True)
    assert vendor.owner_id == people.id_of(PERVEZ)
    with database.reading() as session:
        (service,) = services_of(session, vendor.id)
    assert service.name == "Gateway"
    assert service.intake["sees"] == ["people", "cards"]
    assert (service.data_class, service.account_data, service.access) == (4, True, None)


def test_sent_twice_it_is_one_vendor(people, database):
    browser = people.browser(PERVEZ)
    once = ONCE.search(browser.get("/vendors/new").get_data(as_text=True)).group(1)
    body = {"name": "Acme", "once": once}
    first, second = (browser.post("/vendors/new", data=body) for _ in range(2))
    assert first.location == second.location
    assert len(vendors_in(database)) == 1


def test_the_page_asks_twelve_things_and_folds_the_rest_away(people):
    page = people.browser(PERVEZ).get("/vendors/new").get_data(as_text=True)
    shown, folded = page.split('action="/vendors/new"')[1].split("<details>")
    assert len(re.findall(r'class="field', shown)) == 12
    for question in INTAKE:
        assert f'name="{question.key}"' in shown
    for extra in ("number", "country", "service_name", "is_need_to_know"):
        assert f'name="{extra}"' in folded


def test_the_live_part_shows_tier_reasons_and_doubt(people):
    browser = people.browser(PERVEZ)
    answer = browser.post("/vendors/new/tier", data={"name": "Acme", "sees": "cards"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "<html" not in text
    assert "Tier 1" in text
    assert "Card account data is stored" in text
    assert "provisional" in text


def test_the_live_part_writes_nothing(people, database):
    browser = people.browser(PERVEZ)
    browser.post("/vendors/new/tier", data={"name": "Acme"})
    assert not [s for s in browser.statements if s.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert vendors_in(database) == []


def test_without_scripts_a_button_shows_the_tier_and_keeps_what_was_typed(people, database):
    answer = people.browser(PERVEZ).post(
        "/vendors/new", data={"name": "Acme", "sees": "nothing", "step": "tier"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Tier" in page.split('id="live"')[1]
    assert 'value="Acme"' in page
    assert vendors_in(database) == []


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"name": "ACME Payments (Pvt.) Ltd"}, "has the same name"),
        ({"name": "Acme Paymentz"}, "has a name that looks alike"),
        ({"name": "Аcme Payments"}, "has a name that looks alike"),
        ({"name": "Something Else", "website": "https://www.acme.example/x"}, "same website"),
    ],
)
def test_a_duplicate_stops_the_save_until_somebody_says_it_is_another(
    people, database, stored, typed, why
):
    stored("Acme Payments", website="acme.example")
    browser = people.browser(RABIA)
    answer = browser.post("/vendors/new", data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "V-0001" in page
    assert why in page
    assert re.search(r'<input[^>]*form="intake"[^>]*name="is_another"', page)
    assert len(vendors_in(database)) == 1
    assert browser.post("/vendors/new", data={**typed, "is_another": "y"}).status_code == 303
    assert len(vendors_in(database)) == 2


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": "ACME Payments Ltd"}, "restricted to others has the same name"),
        ({"name": "Other", "website": "acme.example"}, "restricted to others has the same website"),
        ({"name": "Other", "number": "1234567-8"}, "restricted to others has the same number"),
        ({"name": "Acme Paymentz"}, None),
    ],
)
def test_a_hidden_duplicate_is_never_named_but_whom_to_ask_is(
    people, database, stored, typed, told
):
    hidden_id = stored(
        "Acme Payments", website="acme.example", number="1234567-8", is_need_to_know=True
    )
    browser = people.browser(RABIA)
    browser.get("/vendors/new")
    live = browser.post("/vendors/new/tier", data=typed).text
    assert len(browser.statements) <= 6, [s[:60] for s in browser.statements]
    assert "Acme Payments</bdi>" not in live
    assert "V-0001" not in live
    assert str(hidden_id) not in live
    assert ("Ask Laila Haddad whether it is this one" in live) == bool(told)
    assert told is None or told in live
    assert browser.post("/vendors/new", data=typed).status_code == (422 if told else 303)


def test_two_companies_never_share_a_number(people, database, stored):
    stored("Acme Payments", number="PK-0042/7")
    body = {"name": "Borealis", "number": "pk 0042/7", "is_another": "y"}
    answer = people.browser(RABIA).post("/vendors/new", data=body)
    assert answer.status_code == 422
    assert "has the same number" in answer.text
    assert "merge them" in answer.text
    assert 'value="pk 0042/7"' in answer.text
    assert len(vendors_in(database)) == 1


def test_a_bank_number_is_sealed_and_a_card_number_is_refused(people, database):
    browser = people.browser(PERVEZ)
    body = {"name": "Acme", "number": "PK36 SCBL 0000 0011 2345 6702"}
    assert browser.post("/vendors/new", data=body).status_code == 303
    with database.reading() as session:
        (kept,) = session.scalars(select(VendorIdentifier)).all()
    assert (kept.kind, kept.value, kept.shown) == ("iban", None, "PK36 **** **** 6702")
    card = {"name": "Borealis", "number": "4111 1111 1111 1111"}
    assert browser.post("/vendors/new", data=card).status_code == 422


def test_all_not_known_yet_is_tier_1_and_says_so(people, database):
    browser = people.browser(PERVEZ)
    body = {"name": "Acme 🚀", **{question.key: NOT_KNOWN_YET for question in INTAKE}}
    live = browser.post("/vendors/new/tier", data=body).text
    assert live.count("Not known yet</span>") == len(Factor)
    assert "Provisional" in live
    assert len(browser.statements) <= 6, browser.statements
    assert browser.post("/vendors/new", data=body).status_code == 303
    (vendor,) = vendors_in(database)
    assert (vendor.tier, vendor.is_tier_provisional) == (1, True)


def test_the_draft_belongs_to_whoever_typed_it_and_comes_back_on_an_empty_form_only(people):
    browser = people.browser(PERVEZ)
    assert f'data-kept="intake:{people.id_of(PERVEZ)}" data-kept-fresh' in (
        browser.get("/vendors/new").text
    )
    assert "data-kept-fresh" not in browser.post("/vendors/new", data={"name": ""}).text


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Acme", "people": "everybody"},
        {"name": "Acme", "sees": ["cards", "the moon"]},
        {"name": "Acme", "country": "XX"},
        {"name": "Acme", "website": "javascript://acme.example/%0a"},
        {"name": "Acme", "purpose": "their card is 4111 1111 1111 1111"},
        {"name": ""},
        {"name": "   \u200b "},
        {"name": "A" * 300},
        {"name": "Acme", "number": "7"},
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_stored(people, database, body):
    answer = people.browser(PERVEZ).post("/vendors/new", data=body)
    assert answer.status_code == 422
    assert "data-error-summary" in answer.text
    assert vendors_in(database) == []


def test_nobody_can_set_what_the_form_does_not_ask(people, database):
    extra = {"state": "active", "tier": "4", "cleared_by": "x", "reference": "V-9", "version": "7"}
    people.browser(PERVEZ).post("/vendors/new", data={"name": "Acme", **extra})
    (vendor,) = vendors_in(database)
    assert (vendor.state.value, vendor.tier, vendor.reference) == ("onboarding", 1, "V-0001")


def test_an_auditor_adds_nothing(people, database):
    assert people.browser(AMNA).post("/vendors/new", data={"name": "Acme"}).status_code == 403
    with database.reading() as session:
        assert session.scalars(select(func.count(Vendor.id))).one() == 0
