"""Contacts: adding, removing, and one person at several vendors."""

import pytest
from sqlalchemy import select

from foundation import clock
from identity import invitations, sessions
from identity.models import Person
from identity.rules import DoorKind, Purpose, SessionStage
from tests.people import AMNA, PERVEZ, RABIA, VANIA
from vendors.queries import contacts_of

ADDED = {"person_name": VANIA.name, "email": VANIA.email, "role": "lead", "job_title": "CISO"}


def contacts_in(database, vendor_id):
    with database.reading() as session:
        return contacts_of(session, vendor_id)


@pytest.fixture
def add(people):
    def post(vendor_id, **values):
        browser = people.browser(PERVEZ)
        return browser.post(f"/vendors/{vendor_id}/contacts", data={**ADDED, **values})

    return post


def remove(people, vendor_id, contact_id):
    address = f"/vendors/{vendor_id}/contacts/{contact_id}/leave"
    return people.browser(PERVEZ).post(address)


def test_a_contact_is_added_and_listed(people, database, stored, add):
    vendor_id = stored()
    assert add(vendor_id).status_code == 303
    (row,) = contacts_in(database, vendor_id)
    assert (row.name, row.email, row.role.value, row.job_title) == (
        "Vania Petrova",
        "vania@acme.example",
        "lead",
        "CISO",
    )
    assert "vania@acme.example" in people.browser(AMNA).get(f"/vendors/{vendor_id}/contacts").text


@pytest.mark.parametrize(
    "flaw",
    [
        {"email": "vania"},
        {"email": "vania@acme.example\nBcc: all@northwind.example"},
        {"email": ""},
        {"person_name": ""},
        {"person_name": "A\x00B"},
        {"person_name": "4111 1111 1111 1111"},
        {"role": "owner"},
        {"job_title": "x" * 201},
    ],
)
def test_a_flaw_is_said_and_nobody_is_added(database, stored, add, flaw):
    vendor_id = stored()
    answer = add(vendor_id, **flaw)
    assert answer.status_code == 422
    assert "data-error-summary" in answer.text
    assert contacts_in(database, vendor_id) == []


def test_the_same_address_twice_is_refused_however_it_is_written(database, stored, add):
    vendor_id = stored()
    add(vendor_id)
    again = add(vendor_id, email=" VANIA@Acme.Example ")
    assert again.status_code == 422
    assert "already a contact" in again.text
    assert len(contacts_in(database, vendor_id)) == 1


def test_one_person_acts_for_two_vendors_and_a_hidden_one_is_not_told(
    people, database, stored, add
):
    acme, secret = stored("Acme"), stored("Secret Counsel", is_need_to_know=True)
    add(acme)
    add(secret)
    assert contacts_in(database, acme)[0].person_id == contacts_in(database, secret)[0].person_id
    assert "Secret Counsel" in people.browser(PERVEZ).get(f"/vendors/{acme}/contacts").text
    assert "Secret Counsel" not in people.browser(RABIA).get(f"/vendors/{acme}/contacts").text


def test_removing_ends_sign_ins_at_once_and_links_with_the_last_vendor(
    people, database, stored, add
):
    acme, borealis = stored("Acme"), stored("Borealis")
    add(acme)
    add(borealis)
    (row,) = contacts_in(database, acme)
    with database.writing() as session:
        person = session.scalars(select(Person).where(Person.id == row.person_id)).one()
        _, link = invitations.invite(
            session, person, purpose=Purpose.VENDOR_ENTRY, for_id=borealis, at=clock.now()
        )
        token = sessions.start(
            session, person.id, door=DoorKind.VENDOR, stage=SessionStage.FULL, at=clock.now()
        )
    assert remove(people, acme, row.contact_id).status_code == 303
    with database.reading() as session:
        assert sessions.find(session, token, DoorKind.VENDOR, clock.now()) is None
        assert invitations.find(session, link, clock.now()) is not None
    remove(people, borealis, contacts_in(database, borealis)[0].contact_id)
    with database.reading() as session:
        assert invitations.find(session, link, clock.now()) is None


def test_a_contact_who_comes_back_is_the_same_contact(people, database, stored, add):
    vendor_id = stored()
    add(vendor_id)
    (before,) = contacts_in(database, vendor_id)
    remove(people, vendor_id, before.contact_id)
    assert contacts_in(database, vendor_id) == []
    assert remove(people, vendor_id, before.contact_id).status_code == 404
    add(vendor_id, role="member")
    (after,) = contacts_in(database, vendor_id)
    assert (after.contact_id, after.role.value) == (before.contact_id, "member")


def test_a_contact_of_another_vendor_cannot_be_removed_from_here(people, database, stored, add):
    acme, borealis = stored("Acme"), stored("Borealis")
    add(acme)
    (row,) = contacts_in(database, acme)
    assert remove(people, borealis, row.contact_id).status_code == 404
    assert len(contacts_in(database, acme)) == 1


def test_an_auditor_changes_nothing(people, stored):
    vendor_id = stored()
    assert (
        people.browser(AMNA).post(f"/vendors/{vendor_id}/contacts", data=ADDED).status_code == 403
    )


def test_one_contact_is_turned_to_first_and_duties_are_shown(people, database, stored, add):
    vendor_id = stored()
    add(vendor_id)
    add(vendor_id, person_name="Zoe Lead", email="zoe@acme.example")
    rows = {row.name: row for row in contacts_in(database, vendor_id)}
    browser = people.browser(PERVEZ)
    for name in ("Vania Petrova", "Zoe Lead"):
        address = f"/vendors/{vendor_id}/contacts/{rows[name].contact_id}"
        assert browser.get(address).status_code == 200
        body = {"version": 1, "role": "lead", "is_primary": "y", "duties": ["incidents"]}
        assert browser.post(address, data={**body, "duties": ["cooking"]}).status_code == 422
        assert browser.post(address, data=body).status_code == 303
        assert browser.post(address, data=body).status_code == 409
    first, second = contacts_in(database, vendor_id)
    assert (first.name, first.is_primary, second.is_primary) == ("Zoe Lead", True, False)
    assert "day and night" in browser.get(f"/vendors/{vendor_id}/contacts").text
    assert len(browser.statements) <= 12


def test_a_contact_who_left_is_marked_so(people, database, stored, add):
    vendor_id = stored()
    add(vendor_id)
    (row,) = contacts_in(database, vendor_id)
    browser = people.browser(PERVEZ)
    address = f"/vendors/{vendor_id}/contacts/{row.contact_id}/leave"
    assert browser.get(address).status_code == 200
    assert "still to come" in browser.post(address, data={"left_on": "2027-01-01"}).text
    assert browser.post(address, data={"left_on": "2026-02-28"}).status_code == 303
    page = browser.get(f"/vendors/{vendor_id}/contacts").text
    assert "Left the company on 28 February 2026" in page
