"""The portfolio: unknown is a column of its own, hidden vendors are in no number."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from foundation import clock
from reports.charts import stack
from reports.portfolio import portfolio_of
from reviews.commands import open_review
from reviews.decision_commands import Proposal, propose
from reviews.finding_commands import NewFinding, accept_risk, raise_finding
from reviews.gate_commands import Acceptance
from reviews.models import Review
from reviews.queries import get_review
from reviews.residual import Band
from reviews.rules import Outcome, Severity
from reviews.turns import Turn
from tests import makers
from tests.people import ADIL, AMNA, LAILA, PERVEZ, RABIA
from tests.reviews import stories
from vendors.models import Vendor
from vendors.rules import VendorState

MOST_STATEMENTS = 10


@pytest.fixture
def told(scene):
    """One vendor approved on a low rest, one being asked, one new, one hidden."""
    return scene(_told)


def _told(database):
    with database.writing() as session:
        rabia = makers.make_staff(session, RABIA)
        review, _ = stories.ready(session)
        propose(
            session,
            review,
            Proposal(outcome=Outcome.APPROVED, round=1, note="Fine."),
            by=rabia,
            at=clock.now(),
        )
        asked = makers.make_vendor(session, name="Borealis")
        makers.make_assessment(session, vendor=asked, version=version_of(session))
        makers.make_vendor(session, name="Cirrus", exposure=makers.CRITICAL)
        makers.make_vendor(session, name="Secret Buy", is_need_to_know=True)
        review = get_review(session, rabia.person_id, review.id)
        return review.id


def version_of(session):
    from questionnaires.queries import latest_version

    found = latest_version(session, "tier4")
    assert found is not None
    return found


def of(database, people, who):
    with database.reading() as session:
        today = clock.today()
        return portfolio_of(session, people.id_of(who), clock.now(), today)


def test_tier_against_what_is_left(people, database, told):
    seen = of(database, people, LAILA)
    assert seen.heat == {(4, Band.LOW): 1, (4, None): 1, (1, None): 1}
    assert (seen.vendors, seen.rated) == (3, 1)
    assert of(database, people, PERVEZ).vendors == 4, "his own hidden one counts for him"


def test_whose_ball_how_long(people, database, told, later):
    assert of(database, people, LAILA).ageing == {(Turn.VENDOR, 0): 1, (Turn.BUYER, 0): 2}, (
        "one to be asked, one approved whose contract is still a draft"
    )
    with later(days=20):
        assert of(database, people, LAILA).ageing == {(Turn.VENDOR, 2): 1, (Turn.BUYER, 2): 2}
    with later(days=400):
        late = of(database, people, LAILA)
        assert [one.vendor for one in late.late_answers.shown] == ["Borealis"]
        assert late.ageing[(Turn.BUYER, 3)] >= 1


def test_what_is_archived_or_over_is_in_no_number(people, database, told, later):
    with database.writing() as session:
        review = get_review(session, people.id_of(RABIA), told)
        rabia = makers.make_staff(session, RABIA)
        new = NewFinding(title="Old keys", severity=Severity.LOW, owner_id=rabia.person_id)
        again = open_review(
            session, review.vendor, kind="off_cycle", by=rabia.actor, at=clock.now()
        )
        raise_finding(session, again, new, by=rabia, at=clock.now())
        review.vendor.archived_at = clock.now()
        over = session.scalars(select(Vendor).where(Vendor.name == "Borealis")).one()
        over.state = VendorState.DECLINED
    with later(days=400):
        seen = of(database, people, LAILA)
    assert (seen.findings, seen.late_answers.count, seen.late_findings.count) == ({}, 0, 0)


def test_findings_by_severity_and_age(people, database, later):
    with database.writing() as session:
        review, _ = stories.submitted(session)
        rabia = makers.make_staff(session, RABIA)
        new = NewFinding(
            title="No second factor",
            severity=Severity.HIGH,
            owner_id=rabia.person_id,
            due_on=date(2026, 4, 1),
        )
        raise_finding(session, review, new, by=rabia, at=clock.now())
    assert of(database, people, LAILA).findings == {(Severity.HIGH, 0): 1}
    with later(days=100):
        seen = of(database, people, LAILA)
        assert seen.findings == {(Severity.HIGH, 2): 1}
        assert [one.what for one in seen.late_findings.shown] == ["No second factor"]


def raised(session, review, title, **how):
    rabia = makers.make_staff(session, RABIA)
    new = NewFinding(title=title, owner_id=rabia.person_id, **how)
    return raise_finding(session, review, new, by=rabia, at=clock.now())


def live_with(session, finding, *, until):
    laila = makers.make_staff(session, LAILA)
    accepted = Acceptance(
        owner_id=laila.person_id,
        reason="We live with it.",
        ends_on=until,
        compensating_control="We watch it.",
    )
    accept_risk(session, finding, accepted, version=1, by=laila, at=clock.now())


def test_each_number_of_findings_leads_to_exactly_that_list(people, database, later):
    with database.writing() as session:
        review, _ = stories.submitted(session)
        raised(session, review, "Old and high", severity=Severity.HIGH, due_on=date(2026, 4, 1))
        lapsed = raised(session, review, "For a while", severity=Severity.LOW)
        live_with(session, lapsed, until=date(2026, 4, 1))
        gone = makers.make_vendor(session, name="Declined Ltd")
        off = open_review(
            session, gone, kind="initial", by=makers.make_staff(session).actor, at=clock.now()
        )
        raised(session, off, "Nobody mends it", severity=Severity.HIGH)
        gone.state = VendorState.DECLINED
        review_id = review.id
    with later(days=100):
        with database.writing() as session:
            review = session.get_one(Review, review_id)
            raised(session, review, "New and high", severity=Severity.HIGH)
        browser = people.browser(LAILA)
        text = browser.get("/dashboard").get_data(as_text=True)
        links = set(re.findall(r'href="(/findings[^"]*)">(\d+)</a>', text))
        told = {}
        for address, count in links:
            listed = browser.get(address.replace("&amp;", "&")).get_data(as_text=True)
            assert listed.count('<th scope="row"') == int(count), (address, count)
            assert "Nobody mends it" not in listed
            told[address] = int(count)
    assert told["/findings"] == 3
    assert told["/findings?severity=high"] == 2
    assert told["/findings?severity=high&amp;age=0"] == 1
    assert told["/findings?severity=high&amp;age=2"] == 1


@pytest.mark.parametrize("wrong", ["severity=%00", "age=9", "age=-1", "age=x", "show=nonsense"])
def test_what_no_list_of_findings_offers_is_left_out(people, told, wrong):
    assert people.browser(LAILA).get(f"/findings?{wrong}").status_code == 200


def test_the_page(people, told):
    browser = people.browser(AMNA)
    text = browser.get("/dashboard").get_data(as_text=True)
    assert len(browser.statements) <= MOST_STATEMENTS, browser.statements
    assert "Not known yet is not low" in text
    assert "Secret Buy" not in text
    assert "3 vendors in use or on their way" in text
    assert people.browser(ADIL).get("/dashboard").status_code == 403


def test_an_empty_portfolio_says_what_will_be_here(people):
    assert "Nothing to count yet" in people.browser(LAILA).get("/dashboard").text


def test_parts_of_a_bar_fill_it_and_nothing_is_drawn_of_nothing():
    drawn = stack([("a", "One", 1), ("b", "None", 0), ("c", "Three", 3)], width=400)
    assert [(part.x, part.width, part.value) for part in drawn.segments] == [
        (0, 100, 1),
        (100, 300, 3),
    ]
    assert (drawn.total, drawn.said) == (4, "One 1, Three 3")
    half = stack([("a", "One", 1)], of=2, width=400)
    assert half.segments[0].width == 200
    assert stack([]).segments == ()
