"""Services: described, archived and brought back; the vendor's tier follows."""

import pytest

from foundation import clock
from tests.makers import CRITICAL, LOW
from tests.people import AMNA, LAILA, PERVEZ
from vendors import commands
from vendors.models import Vendor
from vendors.queries import every_service_of, get_vendor_for_system, services_of


@pytest.fixture
def two(database, authors, stored):
    """A vendor of tier 1 because of its second service."""
    vendor_id = stored("Acme", exposure=LOW)
    by, at = authors[PERVEZ.email], clock.now()
    with database.writing() as session:
        vendor = get_vendor_for_system(session, vendor_id)
        risky = commands.add_service(session, vendor, "Card vault", by=by, at=at)
        commands.set_exposure(session, risky, CRITICAL, {}, by=by, at=at)
        return vendor_id, [one.id for one in services_of(session, vendor_id)]


def tier_in(database, vendor_id):
    with database.reading() as session:
        return session.get(Vendor, vendor_id).tier


def test_the_tier_falls_with_an_archived_service_and_comes_back_with_it(people, database, two):
    vendor_id, (first, risky) = two
    browser = people.browser(PERVEZ)
    assert tier_in(database, vendor_id) == 1
    address = f"/vendors/{vendor_id}/services/{risky}"
    assert browser.post(f"{address}/archive").status_code == 303
    assert tier_in(database, vendor_id) == 4
    refused = browser.post(f"/vendors/{vendor_id}/services/{first}/archive")
    assert "only service" in refused.text
    assert browser.post(f"{address}/restore").status_code == 303
    assert tier_in(database, vendor_id) == 1


def test_archiving_the_first_service_makes_the_next_one_first(people, database, two):
    vendor_id, (first, risky) = two
    people.browser(PERVEZ).post(f"/vendors/{vendor_id}/services/{first}/archive")
    with database.reading() as session:
        found = every_service_of(session, vendor_id)
    assert [(one.id, one.is_default) for one in found] == [(risky, True), (first, False)]
    assert people.browser(AMNA).get(f"/vendors/{vendor_id}/exposure").status_code == 200
    again = people.browser(PERVEZ).post(
        f"/vendors/{vendor_id}/services", data={"service_name": "acme"}
    )
    assert "bring it back instead" in again.text


def test_a_service_is_described_and_two_editors_see_both(people, database, two):
    vendor_id, (first, _) = two
    with database.reading() as session:
        version = services_of(session, vendor_id)[0].version
    body = {"version": version, "name": "Web site", "pci_scope": "affects_security"}
    address = f"/vendors/{vendor_id}/services/{first}"
    browser = people.browser(PERVEZ)
    assert browser.get(address).status_code == 200
    assert browser.post(address, data={**body, "name": "CARD VAULT"}).status_code == 422
    assert browser.post(address, data={**body, "pci_scope": "all"}).status_code == 422
    saved = browser.post(address, data={**body, "description": "Shows our prices"})
    assert saved.status_code == 303
    late = browser.post(address, data={**body, "name": "Other", "is_ict": "y"})
    assert late.status_code == 409
    assert "Web site" in late.text
    assert browser.get(f"/vendors/{vendor_id}/services").text.count("/archive") == 2
    page = people.browser(AMNA).get(f"/vendors/{vendor_id}/services")
    assert "Shows our prices" in page.text
    assert "No ICT service" in page.text


def test_services_are_closed_to_strangers_and_small(people, stored):
    vendor_id = stored(is_need_to_know=True)
    browser = people.browser(PERVEZ)
    assert browser.get(f"/vendors/{vendor_id}/services").status_code == 200
    assert len(browser.statements) <= 12
    assert people.browser(LAILA).get(f"/vendors/{vendor_id}/services").status_code == 404
