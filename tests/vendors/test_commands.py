"""Registering, editing, moving and clearing vendors, on a real database."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from audit.models import Entry
from foundation import clock
from foundation.errors import Conflict, Missing, Refused
from tests.people import LAILA, PERVEZ, RABIA
from tests.vendors.ugly import UGLY_NAMES
from vendors import commands
from vendors.commands import NewVendor, VendorEdit
from vendors.life_commands import settle_line
from vendors.models import Vendor
from vendors.offboarding import CHECKLIST, LineState
from vendors.queries import (
    default_service,
    find_vendor,
    get_service,
    get_vendor,
    services_of,
    tierings_of,
)
from vendors.rules import PciScope, VendorState
from vendors.tiering import Exposure

HARMLESS = Exposure(0, 0, 0, 0, 0, 0, 0, 0)
CARDS = Exposure(4, 1, 1, 1, 1, 1, 0, 0, account_data=True, cde=True)


@pytest.fixture
def pervez(authors):
    return authors[PERVEZ.email]


@pytest.fixture
def rabia(authors):
    return authors[RABIA.email]


@pytest.fixture
def register(session, pervez):
    def make(name="Acme Payments", **values):
        new = NewVendor(name=name, owner_id=pervez.person_id, **values)
        return commands.register(session, new, by=pervez, at=clock.now())

    return make


def edit_of(vendor, **values):
    return VendorEdit(
        **{
            "version": vendor.version,
            "name": vendor.name,
            "owner_id": vendor.owner_id,
            "is_need_to_know": vendor.is_need_to_know,
            **values,
        }
    )


@pytest.mark.parametrize(("name", "may_stay"), UGLY_NAMES)
def test_an_ugly_name_is_kept_as_it_is_or_refused_with_a_sentence(
    session, register, name, may_stay
):
    if not may_stay:
        with pytest.raises(Refused, match=r"\.$"):
            register(name)
        assert session.scalars(select(func.count(Vendor.id))).one() == 0
        return
    vendor = register(name)
    session.expire_all()
    assert session.get(Vendor, vendor.id).name == " ".join(name.split())


def test_registering_writes_vendor_service_tiering_and_ledger(session, register, pervez):
    vendor = register(website="https://www.acme.example/pay", country="PK", exposure=HARMLESS)

    service = default_service(session, vendor.id)
    assert (vendor.reference, vendor.domain_key) == ("V-0001", "acme.example")
    assert (vendor.state, vendor.tier, vendor.is_tier_provisional) == (
        VendorState.ONBOARDING,
        4,
        False,
    )
    assert (service.name, service.pci_scope, service.tier) == ("Acme Payments", PciScope.NONE, 4)
    assert len(tierings_of(session, service.id)) == 1
    session.commit()
    entries = session.scalars(
        select(Entry).where(Entry.subject_id == vendor.id).order_by(Entry.seq)
    ).all()
    assert [entry.action for entry in entries] == ["vendor.add", "vendor.exposure"]
    assert {entry.actor_id for entry in entries} == {pervez.actor.id}


def test_nothing_known_is_the_worst_case_never_low(register, session):
    vendor = register()
    assert (vendor.tier, vendor.is_tier_provisional) == (1, True)
    assert default_service(session, vendor.id).pci_scope is PciScope.SHARES_ACCOUNT_DATA


def test_references_count_up(register):
    assert [register(name).reference for name in ("Acme", "Borealis")] == ["V-0001", "V-0002"]


@pytest.mark.parametrize(
    "website", ["javascript://acme.example/%0aalert(1)", "not a host", "ftp://a.b"]
)
def test_what_is_no_web_address_is_refused(register, website):
    with pytest.raises(Refused, match=r"Write it like acme\.com"):
        register(website=website)


def test_the_vendor_has_the_most_closely_watched_tier_of_its_services(session, register, pervez):
    vendor = register(exposure=HARMLESS)
    gateway = commands.add_service(session, vendor, "Gateway", by=pervez, at=clock.now())
    assert vendor.tier == 1
    commands.set_exposure(session, gateway, CARDS, {}, by=pervez, at=clock.now())
    assert (vendor.tier, vendor.is_tier_provisional) == (1, False)
    commands.set_exposure(session, gateway, HARMLESS, {}, by=pervez, at=clock.now())
    assert vendor.tier == 4
    assert len(tierings_of(session, gateway.id)) == 3


def test_two_services_of_one_name_are_refused(session, register, pervez):
    vendor = register(service_name="Gateway")
    with pytest.raises(Refused, match="already has a service called GATEWAY"):
        commands.add_service(session, vendor, " GATEWAY ", by=pervez, at=clock.now())


def test_a_service_of_another_vendor_is_not_there(session, register):
    acme, borealis = register("Acme"), register("Borealis")
    theirs = services_of(session, borealis.id)[0]
    with pytest.raises(Missing):
        get_service(session, acme.id, theirs.id)


def test_an_edit_on_an_old_version_is_refused_and_shows_theirs(session, register, rabia):
    vendor = register()
    first, second = edit_of(vendor, name="Acme One"), edit_of(vendor, name="Acme Two")
    commands.edit(session, vendor, first, by=rabia, at=clock.now())
    with pytest.raises(Conflict) as caught:
        commands.edit(session, vendor, second, by=rabia, at=clock.now())
    assert caught.value.theirs.name == "Acme One"
    assert vendor.name == "Acme One"


def test_renaming_moves_the_key_duplicates_are_found_by(session, register, rabia):
    vendor = register()
    commands.edit(session, vendor, edit_of(vendor, name="Borealis"), by=rabia, at=clock.now())
    assert vendor.name_key == "borealis"


def test_a_vendor_nobody_cleared_does_not_become_active(session, register, pervez):
    vendor = register()
    with pytest.raises(Refused, match="Finish the due diligence"):
        commands.move(session, vendor, VendorState.ACTIVE, by=pervez, at=clock.now())
    vendor.state = VendorState.ACTIVE
    with pytest.raises(IntegrityError, match="active_is_cleared"):
        session.flush()


def test_a_cleared_vendor_becomes_active_and_loses_its_clearance_when_it_ends(
    session, register, pervez
):
    vendor, review_id = register(), uuid4()
    commands.clear(
        session,
        vendor,
        review_id=review_id,
        on=date(2026, 3, 2),
        next_review_on=date(2027, 3, 2),
        by=pervez,
        at=clock.now(),
    )
    for target in (
        VendorState.ACTIVE,
        VendorState.OFFBOARDING,
        VendorState.ENDED,
        VendorState.ONBOARDING,
    ):
        if target is VendorState.ENDED:
            for line in CHECKLIST:
                settled = {"note": "Nothing there", "evidence_id": None, "by": pervez}
                settle_line(
                    session, vendor, line.code, LineState.NOT_NEEDED, at=clock.now(), **settled
                )
        commands.move(session, vendor, target, by=pervez, at=clock.now(), reason="It is so")
    assert (vendor.cleared_by, vendor.cleared_on, vendor.next_review_on) == (None, None, None)
    with pytest.raises(Refused, match="Finish the due diligence"):
        commands.move(session, vendor, VendorState.ACTIVE, by=pervez, at=clock.now())


def test_a_hidden_vendor_is_there_for_its_owner_only(session, register, pervez, rabia):
    vendor = register(is_need_to_know=True)
    assert find_vendor(session, pervez.person_id, vendor.id) is vendor
    assert find_vendor(session, rabia.person_id, vendor.id) is None
    with pytest.raises(Missing):
        get_vendor(session, rabia.person_id, vendor.id)


def test_whoever_hides_a_vendor_keeps_seeing_it_but_an_old_owner_does_not(
    session, register, authors, pervez, rabia
):
    vendor = register()
    hidden = edit_of(vendor, is_need_to_know=True)
    commands.edit(session, vendor, hidden, by=rabia, at=clock.now())
    assert find_vendor(session, rabia.person_id, vendor.id) is vendor
    handed_on = edit_of(vendor, owner_id=authors[LAILA.email].person_id)
    commands.edit(session, vendor, handed_on, by=pervez, at=clock.now())
    assert find_vendor(session, pervez.person_id, vendor.id) is None
