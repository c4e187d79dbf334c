"""A changed answer stands on its card as it was and as it is: after asking back, between cycles."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from foundation import clock
from questionnaires import clarification_commands
from questionnaires.answer_commands import RawAnswer, save_answer
from questionnaires.answer_models import Clarification
from questionnaires.given import Given
from questionnaires.nodes import Question, QuestionKind
from reviews.commands import open_review
from reviews.earlier import Kept, Since, earlier, given_in
from reviews.rules import ReviewState
from reviews.verdict_commands import Place, ask_back, hand_back
from tests import makers
from tests.people import RABIA
from tests.reviews import stories
from vendors.models import Contact

PARTLY, FULLY = "Yes, except for some systems", "Yes, always"
GOOD = "Every web address starts with https"


def asked_and_answered(session, review, assessment, later, *, option):
    """Let Rabia ask about one answer, and Vania reply with this option, in a second round."""
    rabia, vania = makers.make_staff(session, RABIA), makers.vendor_author(session)
    with later(hours=1):
        at, place = clock.now(), Place(assessment.id, "enc_in_transit", 1)
        ask_back(session, review, place, "Which systems?", by=rabia, at=at)
        due = at.date().replace(day=28)
        hand_back(session, review, assessment.id, due_on=due, by=rabia, at=at)
    with later(hours=2):
        at = clock.now()
        row = session.scalars(select(Clarification)).one()
        clarification_commands.reply(session, assessment, row.id, "Mended.", by=vania, at=at)
        raw = RawAnswer("enc_in_transit", options=(option,))
        save_answer(session, assessment, raw, base_version=1, sequence=9, by=vania, at=at)
        stories.submit(session, assessment)


def card(people, review_id, number=1):
    page = people.browser(RABIA).get(f"/reviews/{review_id}").text
    start = page.index(f'id="answer-1-{number}"')
    return page[start : page.index("</article>", start)]


def test_an_answer_changed_after_asking_back_shows_both(people, database, later):
    with database.writing() as session:
        review, assessment = stories.submitted(session, worse={"enc_in_transit": "partial"})
        asked_and_answered(session, review, assessment, later, option="yes")
        review_id = review.id
    shown = card(people, review_id)
    changed = shown[shown.index("Changed since it was first submitted") :]
    assert changed.index(">Before<") < changed.index(PARTLY) < changed.index(">Now<")
    assert FULLY in changed[changed.index(">Now<") :]
    assert GOOD in shown


def test_an_answer_that_stayed_shows_no_before(people, database, later):
    with database.writing() as session:
        review, assessment = stories.submitted(session, worse={"enc_in_transit": "partial"})
        asked_and_answered(session, review, assessment, later, option="partial")
        review_id = review.id
    shown = card(people, review_id)
    assert "Changed since" not in shown
    assert GOOD in shown


def test_an_answer_changed_between_cycles_shows_both(people, database, later):
    with database.writing() as session:
        vendor = makers.make_vendor(session)
        review, old = stories.submitted(session, vendor=vendor, worse={"enc_in_transit": "partial"})
        review.state, review.decided_at = ReviewState.DECIDED, clock.now()
        session.flush()
        rabia = makers.make_staff(session, RABIA)
        with later(days=300):
            open_review(session, vendor, kind="reassessment", by=rabia.actor, at=clock.now())
            new = makers.make_assessment(
                session, vendor=vendor, contact=session.get_one(Contact, old.contact_id)
            )
            stories.answer_all(session, new)
            again = stories.submit(session, new)
        review_id, reference = again.id, old.reference
    shown = card(people, review_id)
    changed = shown[shown.index(f"Changed since the cycle before, {reference}") :]
    assert changed.index(PARTLY) < changed.index(">Now<") < changed.index(FULLY)
    assert "Changed since" not in card(people, review_id, 2)


def test_what_was_chosen_is_told_in_the_words_it_was_asked_with():
    at = datetime(2026, 3, 1, tzinfo=UTC)
    old = Question(code="q", kind=QuestionKind.LINE, text="Old?")
    kept = Kept(Since.LAST_CYCLE, "A-0001", at, old, Given(text="<b>Pakistan</b>"))
    told = earlier(kept, Question(code="q", kind=QuestionKind.LINE, text="New?"), None)
    assert told.before.text == "<b>Pakistan</b>"
    assert told.now.is_nothing


@pytest.mark.parametrize(
    ("kept", "given"),
    [
        (None, Given()),
        (
            {"options": ["b", "a"], "text": "", "not_applicable": False, "reason": ""},
            Given(frozenset({"a", "b"})),
        ),
        (
            {"options": [], "text": "", "not_applicable": True, "reason": "None."},
            Given(not_applicable=True, reason="None."),
        ),
    ],
)
def test_the_history_is_read_as_it_was_kept(kept, given):
    assert given_in(kept) == given
