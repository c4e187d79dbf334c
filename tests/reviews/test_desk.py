"""The desk over a real VSAQ file: unscored, with its warnings as proposed findings."""

from foundation import clock
from questionnaires.nodes import TipSeverity
from reviews.desk import desk_of
from reviews.facts import gather
from reviews.looks import Look
from reviews.queries import get_review
from reviews.rules import Severity
from tests import makers
from tests.people import RABIA
from tests.reviews import stories


def submitted(session, field_data):
    version = makers.make_version(session, field_data / "vsaq" / "infrastructure.json")
    assessment = makers.make_assessment(session, version=version)
    stories.answer_all(session, assessment)
    return stories.submit(session, assessment)


def test_warnings_propose_findings_and_nothing_is_scored(session, field_data):
    review = submitted(session, field_data)
    review = get_review(session, makers.make_staff(session).person_id, review.id)
    facts = gather(session, review.vendor, review, clock.now().date())
    desk = desk_of(facts)
    assert facts.told[0].score is None
    assert all(card.line is None for card in desk.cards)
    warned = [card for card in desk.cards if card.tips]
    assert warned
    for card in warned:
        assert Look.WARNING in card.looks
        assert card.proposed.title
        if any(tip.severity is TipSeverity.HIGH for tip, _ in card.tips):
            assert card.proposed.severity in {Severity.HIGH, Severity.CRITICAL}


def test_the_page_says_unscored(people, database, field_data):
    with database.writing() as session:
        review_id = submitted(session, field_data).id
    page = people.browser(RABIA).get(f"/reviews/{review_id}").get_data(as_text=True)
    assert "Unscored" in page
    assert "Show the sum" not in page
    assert "Not assessed yet" in page
