"""Editing a vendor: two at once, states, and who may see a hidden one."""

import pytest
from sqlalchemy import select

from tests.people import AMNA, LAILA, PERVEZ, RABIA
from vendors.models import Vendor


def vendor_in(database, vendor_id):
    with database.reading() as session:
        return session.scalars(select(Vendor).where(Vendor.id == vendor_id)).one()


@pytest.fixture
def body_of(database):
    def make(vendor_id, **values):
        vendor = vendor_in(database, vendor_id)
        return {
            "version": vendor.version,
            "name": vendor.name,
            "owner_id": vendor.owner_id,
            **values,
        }

    return make


def test_facts_are_stored(people, database, stored, body_of):
    vendor_id = stored()
    body = body_of(vendor_id, name="Acme Pay", country="PK", category="Payment")
    browser = people.browser(RABIA)
    assert "Acme Payments" in browser.get(f"/vendors/{vendor_id}/edit").text
    assert browser.post(f"/vendors/{vendor_id}/edit", data=body).status_code == 303
    vendor = vendor_in(database, vendor_id)
    assert (vendor.name, vendor.country, vendor.category) == ("Acme Pay", "PK", "Payment")


def test_two_editors_see_both_texts_and_the_second_can_save_after_looking(
    people, database, stored, body_of
):
    vendor_id = stored()
    first, second = body_of(vendor_id, name="Acme One"), body_of(vendor_id, name="Acme Two")
    address = f"/vendors/{vendor_id}/edit"
    people.browser(PERVEZ).post(address, data=first)
    rabia = people.browser(RABIA)
    answer = rabia.post(address, data=second)
    assert answer.status_code == 409
    assert "Acme One" in answer.text
    assert "Acme Two" in answer.text
    assert vendor_in(database, vendor_id).name == "Acme One"
    version = vendor_in(database, vendor_id).version
    assert f'name="version" type="hidden" value="{version}"' in answer.text
    assert rabia.post(address, data={**second, "version": version}).status_code == 303


@pytest.mark.parametrize(
    "flaw",
    [
        {"name": ""},
        {"name": "\u200b"},
        {"owner_id": "00000000-0000-0000-0000-000000000000"},
        {"owner_id": "x"},
        {"unit_id": "x"},
        {"version": "one"},
        {"website": "data://x.y"},
        {"category": "4111111111111111"},
    ],
)
def test_a_flaw_is_said_and_nothing_changes(people, database, stored, body_of, flaw):
    vendor_id = stored()
    body = {**body_of(vendor_id), **flaw}
    assert people.browser(RABIA).post(f"/vendors/{vendor_id}/edit", data=body).status_code == 422
    assert vendor_in(database, vendor_id).version == body_of(vendor_id)["version"]


def test_declining_works_and_activating_an_uncleared_vendor_does_not(people, database, stored):
    vendor_id = stored()
    browser = people.browser(PERVEZ)
    address = f"/vendors/{vendor_id}/move"
    refused = browser.post(address, data={"state": "active"})
    assert refused.status_code == 422
    assert "Finish the due diligence" in refused.text
    assert browser.post(address, data={"state": "sold"}).status_code == 422
    assert browser.post(address, data={"state": "declined"}).status_code == 303
    assert vendor_in(database, vendor_id).state.value == "declined"
    assert people.browser(AMNA).post(address, data={"state": "onboarding"}).status_code == 403


def test_every_page_of_a_hidden_vendor_is_404_until_sight_is_given(people, database, stored):
    vendor_id = stored(is_need_to_know=True)
    pages = ("edit", "exposure", "contacts", "sight")
    laila, pervez = people.browser(LAILA), people.browser(PERVEZ)
    assert {laila.get(f"/vendors/{vendor_id}/{page}").status_code for page in pages} == {404}
    for post in ("edit", "move", "exposure", "contacts", "services", "sight"):
        assert laila.post(f"/vendors/{vendor_id}/{post}").status_code == 404

    given = {"person_id": people.id_of(LAILA)}
    assert pervez.post(f"/vendors/{vendor_id}/sight", data=given).status_code == 303
    assert {laila.get(f"/vendors/{vendor_id}/{page}").status_code for page in pages} == {200}
    assert "Laila Haddad" in pervez.get(f"/vendors/{vendor_id}/sight").text
    pervez.post(f"/vendors/{vendor_id}/sight/{people.id_of(LAILA)}/end")
    assert laila.get(f"/vendors/{vendor_id}/edit").status_code == 404


def test_an_owner_who_hands_a_hidden_vendor_on_is_led_to_the_list(people, stored, body_of):
    vendor_id = stored(is_need_to_know=True)
    body = body_of(vendor_id, owner_id=people.id_of(LAILA), is_need_to_know="y")
    browser = people.browser(PERVEZ)
    assert browser.post(f"/vendors/{vendor_id}/edit", data=body).location == "/vendors"
    assert browser.get(f"/vendors/{vendor_id}/edit").status_code == 404
