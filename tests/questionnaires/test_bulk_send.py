"""Sending to many: each the questionnaire of its tier, and a reason for each that gets none."""

import re
from hashlib import sha256

import pytest
from sqlalchemy import select

from questionnaires.models import Assessment
from tests import makers
from tests.people import AMNA, PERVEZ, VIKTOR
from vendors.models import Vendor
from vendors.rules import VendorState


@pytest.fixture
def mixed(database, people):
    """Four vendors of which one can be sent to."""
    with database.writing() as session:
        by = people.author(PERVEZ)
        ready = makers.make_vendor(session, name="Ready", by=by)
        makers.make_contact(session, ready, by=by)
        alone = makers.make_vendor(session, name="Alone", by=by)
        gone = makers.make_vendor(session, name="Gone", by=by)
        gone.state = VendorState.ENDED
        busy = makers.make_vendor(session, name="Busy", by=by)
        makers.make_assessment(session, vendor=busy, by=by)
        session.flush()
        return {one.name: one.id for one in (ready, alone, gone, busy)}


def test_the_page_says_who_gets_what_and_who_does_not(people, mixed):
    page = (
        people.browser(PERVEZ)
        .get("/vendors/send", query_string={"vendor": list(mixed.values())})
        .text
    )
    assert "Send 1 questionnaire<" in page
    assert "vania@acme.example" in page
    for reason in ("Nobody there is known", "We no longer work with Gone", "is still under way"):
        assert reason in page


def plan_shown(browser, mixed):
    page = browser.get("/vendors/send", query_string={"vendor": list(mixed.values())}).text
    return re.search(r'name="plan" value="([0-9a-f]{64})"', page)[1]


def test_nothing_goes_to_somebody_the_page_did_not_name(people, database, mixed):
    browser = people.browser(PERVEZ)
    body = {"vendor": list(mixed.values()), "plan": plan_shown(browser, mixed)}
    with database.writing() as session:
        vendor = session.get_one(Vendor, mixed["Ready"])
        new = makers.make_contact(session, vendor, VIKTOR, by=people.author(PERVEZ))
        new.is_primary = True
    answer = browser.post("/vendors/send", data=body)
    assert answer.status_code == 409
    assert "Nothing was sent" in answer.text
    with database.reading() as session:
        assert set(session.scalars(select(Assessment.vendor_id))) == {mixed["Busy"]}


def test_what_can_be_sent_is_sent(people, database, mixed):
    browser = people.browser(PERVEZ)
    body = {"vendor": list(mixed.values()), "plan": plan_shown(browser, mixed)}
    assert browser.post("/vendors/send", data=body).status_code == 303
    with database.reading() as session:
        sent = set(session.scalars(select(Assessment.vendor_id)))
    assert sent == {mixed["Ready"], mixed["Busy"]}
    again = browser.post("/vendors/send", data=body)
    assert again.status_code == 409
    nothing = browser.post("/vendors/send", data={**body, "plan": sha256().hexdigest()})
    assert nothing.status_code == 422
    assert "Nothing can be sent" in browser.get(f"/vendors/send?vendor={mixed['Gone']}").text


def test_all_that_match_can_be_sent_to(people, mixed):
    page = people.browser(PERVEZ).get("/vendors/send?all=yes&unassessed=yes").text
    assert "Ready" in page
    assert "Busy" not in page


def test_only_those_who_may_send(people, mixed):
    assert people.browser(AMNA).get("/vendors/send?all=yes").status_code == 403
