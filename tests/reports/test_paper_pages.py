"""The board's page and the vendor's copy on the page of their report."""

import hashlib

import pytest
from sqlalchemy import select

from audit.models import Entry
from reports.models import Report
from reports.papers import EXTRA, Paper
from tests.people import ADIL, AMNA, PERVEZ, RABIA
from tests.reports.issuing import issue
from vendors.models import Vendor


@pytest.fixture
def issued(database, people, acme):
    papers = issue(database, people, acme)
    with database.reading() as session:
        return session.scalars(select(Report.id)).one(), papers


def test_each_paper_is_given_out_as_it_was_registered(people, database, issued):
    report_id, papers = issued
    browser = people.browser(AMNA)
    text = browser.get(f"/reports/{report_id}").text
    assert "One page for the board" in text
    assert "Copy for the vendor" in text
    for paper in EXTRA:
        taken = browser.get(f"/reports/{report_id}/papers/{paper.value}/download")
        assert hashlib.sha256(taken.data).digest() == hashlib.sha256(papers[paper]).digest()
        assert paper.value in taken.headers["Content-Disposition"]
    with database.reading() as session:
        about = select(Entry.action).where(Entry.subject_id == report_id)
        assert list(session.scalars(about)) == ["report.download"] * len(EXTRA)


@pytest.mark.parametrize("name", ["full", "nothing", "board.pdf", "BOARD"])
def test_a_paper_that_is_none_is_not_there(people, issued, name):
    assert (
        people.browser(RABIA).get(f"/reports/{issued[0]}/papers/{name}/download").status_code == 404
    )


def test_it_needs_the_right(people, issued):
    address = f"/reports/{issued[0]}/papers/{Paper.BOARD.value}/download"
    assert people.browser(ADIL).get(address).status_code == 403


def test_a_hidden_vendors_paper_is_not_there(people, database, acme, issued):
    with database.writing() as session:
        session.get_one(Vendor, acme).is_need_to_know = True
    address = f"/reports/{issued[0]}/papers/{Paper.VENDOR.value}/download"
    assert people.browser(RABIA).get(address).status_code == 404
    assert people.browser(PERVEZ).get(address).status_code == 200, "its owner sees it"
