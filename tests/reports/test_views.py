"""The first page, the vendor's page and the pages of reports, in browsers of the cast."""

import re
from io import BytesIO

import pikepdf
import pytest
from sqlalchemy import select

from audit.models import Entry
from foundation import clock
from questionnaires.queries import latest_version
from reports.building import build_due
from reports.models import Report
from tests import makers
from tests.people import ADIL, AMNA, LAILA, PERVEZ, RABIA, STAFF
from tests.reviews import stories
from vendors.models import Vendor
from vendors.rules import VendorState

MOST_STATEMENTS = 24


@pytest.mark.parametrize("who", STAFF, ids=lambda who: who.name.split()[0])
def test_everybody_has_a_first_page(people, who):
    shown = people.browser(who).get("/")
    assert shown.status_code == 200
    assert "What needs you" in shown.text


def test_the_first_page_offers_what_procurement_can_do(people, acme):
    text = people.browser(PERVEZ).get("/").text
    assert "Questionnaire not sent" in text
    assert f"/vendors/{acme}/send" in text
    assert f"/vendors/{acme}/send" not in people.browser(LAILA).get("/").text, "not hers"


def test_a_vendor_shows_where_it_stands(people, acme):
    browser = people.browser(PERVEZ)
    shown = browser.get(f"/vendors/{acme}")
    assert shown.status_code == 200
    for words in (
        "Acme Payments",
        "Not assessed yet",
        "Procurement has the ball",
        "Add a contact person at the vendor",
        "Nothing was asked yet",
        "No contract yet",
        "No files yet",
        "Vendor registered",
        "Pervez Anwar",
    ):
        assert words in shown.text, words
    assert ">None<" not in shown.text
    assert len(browser.statements) <= MOST_STATEMENTS, len(browser.statements)


def test_a_vendor_in_the_middle_of_its_review_costs_no_more(people, database):
    with database.writing() as session:
        vendor = makers.make_vendor(session, name="Borealis")
        stories.cover_by_contract(session, vendor)
        contact, version = makers.make_contact(session, vendor), version_of(session)
        for _ in range(2):
            sent = makers.make_assessment(session, vendor=vendor, version=version, contact=contact)
            stories.answer_all(session, sent)
            stories.submit(session, sent)
        vendor_id = vendor.id
    browser = people.browser(RABIA)
    text = browser.get(f"/vendors/{vendor_id}").get_data(as_text=True)
    assert len(browser.statements) <= MOST_STATEMENTS, len(browser.statements)
    assert "In review" in text
    assert "The answers are not decided about yet" in text


def test_the_ball_clock_reads_the_ledger(people, database, acme, later):
    """Registered on a Monday, sent on Wednesday, looked at on the Monday after."""
    with later(days=2), database.writing() as session:
        makers.make_assessment(session, vendor=session.get_one(Vendor, acme))
    with later(days=7):
        text = people.browser(PERVEZ).get(f"/vendors/{acme}").get_data(as_text=True)
    assert "5 working days in all" in text
    assert "The vendor has the ball" in text
    assert "3 working days" in text, "Wednesday to Friday"
    assert "Working days, in the order of time: Procurement 2, The vendor 3" in text
    assert "The answers are not back" in text


def version_of(session):
    return latest_version(session, "tier4") or makers.make_version(session)


def test_who_may_not_act_gets_no_button(people, acme):
    text = people.browser(AMNA).get(f"/vendors/{acme}").text
    assert "Procurement has the ball" in text
    assert not re.search(rf'class="button[^"]*" href="/vendors/{acme}/contacts', text)
    assert "Send a questionnaire" not in text
    assert people.browser(ADIL).get(f"/vendors/{acme}/reports").status_code == 403


def test_a_hidden_vendor_is_not_there(people, database, acme):
    with database.writing() as session:
        session.get_one(Vendor, acme).is_need_to_know = True
    rabia = people.browser(RABIA)
    for address in ("", "/reports", "/report.pdf"):
        assert rabia.get(f"/vendors/{acme}{address}").status_code == 404
    assert rabia.post(f"/vendors/{acme}/reports").status_code == 404


@pytest.mark.slow
def test_a_report_from_order_to_download(people, database, acme):
    browser = people.browser(PERVEZ)
    assert "No report yet" in browser.get(f"/vendors/{acme}/reports").text
    ordered = browser.post(f"/vendors/{acme}/reports")
    assert ordered.status_code == 303
    address = ordered.headers["Location"]
    assert "It is on its way" in browser.get(address).text
    assert browser.get(f"{address}/progress").json["is_on_its_way"] is True
    assert browser.get(f"{address}/download").status_code == 404
    assert browser.post(f"/vendors/{acme}/reports").status_code == 422, "one at a time"

    assert build_due(database, clock.now()) == 1
    text = browser.get(address).text
    assert "Download the PDF" in text
    taken = browser.get(f"{address}/download")
    assert taken.mimetype == "application/pdf"
    assert taken.headers["Content-Disposition"].startswith("attachment;")
    with database.reading() as session:
        report = session.scalars(select(Report)).one()
        assert report.file_size == len(taken.data)
        about = select(Entry.action).where(Entry.subject_id == report.id).order_by(Entry.seq)
        acts = list(session.scalars(about))
    assert acts == ["report.request", "report.issue", "report.download"]
    assert browser.get(f"/vendors/{acme}/report.pdf").data == taken.data, "issued bytes are kept"
    assert report.reference in browser.get(f"/vendors/{acme}/reports").text
    assert report.reference in browser.get(f"/vendors/{acme}").text


@pytest.mark.slow
def test_a_draft_is_marked_and_registered_nowhere(people, database, acme):
    taken = people.browser(RABIA).get(f"/vendors/{acme}/report.pdf")
    assert taken.status_code == 200
    with pikepdf.open(BytesIO(taken.data)) as pdf, pdf.open_metadata() as told:
        assert "(draft)" in told["dc:title"]
    with database.reading() as session:
        assert session.scalars(select(Report)).first() is None


def test_who_may_read_may_not_issue(people, acme):
    amna = people.browser(AMNA)
    assert "Issue a report" not in amna.get(f"/vendors/{acme}/reports").text
    assert amna.post(f"/vendors/{acme}/reports").status_code == 403


def test_leaving_a_vendor_is_somebodys_move(people, database, acme):
    with database.writing() as session:
        session.get_one(Vendor, acme).state = VendorState.OFFBOARDING
    browser = people.browser(PERVEZ)
    text = browser.get(f"/vendors/{acme}").get_data(as_text=True)
    assert "Settle the checklist (0 of 6)" in text
    assert f'href="/vendors/{acme}/life"' in text
    assert "Nobody has to do anything" not in text
    assert len(browser.statements) <= MOST_STATEMENTS, len(browser.statements)
