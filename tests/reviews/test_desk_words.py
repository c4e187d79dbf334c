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


@pytest.mark.parametrize("page", ["", "/decide"])
def test_how_findings_and_the_score_hang_together_is_said(people, database, page):
    with database.writing() as session:
        review_id = stories.submitted(session)[0].id
    shown = people.browser(RABIA).get(f"/reviews/{review_id}{page}").text
    assert "Open findings change no score" in shown
    assert "An open critical finding fails a gate" in shown


def test_a_finding_changes_no_score_and_says_so(people, database):
    with database.writing() as session:
        review, _ = stories.submitted(session)
        rabia, before = makers.make_staff(session, RABIA), standing(session, review)
        odd = NewFinding(title="No logs", severity=Severity.HIGH, owner_id=rabia.person_id)
        found = finding_commands.raise_finding(session, review, odd, by=rabia, at=clock.now())
        after, finding_id = standing(session, review), found.id
    assert (after.evidenced, after.residual) == (before.evidenced, before.residual)
    assert len(after.open_findings) == 1
    shown = people.browser(RABIA).get(f"/findings/{finding_id}").text
    assert "It changes no score by itself" in shown


def test_what_needs_no_look_is_one_line_each_and_the_piles_are_in_reach(people, database):
    with database.writing() as session:
        review_id = stories.submitted(session, worse={"enc_in_transit": "no"})[0].id
    shown = people.browser(RABIA).get(f"/reviews/{review_id}").text
    bar = shown[shown.index('class="row jump"') : shown.index('id="pile-needs_a_look"')]
    for words in ("Needs a look (", "The rest (", "Asked back (0)", "Judged (0)", "Score", "Gates"):
        assert words in bar, words
    look = shown[shown.index('id="pile-needs_a_look"') : shown.index('id="pile-rest"')]
    rest = shown[shown.index('id="pile-rest"') : shown.index('id="pile-asked_back"')]
    assert "question slim" not in look
    assert rest.count("question slim") == rest.count("<article") > 0
    assert "<bdi>Yes" in rest


def test_the_first_conditions_are_shown_and_the_rest_a_click_away(people, database):
    with database.writing() as session:
        review_id = stories.submitted(session)[0].id
    shown = people.browser(RABIA).get(f"/reviews/{review_id}/decide").text
    more = shown.index("More conditions")
    assert shown.index('id="conditions-1-text"') < more < shown.index('id="conditions-2-text"')
    assert 'id="conditions-4-text"' in shown
    assert "<details open" not in shown


def test_conditions_that_came_back_are_shown_all(people, database):
    with database.writing() as session:
        review_id = stories.submitted(session)[0].id
    typed = {"round": "1", "outcome": "rejected", "note": "", "conditions-3-text": "Mend it."}
    shown = people.browser(RABIA).post(f"/reviews/{review_id}/decide", data=typed)
    assert shown.status_code == 422
    assert "<details open><summary>More conditions" in shown.text
