"""The buyer's side: what a vendor said between reviews, seen and judged."""

from datetime import timedelta

import pytest

from foundation import clock
from foundation.ids import new_id
from reviews.attestation_commands import declare
from reviews.attestation_models import Attestation
from reviews.attestation_rules import AttestationState, Change, Declaration
from tests import makers
from tests.people import ADIL, AMNA, LAILA, PERVEZ, RABIA, VANIA
from tests.reviews.attested import asked, stored

REASON = "The new owner is a bank we know."


def reported(database, **vendor):
    """Acme was sold, as Vania says."""
    vendor_id, attestation_id = asked(database, contact=VANIA, **vendor)
    with database.writing() as session:
        one = session.get_one(Attestation, attestation_id)
        sold = {Change.OWNERSHIP: "Sold to <i>Borealis</i>."}
        said = Declaration(name="Vania Petrova", changes=sold)
        by, today = makers.vendor_author(session), clock.now().date()
        declare(session, one, said, today=today, by=by, at=clock.now())
    return vendor_id, attestation_id


@pytest.fixture
def acme(database):
    return reported(database)


def data(database, attestation_id, **changed):
    version = stored(database, attestation_id).version
    return {"version": version, "judgement": "note", "reason": REASON, **changed}


def test_the_vendor_page_and_the_first_page_lead_to_the_change(people, database, acme):
    vendor_id, attestation_id = acme
    rabia, address = people.browser(RABIA), f"/attestations/{attestation_id}"
    assert address in rabia.get(f"/vendors/{vendor_id}").text
    assert address in rabia.get("/").text
    page = rabia.get(address).text
    assert "Sold to &lt;i&gt;Borealis&lt;/i&gt;." in page
    assert VANIA.email in page
    assert rabia.post(f"{address}/judge", data=data(database, attestation_id)).status_code == 303
    assert REASON in rabia.get(address).text
    assert address not in rabia.get("/").text


def test_a_reassessment_opens_a_review_that_the_page_leads_to(people, database, acme):
    vendor_id, attestation_id = acme
    laila, address = people.browser(LAILA), f"/attestations/{attestation_id}"
    sent = data(database, attestation_id, judgement="reassess")
    assert laila.post(f"{address}/judge", data=sent).location.endswith(f"/vendors/{vendor_id}")
    assert "Open the review R-" in laila.get(address).text


def test_procurement_and_auditors_read_it_and_do_not_judge(people, database, acme):
    _, attestation_id = acme
    for who in (PERVEZ, AMNA):
        browser = people.browser(who)
        page = browser.get(f"/attestations/{attestation_id}")
        assert page.status_code == 200
        assert "To be judged by" not in page.text
        sent = browser.post(
            f"/attestations/{attestation_id}/judge", data=data(database, attestation_id)
        )
        assert sent.status_code == 403
    assert people.browser(ADIL).get(f"/attestations/{attestation_id}").status_code == 403
    assert stored(database, attestation_id).state is AttestationState.REPORTED


@pytest.mark.parametrize(
    "changed",
    [
        {"judgement": ""},
        {"judgement": "burn"},
        {"reason": "  "},
        {"version": "x"},
        {"reason": "\x00"},
    ],
)
def test_what_is_no_judgement_is_refused(people, database, acme, changed):
    _, attestation_id = acme
    rabia = people.browser(RABIA)
    sent = data(database, attestation_id, **changed)
    assert rabia.post(f"/attestations/{attestation_id}/judge", data=sent).status_code == 422
    assert stored(database, attestation_id).state is AttestationState.REPORTED


def test_the_slower_of_two_sees_both(people, database, acme):
    _, attestation_id = acme
    address, sent = f"/attestations/{attestation_id}/judge", data(database, attestation_id)
    people.browser(LAILA).post(address, data=sent)
    slower = people.browser(RABIA).post(address, data={**sent, "reason": "I see it otherwise."})
    assert slower.status_code == 409
    assert REASON in slower.text
    assert "I see it otherwise." in slower.text


def test_of_a_need_to_know_vendor_nothing_is_seen(people, database):
    vendor_id, attestation_id = reported(database, is_need_to_know=True)
    rabia = people.browser(RABIA)
    for address in (f"/attestations/{attestation_id}", f"/attestations/{new_id()}"):
        assert rabia.get(address).status_code == 404
    sent = data(database, attestation_id)
    assert rabia.post(f"/attestations/{attestation_id}/judge", data=sent).status_code == 404
    for page in ("/", "/calendar?view=list&whose=all"):
        assert "Acme" not in rabia.get(page).text
    assert (
        f"/attestations/{attestation_id}"
        in people.browser(PERVEZ).get(f"/vendors/{vendor_id}").text
    )


def test_what_is_asked_stands_in_the_calendar_and_is_late_after_its_day(people, database, later):
    vendor_id, _ = asked(database, contact=VANIA)
    listed = "/calendar?view=list&whose=all&days=365"
    pervez = people.browser(PERVEZ)
    assert "Word on changes due from the vendor" in pervez.get(listed).text
    with later(days=20):
        pervez = people.browser(PERVEZ)
        assert "Overdue" in pervez.get(f"/vendors/{vendor_id}").text.split('id="attestations"')[1]
        assert "Asked whether anything has changed" in pervez.get("/").text


def test_a_late_word_can_be_put_off_with_a_reason(people, database, later):
    _, attestation_id = asked(database, contact=VANIA)
    until = (clock.now() + timedelta(days=10)).date().isoformat()
    sent = {"until_on": until, "reason": "Vania is away until then."}
    put = people.browser(PERVEZ).post(f"/reminders/attestation/{attestation_id}/put-off", data=sent)
    assert put.status_code == 303
