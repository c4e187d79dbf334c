"""Leaving a vendor: the checklist, the end that shuts the portal, and coming back with a reason."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from evidence.queries import evidence_of
from foundation import clock
from identity import sessions
from identity.rules import DoorKind, SessionStage
from tests.evidence.stories import on_record
from tests.makers import make_contact, make_vendor
from tests.people import AMNA, LAILA, PERVEZ
from vendors import commands
from vendors.life_queries import settled_lines
from vendors.models import Contact, Vendor
from vendors.offboarding import CHECKLIST


@pytest.fixture
def leaving(people, database):
    """A vendor we are leaving, with Vania signed in at its portal."""
    by, at = people.author(PERVEZ), clock.now()
    with database.writing() as session:
        vendor = make_vendor(session, by=by)
        contact = make_contact(session, vendor, by=by)
        commands.clear(
            session,
            vendor,
            review_id=uuid4(),
            on=date(2026, 3, 2),
            next_review_on=None,
            by=by,
            at=at,
        )
        commands.move(session, vendor, commands.VendorState.ACTIVE, by=by, at=at)
        commands.move(session, vendor, commands.VendorState.OFFBOARDING, by=by, at=at)
        token = sessions.start(
            session,
            contact.person_id,
            door=DoorKind.VENDOR,
            stage=SessionStage.FULL,
            at=at,
        )
        return vendor.id, token


@pytest.fixture
def settle(people):
    def post(vendor_id, code, state="not_needed", note="They held nothing", evidence_id=""):
        address = f"/vendors/{vendor_id}/offboarding/{code}"
        body = {f"{code}-state": state, f"{code}-note": note, f"{code}-evidence_id": evidence_id}
        return people.browser(PERVEZ).post(address, data=body)

    return post


def state_of(database, vendor_id):
    with database.reading() as session:
        return session.get(Vendor, vendor_id).state.value


def test_the_end_waits_for_every_line_and_shuts_the_portal(people, database, leaving, settle):
    vendor_id, token = leaving
    browser = people.browser(PERVEZ)
    address = f"/vendors/{vendor_id}/move"
    assert settle(vendor_id, "access", "done", "Ticket 4711").status_code == 303
    refused = browser.post(address, data={"state": "ended", "reason": "Cheaper elsewhere"})
    assert refused.status_code == 422
    assert "Our data is returned or destroyed; " in refused.text
    assert "Cheaper elsewhere" in refused.text
    for line in CHECKLIST[1:]:
        assert settle(vendor_id, line.code).status_code == 303
    assert browser.post(address, data={"state": "ended"}).status_code == 303
    assert state_of(database, vendor_id) == "ended"
    with database.reading() as session:
        assert sessions.find(session, token, DoorKind.VENDOR, clock.now()) is None
        assert session.scalars(select(Contact.removed_at)).one() is not None
    shown = people.browser(AMNA).get(f"/vendors/{vendor_id}/life").text
    assert "Ticket 4711" in shown
    assert "Pervez Anwar" in shown
    assert "Settle this line" not in shown


def test_coming_back_needs_a_reason_and_the_next_leaving_starts_anew(
    people, database, leaving, settle
):
    vendor_id, _ = leaving
    browser = people.browser(PERVEZ)
    address = f"/vendors/{vendor_id}/move"
    settle(vendor_id, "access")
    bare = browser.post(address, data={"state": "active"})
    assert bare.status_code == 422
    assert "Write why" in bare.text
    assert browser.post(address, data={"state": "active", "reason": "Price cut"}).status_code == 303
    browser.post(address, data={"state": "offboarding"})
    with database.reading() as session:
        assert settled_lines(session, vendor_id) == {}
    assert "Price cut" in browser.get(f"/vendors/{vendor_id}/history").text


@pytest.mark.parametrize(
    ("code", "values", "sentence"),
    [
        ("access", {"note": " "}, "why this line does not apply"),
        ("access", {"state": "maybe"}, "Not a valid choice"),
        ("data", {"state": "done"}, "Choose the certificate"),
        ("data", {"state": "done", "evidence_id": str(uuid4())}, "Not a valid choice"),
        ("keys", {"note": "4111 1111 1111 1111"}, "card number"),
    ],
)
def test_a_line_that_proves_nothing_is_said(database, leaving, settle, code, values, sentence):
    vendor_id, _ = leaving
    answer = settle(vendor_id, code, **values)
    assert answer.status_code == 422
    assert sentence in answer.text
    with database.reading() as session:
        assert settled_lines(session, vendor_id) == {}


def test_data_is_destroyed_with_the_certificate_named(people, database, leaving, settle):
    vendor_id, _ = leaving
    row = on_record(
        database, vendor_id, people.author(PERVEZ), b"We wiped it.\n", title="Certificate"
    )
    assert settle(vendor_id, "data", "done", "", str(row.id)).status_code == 303
    browser = people.browser(AMNA)
    assert "Certificate: E-0001 Certificate" in browser.get(f"/vendors/{vendor_id}/life").text
    assert len(browser.statements) <= 12


def test_a_line_is_opened_again_and_one_of_no_list_is_not_there(database, leaving, settle, people):
    vendor_id, _ = leaving
    settle(vendor_id, "payment")
    browser = people.browser(PERVEZ)
    assert browser.post(f"/vendors/{vendor_id}/offboarding/payment/reopen").status_code == 303
    assert settle(vendor_id, "party").status_code == 404
    with database.reading() as session:
        assert settled_lines(session, vendor_id) == {}
        assert evidence_of(session, vendor_id) == []


def test_the_checklist_is_closed_while_nobody_leaves(people, database, settle):
    with database.writing() as session:
        vendor_id = make_vendor(session, by=people.author(PERVEZ)).id
    assert settle(vendor_id, "access").status_code == 422
    browser = people.browser(PERVEZ)
    assert "change it to Offboarding" in browser.get(f"/vendors/{vendor_id}/life").text
    assert len(browser.statements) <= 12


def test_a_hidden_vendor_has_no_life_for_strangers(people, database):
    with database.writing() as session:
        by = people.author(PERVEZ)
        vendor_id = make_vendor(session, by=by, is_need_to_know=True).id
    laila = people.browser(LAILA)
    for path in ("life", "history", "history.csv"):
        assert laila.get(f"/vendors/{vendor_id}/{path}").status_code == 404
    for path in ("move", "offboarding/access", "offboarding/access/reopen"):
        assert laila.post(f"/vendors/{vendor_id}/{path}").status_code == 404
        amna = people.browser(AMNA).post(f"/vendors/{vendor_id}/{path}")
        assert amna.status_code == 403
