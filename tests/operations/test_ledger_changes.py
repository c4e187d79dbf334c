"""What changed, in the ledger and in the history of a vendor: as it was, as it is, in words."""

from datetime import date
from uuid import uuid4

import pytest

from accounts.commands import set_roles, set_units
from accounts.rules import Role
from audit.actions import Action
from audit.changes import LONGEST, changed, pair
from audit.commands import record
from audit.queries import first_bad_entry
from contracts.commands import add_contract, edit
from contracts.contract_facts import ContractFacts
from foundation import clock
from identity.queries import get_person
from operations.leaving_commands import see_off
from organisation.settings_commands import change_settings
from organisation.structure_commands import save_unit
from reviews.rules import Severity
from tests.makers import make_assessment, make_vendor
from tests.people import ADIL, AMNA, LAILA, PERVEZ, RABIA
from vendors.commands import VendorEdit
from vendors.commands import edit as edit_vendor
from vendors.field_commands import add_field, set_values
from vendors.field_rules import FieldKind
from vendors.group_commands import set_countries
from vendors.queries import services_of
from vendors.rules import Presence


def ledger(people, who=AMNA):
    """The page as a reader hears it: tags away, blanks as one."""
    text = people.browser(who).get("/audit-log").text
    return " ".join(text.replace("<bdi>", "").replace("</bdi>", "").split())


def left_as(vendor, **changes):
    kept = {"name": vendor.name, "owner_id": vendor.owner_id, "purpose": vendor.purpose}
    return VendorEdit(version=vendor.version, **{**kept, **changes})


def test_an_edit_of_a_vendor_says_what_was_and_what_is(people, database):
    by = people.author(PERVEZ)
    with database.writing() as session:
        vendor = make_vendor(session, by=by)
        unit = save_unit(session, None, "Cards", None, by=by.actor, at=clock.now())
        new = left_as(
            vendor,
            name="Acme <b>Clouds</b>",
            owner_id=people.id_of(LAILA),
            country="PK",
            unit_id=unit.id,
            purpose="x" * 900,
        )
        edit_vendor(session, vendor, new, by=by, at=clock.now())
        vendor_id = vendor.id
    page = ledger(people)
    assert "Name: Acme Cloud → Acme &lt;b&gt;Clouds&lt;/b&gt;" in page
    assert "Owner: Pervez Anwar → Laila Haddad" in page
    assert "Country: nothing → Pakistan" in page
    assert "Business unit: nothing → Cards" in page
    assert "x" * LONGEST not in page, "long texts are cut"
    assert "name key" not in page
    history = people.browser(AMNA).get(f"/vendors/{vendor_id}/history").text
    assert "Owner: Pervez Anwar → Laila Haddad" in history
    file = people.browser(AMNA).get("/audit-log/download").text
    assert "Country: nothing → Pakistan" in file
    with database.reading() as session:
        assert first_bad_entry(session) is None


def test_of_a_hidden_vendor_nothing_is_told_to_who_may_not_know_it(people, database):
    by = people.author(PERVEZ)
    with database.writing() as session:
        vendor = make_vendor(session, name="Quiet Harbour", by=by, is_need_to_know=True)
        new = left_as(vendor, name="Silent Harbour", is_need_to_know=True)
        edit_vendor(session, vendor, new, by=by, at=clock.now())
    for who in (ADIL, AMNA):
        page = ledger(people, who) + people.browser(who).get("/audit-log/download").text
        assert "Harbour" not in page


def test_a_contract_says_its_cost_as_one_amount_and_its_days(people, database):
    by = people.author(PERVEZ)
    with database.writing() as session:
        vendor = make_vendor(session, by=by)
        first = services_of(session, vendor.id)[0]
        facts = {"title": "Hosting", "service_ids": (first.id,), "currency": "PKR"}
        contract = add_contract(
            session, vendor, ContractFacts(**facts, value_minor=10_000_000), by=by, at=clock.now()
        )
        later = ContractFacts(**facts, value_minor=12_050_000, starts_on=date(2026, 4, 1))
        edit(session, contract, later, version=contract.version, by=by, at=clock.now())
    page = ledger(people)
    assert "Yearly cost: PKR 100,000.00 → PKR 120,500.00" in page
    assert "First day: nothing → 1 April 2026" in page
    assert "value minor" not in page


def test_settings_and_units_of_a_person_and_added_fields(people, database):
    by = people.author(ADIL)
    with database.writing() as session:
        change_settings(
            session,
            {"weekend": [5], "currency": "EUR"},
            based_on=1,
            by=by.actor,
            at=clock.now(),
        )
        unit = save_unit(session, None, "Cards", None, by=by.actor, at=clock.now())
        save_unit(
            session, unit, "Card desk", None, version=unit.version, by=by.actor, at=clock.now()
        )
        pervez = get_person(session, people.id_of(PERVEZ))
        set_roles(
            session,
            pervez,
            frozenset({Role.PROCUREMENT, Role.AUDITOR}),
            by=by,
            at=clock.now(),
        )
        set_units(session, pervez, frozenset({unit.id}), by=by, at=clock.now())
        vendor = make_vendor(session)
        field = add_field(session, "Cost centre", FieldKind.TEXT, by=by, at=clock.now())
        set_values(session, vendor, {field.id: "2026-99-99"}, by=by, at=clock.now())
    page = ledger(people)
    assert "Week-end: Saturday, Sunday → Friday" in page
    assert "Currency: PKR → EUR" in page
    assert "Name: Cards → Card desk" in page
    assert "Business unit: nothing → Card desk" in page
    assert "Role: nothing → Auditor" in page
    assert "Cost centre: nothing → 2026-99-99" in page


def test_who_has_a_thing_now_is_said_when_somebody_leaves(people, database):
    with database.writing() as session:
        make_vendor(session, by=people.author(PERVEZ))
        pervez = get_person(session, people.id_of(PERVEZ))
        see_off(session, pervez, people.id_of(RABIA), by=people.author(ADIL), at=clock.now())
    assert "Owner: Pervez Anwar → Rabia Siddiqui" in ledger(people)


def test_details_are_said_in_words_and_codes_of_others_are_no_change(people, database):
    with database.writing() as session:
        by = people.author(PERVEZ)
        vendor = make_vendor(session, by=by)
        make_assessment(session, vendor=vendor, by=by, due_on=date(2026, 3, 20))
        set_countries(session, vendor, Presence.OPERATES, ["PK"], by=by, at=clock.now())
        for detail in ({"step": "owner-60", "due_on": "2026-13-99x"}, {"step": "code", "size": 81}):
            subject = ("vendor", vendor.id)
            record(
                session,
                at=clock.now(),
                actor=by.actor,
                action=Action.REMINDER_SEND,
                subject=subject,
                detail=detail,
            )
    page = ledger(people)
    assert "Due on: 20 March 2026" in page
    assert "Added: Pakistan" in page
    assert "Size: 81 B" in page
    assert "Step: code" in page
    assert "owner-60" not in page
    assert "Contact added" in page
    assert "→ nothing" not in page.partition("Contact added")[2][:600]


def test_only_values_the_ledger_can_hold_are_kept():
    with pytest.raises(TypeError, match="bytes"):
        pair(b"secret", None)
    one = uuid4()
    assert pair({one}, (Severity.HIGH, None, True)) == [[str(one)], ["high", None, True]]
    assert changed(Severity.HIGH, {"value": "high"}) == {}
