"""What desk and decide page say of their numbers: what each means, and why a level is raised."""

from datetime import timedelta

import pytest

from foundation import clock
from questionnaires.citation_commands import cite
from reviews import finding_commands
from reviews.finding_commands import NewFinding
from reviews.residual import Band, scale
from reviews.rules import Severity
from reviews.standing import standing_of
from tests import makers
from tests.people import RABIA
from tests.questionnaires.test_citation_commands import make_evidence
from tests.reviews import stories


def proved(session, code="enc_in_transit", *, ends=200, **how):
    """Hand in answers, one of which cites a file that ends in so many days."""
    vendor = makers.make_vendor(session)
    contact = makers.make_contact(session, vendor)
    assessment = makers.make_assessment(session, vendor=vendor, contact=contact)
    stories.answer_all(session, assessment, **how)
    until = clock.now().date() + timedelta(days=ends)
    file = make_evidence(session, vendor.id, valid_until=until)
    cite(session, assessment, code, file, by=makers.vendor_author(session), at=clock.now())
    return stories.submit(session, assessment)


def standing(session, review):
    return standing_of(session, review.vendor_id, clock.now().date())


def test_a_word_alone_proves_nothing_though_it_counts_half(session):
    found = standing(session, stories.submitted(session)[0])
    assert (found.claimed, found.evidenced, found.proven) == (1.0, 0.5, 0.0)


def test_what_rests_on_a_file_is_the_proven_part_of_the_claimed(session):
    found = standing(session, proved(session))
    assert 0 < found.proven < found.claimed
    assert found.proven < found.evidenced


@pytest.mark.parametrize("how", [{"ends": -91}, {"worse": {"enc_in_transit": "no"}}])
def test_a_file_long_over_or_under_a_no_proves_nothing(session, how):
    assert standing(session, proved(session, **how)).proven == 0


def test_an_unasked_vendor_has_no_proven_part_either(session):
    vendor = makers.make_vendor(session)
    assert standing_of(session, vendor.id, clock.now().date()).proven is None


@pytest.mark.parametrize("page", ["", "/decide"])
def test_desk_and_decide_page_say_what_evidenced_means(people, database, page):
    with database.writing() as session:
        review_id = proved(session).id
    shown = people.browser(RABIA).get(f"/reviews/{review_id}{page}").text
    assert "without a file it counts half" in shown
    claimed, proven = shown.index("Claimed effect"), shown.index("Proven by files")
    assert claimed < proven < shown.index("Evidenced effect of their controls")


def test_bands_are_told_from_the_lowest():
    assert scale() == (
        (Band.LOW, 0.0), (Band.MODERATE, 15.0), (Band.HIGH, 30.0), (Band.CRITICAL, 50.0)
    )  # fmt: skip


@pytest.mark.parametrize("page", ["", "/decide"])
def test_a_level_that_a_gate_raises_says_which(people, database, page):
    with database.writing() as session:
        review, _ = stories.ready(session)
        rabia = makers.make_staff(session, RABIA)
        assert standing(session, review).raised_by == ()
        bad = NewFinding(title="Breach", severity=Severity.CRITICAL, owner_id=rabia.person_id)
        finding_commands.raise_finding(session, review, bad, by=rabia, at=clock.now())
        review_id, raised = review.id, standing(session, review)
    assert [one.gate.value for one in raised.raised_by] == ["G8"]
    shown = people.browser(RABIA).get(f"/reviews/{review_id}{page}").text
    level = shown[shown.index("By its number the remaining risk is:") :]
    assert ">Low</span>" in level[:900]
    assert level.index("No critical finding or breach is open") < 1200
    assert "Low below 15, Moderate from 15, High from 30, Critical from 50." in shown


def test_a_level_nobody_raised_says_only_where_the_levels_lie(people, database):
    with database.writing() as session:
        review_id = stories.ready(session)[0].id
    shown = people.browser(RABIA).get(f"/reviews/{review_id}").text
    assert "By its number" not in shown
    assert "High from 30" in shown
