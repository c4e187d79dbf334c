"""The facts of a vendor: numbers, names, group, countries, tags and our own fields."""

import pytest
from sqlalchemy import select

from foundation import clock, vault
from foundation.idnumbers import is_lei
from tests.people import ADIL, AMNA, LAILA, PERVEZ, RABIA
from vendors import field_commands, tag_commands
from vendors.facts_queries import (
    countries_of,
    fields_of,
    identifiers_of,
    list_fields,
    list_tags,
    tags_of,
)
from vendors.field_rules import FieldKind, canonical
from vendors.models import Vendor, VendorIdentifier
from vendors.rules import Presence

IBAN = "PK36 SCBL 0000 0011 2345 6702"
LEI = "529900T8BM49AURSDO55"


@pytest.fixture
def post(people):
    def send(vendor_id, path, who=PERVEZ, **data):
        return people.browser(who).post(f"/vendors/{vendor_id}/{path}", data=data)

    return send


@pytest.mark.parametrize(
    ("number", "expected"),
    [(LEI, True), ("5299 00T8-BM49 AURSDO55", True), (LEI[:-1] + "6", False), ("", False)],
)
def test_an_lei_carries_its_check_digits(number, expected):
    assert is_lei(number) is expected


def test_a_bank_account_is_sealed_and_shown_masked(people, database, stored, post):
    vendor_id = stored()
    assert post(vendor_id, "identifiers", kind="iban", number=IBAN).status_code == 303
    with database.reading() as session:
        row = session.scalars(select(VendorIdentifier)).one()
    assert row.value is None
    assert b"SCBL" not in row.value_sealed
    opened = vault.unseal(row.value_sealed, context=f"vendor-identifier|{row.id}")
    assert opened == b"PK36SCBL0000001123456702"
    shown = people.browser(AMNA).get(f"/vendors/{vendor_id}/facts").text
    assert "PK36 **** **** 6702" in shown
    assert "SCBL" not in shown


@pytest.mark.parametrize("number", [IBAN, "35201-1234567-1"])
def test_a_secret_number_is_sealed_under_whatever_kind_it_is_typed(
    people, database, stored, post, number
):
    vendor_id = stored()
    assert post(vendor_id, "identifiers", kind="registration", number=number).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(VendorIdentifier.value)).one() is None
    assert number not in people.browser(AMNA).get(f"/vendors/{vendor_id}/facts").text


@pytest.mark.parametrize(
    ("kind", "number", "sentence"),
    [
        ("iban", "PK36SCBL0000001123456703", "not an IBAN"),
        ("lei", LEI[:-1] + "6", "check digits"),
        ("duns", "15-048-378", "nine digits"),
        ("tax", "4111 1111 1111 1111", "card number"),
        ("registration", "<script>alert(1)</script>", "Remove what does not belong"),
        ("registration", "  ", "Write the number"),
        ("passport", "AB1234567", "Not a valid choice"),
        ("registration", "AB\x0012", "control characters"),
    ],
)
def test_a_wrong_number_is_said_and_kept_in_the_form(
    database, stored, post, kind, number, sentence
):
    vendor_id = stored()
    answer = post(vendor_id, "identifiers", kind=kind, number=number)
    assert answer.status_code == 422
    assert sentence in answer.text
    with database.reading() as session:
        assert identifiers_of(session, vendor_id) == []


def test_a_number_belongs_to_one_vendor_and_a_hidden_one_is_not_named(stored, post):
    acme, secret = stored("Acme"), stored("Secret Counsel", is_need_to_know=True)
    post(secret, "identifiers", kind="duns", number="15-048-3782")
    again = post(acme, "identifiers", kind="duns", number="150483782")
    assert "Secret Counsel has this number" in again.text
    seen_by_rabia = post(acme, "identifiers", who=RABIA, kind="duns", number="150483782")
    assert seen_by_rabia.status_code == 422
    assert "Secret Counsel" not in seen_by_rabia.text
    assert "another vendor, which you may not see" in seen_by_rabia.text


def test_other_names_are_found_and_removed(people, stored, post):
    vendor_id = stored("Acme Payments")
    assert post(vendor_id, "aliases", alias="ACME payments Ltd.").status_code == 422
    assert post(vendor_id, "aliases", alias="Zahlwerk GmbH").status_code == 303
    assert "is there already" in post(vendor_id, "aliases", alias="zahlwerk").text
    browser = people.browser(PERVEZ)
    assert "Acme Payments" in browser.get("/vendors?q=zahlwerk").text
    page = browser.get(f"/vendors/{vendor_id}/facts").text
    address = page.split('action="')[
        [
            part.startswith(f"/vendors/{vendor_id}/aliases/") for part in page.split('action="')
        ].index(True)
    ].split('"')[0]
    assert browser.post(address).status_code == 303
    assert browser.post(address).status_code == 404


def test_a_parent_shows_both_ways_and_a_circle_is_refused(people, database, stored, post):
    top, middle, low = stored("Top Holding"), stored("Middle"), stored("Low")

    def tie(vendor_id, parent, **values):
        with database.reading() as session:
            version = session.get(Vendor, vendor_id).version
        return post(vendor_id, "parent", **{"version": version, "parent": parent, **values})

    assert tie(middle, "top holding inc").status_code == 303
    assert tie(low, "Middle").status_code == 303
    circle = tie(top, "Low")
    assert circle.status_code == 422
    assert "belongs to Top Holding already" in circle.text
    assert "not its own parent" in tie(top, "Top Holding").text
    assert "no vendor" in tie(top, "V-9999").text
    assert tie(low, "", version=1).status_code == 409
    browser = people.browser(AMNA)
    assert "Top Holding" in browser.get(f"/vendors/{low}/facts").text
    assert "Middle" in browser.get(f"/vendors/{top}/facts").text
    with database.reading() as session:
        assert session.get(Vendor, top).parent_id is None


def test_an_empty_line_does_not_cut_a_parent_its_reader_may_not_see(database, stored, post):
    secret, low = stored("Secret Holding", is_need_to_know=True), stored("Low")
    with database.writing() as session:
        session.get_one(Vendor, low).parent_id = secret
    with database.reading() as session:
        version = session.get(Vendor, low).version
    page = post(low, "parent", who=RABIA, version=version, parent="")
    assert page.status_code == 303
    with database.reading() as session:
        assert session.get(Vendor, low).parent_id == secret


def test_countries_are_written_by_name_and_two_editors_are_brought_together(database, stored, post):
    vendor_id = stored()
    wrong = post(vendor_id, "countries", operates="Pakistan; Atlantis", serves_from="")
    assert wrong.status_code == 422
    assert "Atlantis" in wrong.text
    post(vendor_id, "countries", operates="pakistan, DE", serves_from="USA")
    # Both opened the page then: Rabia takes Germany away, Pervez adds the Emirates.
    opened = {"operates_before": "PK, DE", "serves_from": "US", "serves_from_before": "US"}
    post(vendor_id, "countries", who=RABIA, operates="Pakistan", **opened)
    post(vendor_id, "countries", operates="Pakistan, Germany, UAE", **opened)
    with database.reading() as session:
        found = countries_of(session, vendor_id)
    assert found == {Presence.OPERATES: ["AE", "PK"], Presence.SERVES_FROM: ["US"]}


def test_tags_are_renamed_and_merged_without_losing_a_vendor(people, database, stored, post):
    acme, borealis = stored("Acme"), stored("Borealis")
    assert post(acme, "tags", tags="Cloud, hosting , cloud,,").status_code == 303
    post(borealis, "tags", tags="HOSTING")
    with database.reading() as session:
        assert tags_of(session, acme) == ["Cloud", "hosting"]
        used = {tag.name: tag for tag in list_tags(session, people.id_of(LAILA))}
    assert used["hosting"].n_vendors == 2
    laila = people.browser(LAILA)
    address = f"/vendors/tags/{used['hosting'].tag_id}/rename"
    assert people.browser(RABIA).post(address, data={"tag": "cloud"}).status_code == 403
    assert laila.post(address, data={"tag": "a,b"}).status_code == 422
    assert laila.post(address, data={"tag": "CLOUD"}).status_code == 303
    with database.reading() as session:
        assert [tags_of(session, one) for one in (acme, borealis)] == [["Cloud"], ["Cloud"]]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (FieldKind.NUMBER, "1,200.50", "1200.5"),
        (FieldKind.NUMBER, "-0", "0"),
        (FieldKind.NUMBER, "0007", "7"),
        (FieldKind.DATE, " 2026-12-18 ", "2026-12-18"),
        (FieldKind.YES_NO, "Yes", "yes"),
        (FieldKind.CHOICE, "gold", "Gold"),
        (FieldKind.TEXT, " بنك ", "بنك"),
        (FieldKind.NUMBER, "", ""),
    ],
)
def test_a_value_has_one_text_form(kind, typed, kept):
    assert canonical(kind, typed, name="It", choices=["Gold", "Silver"]) == kept


def test_fields_are_defined_filled_in_and_deleted_with_a_warning(people, database, stored, post):
    vendor_id = stored()
    adil = people.browser(ADIL)
    assert adil.get("/vendors/fields").status_code == 200
    assert people.browser(PERVEZ).get("/vendors/fields").status_code == 403
    body = {"name": "Class", "kind": "choice", "choices": "Gold"}
    assert "at least two choices" in adil.post("/vendors/fields", data=body).text
    assert adil.post("/vendors/fields", data={**body, "choices": "Gold\nTin"}).status_code == 303
    assert "already" in adil.post("/vendors/fields", data={"name": "CLASS", "kind": "text"}).text
    adil.post("/vendors/fields", data={"name": "Seats", "kind": "number"})
    with database.reading() as session:
        rows = {row.name: row for row in fields_of(session, vendor_id)}
    inputs = {name: f"f_{row.field_id.hex}" for name, row in rows.items()}
    page = people.browser(PERVEZ).get(f"/vendors/{vendor_id}/facts").text
    state = page.split('name="state" type="hidden" value="')[1].split('"')[0]
    flawed = post(
        vendor_id, "added-fields", state=state, **{inputs["Class"]: "Gold", inputs["Seats"]: "many"}
    )
    assert flawed.status_code == 422
    assert "Seats: “many” is not a number" in flawed.text
    good = {inputs["Class"]: "Gold", inputs["Seats"]: "1,000"}
    assert post(vendor_id, "added-fields", state=state, **good).status_code == 303
    assert post(vendor_id, "added-fields", state=state, **good).status_code == 409
    with database.reading() as session:
        assert {row.name: row.value for row in fields_of(session, vendor_id)} == {
            "Class": "Gold",
            "Seats": "1000",
        }
    address = f"/vendors/fields/{rows['Class'].field_id}"
    refused = adil.post(address, data={"name": "Class", "choices": "Silver\nTin"})
    assert "Vendors still have: Gold" in refused.text
    assert "1 value is deleted with it" in adil.get(address).text
    assert adil.post(f"{address}/remove").status_code == 303
    with database.reading() as session:
        assert [row.name for row in list_fields(session, people.id_of(ADIL))] == ["Seats"]


def test_what_only_a_hidden_vendor_has_is_neither_counted_nor_named(people, database, stored, post):
    secret, open_to_all = stored("Secret", is_need_to_know=True), stored("Acme")
    post(secret, "tags", tags="project falcon, cloud")
    post(open_to_all, "tags", tags="cloud")
    by, at = people.author(PERVEZ), clock.now()
    with database.writing() as session:
        field = field_commands.add_field(session, "Seats", FieldKind.NUMBER, by=by, at=at)
        vendor = session.get_one(Vendor, secret)
        field_commands.set_values(session, vendor, {field.id: "7"}, by=by, at=at)
    adil = people.browser(ADIL)
    page = adil.get("/vendors/fields").text
    assert "falcon" not in page
    assert ">cloud<" in page
    assert "0 vendors" in page
    gone = adil.post(f"/vendors/fields/{field.id}/remove")
    assert "is deleted, with what was in it" in adil.get(gone.location).text


def test_every_facts_page_is_closed_to_strangers_and_small(people, stored):
    vendor_id = stored(is_need_to_know=True)
    browser = people.browser(PERVEZ)
    assert browser.get(f"/vendors/{vendor_id}/facts").status_code == 200
    assert len(browser.statements) <= 12, browser.statements
    laila = people.browser(LAILA)
    assert laila.get(f"/vendors/{vendor_id}/facts").status_code == 404
    for path in ("identifiers", "aliases", "parent", "countries", "tags", "added-fields"):
        assert laila.post(f"/vendors/{vendor_id}/{path}").status_code == 404
        assert people.browser(AMNA).post(f"/vendors/{vendor_id}/{path}").status_code == 403


def test_a_deleted_tag_leaves_every_vendor(database, authors, stored, post):
    vendor_id = stored()
    post(vendor_id, "tags", tags="old")
    with database.writing() as session:
        tag = tag_commands.find_tag_named(session, "OLD")
        tag_commands.remove_tag(session, tag, by=authors[LAILA.email], at=clock.now())
    with database.reading() as session:
        assert tags_of(session, vendor_id) == []


def test_no_more_fields_than_fit_on_a_page(database, authors, monkeypatch):
    monkeypatch.setattr(field_commands, "MOST_FIELDS", 1)
    by, at = authors[LAILA.email], clock.now()
    with database.writing() as session:
        field_commands.add_field(session, "One", FieldKind.TEXT, by=by, at=at)
        with pytest.raises(ValueError, match="already"):
            field_commands.add_field(session, "Two", FieldKind.TEXT, by=by, at=at)
