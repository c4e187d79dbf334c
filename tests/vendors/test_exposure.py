"""The exposure page: answers of a service, the whole sum, services, overrides."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from foundation import clock
from tests.people import AMNA, ASIF, LAILA, PERVEZ, RABIA
from vendors.arithmetic import lines_of
from vendors.models import Vendor
from vendors.queries import services_of
from vendors.tiering import Exposure, tier_for


def vendor_in(database, vendor_id):
    with database.reading() as session:
        return session.scalars(select(Vendor).where(Vendor.id == vendor_id)).one()


def services_in(database, vendor_id):
    with database.reading() as session:
        return services_of(session, vendor_id)


@pytest.mark.parametrize(
    "exposure", [Exposure(), Exposure(3, 1, 2, None, 4, 0, 1, 2), Exposure(0, 0, 0, 0, 0, 0, 0, 0)]
)
def test_the_lines_add_up_to_the_score(exposure):
    assert round(float(sum(line.points for line in lines_of(exposure))), 1) == pytest.approx(
        tier_for(exposure).score, abs=0.05
    )


def test_new_answers_make_a_new_tier_and_the_page_shows_the_sum(people, database, stored):
    vendor_id = stored()
    (service,) = services_in(database, vendor_id)
    browser = people.browser(RABIA)
    answer = browser.post(
        f"/vendors/{vendor_id}/exposure",
        data={
            "service": service.id,
            "version": service.version,
            "sees": "cards",
            "people": "many",
            "cards": "through",
        },
    )
    assert answer.status_code == 303
    assert vendor_in(database, vendor_id).tier == 1
    page = browser.get(answer.location).text
    assert "Card account data is stored, processed or passed on" in page
    assert "How the points come about" in page
    assert "Not known yet" in page
    assert re.search(r'<input checked[^>]*value="through"', page)


def test_answers_on_an_old_version_are_refused(people, database, stored):
    vendor_id = stored()
    (service,) = services_in(database, vendor_id)
    body = {"service": service.id, "version": service.version - 1, "sees": "nothing"}
    browser = people.browser(RABIA)
    answer = browser.post(f"/vendors/{vendor_id}/exposure", data=body)
    assert answer.status_code == 409
    assert "compare and save again" in answer.text
    assert f'name="version" type="hidden" value="{service.version}"' in answer.text


def test_a_service_of_another_vendor_is_404(people, database, stored):
    acme, borealis = stored("Acme"), stored("Borealis")
    (theirs,) = services_in(database, borealis)
    browser = people.browser(RABIA)
    assert browser.get(f"/vendors/{acme}/exposure?service={theirs.id}").status_code == 404
    assert browser.get(f"/vendors/{acme}/exposure?service=7").status_code == 404


def test_another_service_starts_as_the_worst_case(people, database, stored):
    vendor_id = stored()
    assert vendor_in(database, vendor_id).tier == 4
    people.browser(PERVEZ).post(f"/vendors/{vendor_id}/services", data={"service_name": "Gateway"})
    assert [service.tier for service in services_in(database, vendor_id)] == [4, 1]
    assert vendor_in(database, vendor_id).tier == 1


def test_only_a_lead_sets_a_lower_tier(people, database, stored):
    vendor_id = stored(exposure=Exposure())
    (service,) = services_in(database, vendor_id)
    address = f"/vendors/{vendor_id}/services/{service.id}/override"
    body = {
        "tier": "3",
        "approver_id": str(people.id_of(ASIF)),
        "reason": "They only visit on site.",
        "ends_on": (clock.today() + timedelta(days=30)).isoformat(),
    }
    for character in (PERVEZ, RABIA, AMNA):
        assert people.browser(character).post(address, data=body).status_code == 403
    laila = people.browser(LAILA)
    assert laila.post(address, data={**body, "reason": ""}).status_code == 422
    late = (clock.today() + timedelta(days=400)).isoformat()
    refused = laila.post(address, data={**body, "ends_on": late})
    assert refused.status_code == 422
    assert "twelve months at most" in refused.text
    assert vendor_in(database, vendor_id).tier == 1
    assert laila.post(address, data=body).status_code == 303
    assert vendor_in(database, vendor_id).tier == 3
    page = laila.get(f"/vendors/{vendor_id}/exposure").text
    assert "Approved by Asif Mahmood" in page
    here = f"/vendors/{vendor_id}"
    for shown in (f"{here}/exposure", here, f"{here}/next", f"{here}/send", "/vendors"):
        assert "set by hand, computed: 1" in laila.get(shown).text, shown
    assert laila.post(f"{address}/end").status_code == 303
    assert vendor_in(database, vendor_id).tier == 1


def test_an_auditor_reads_the_page_without_forms(people, stored):
    page = people.browser(AMNA).get(f"/vendors/{stored()}/exposure").text
    assert "How the points come about" in page
    assert "Save the answers" not in page
