"""One word for a state, on the desk, the vendor's page, the assessment's and in the inbox."""

import pytest

from foundation import clock
from foundation.labels import label
from foundation.settings import ROOT
from questionnaires.answer_commands import RawAnswer, save_answer
from questionnaires.rules import AssessmentState as A
from reviews.commands import open_review
from reviews.rules import ReviewState
from reviews.verdict_commands import Place, ask_back, hand_back
from tests import makers
from tests.people import RABIA
from tests.reviews import stories


@pytest.fixture
def told_of(database, later):
    """Bring an assessment into a state; return its vendor, its review and itself."""

    def do(state):
        with database.writing() as session:
            rabia = makers.make_staff(session, RABIA)
            vendor = makers.make_vendor(session)
            contact = makers.make_contact(session, vendor)
            review = open_review(session, vendor, kind="initial", by=rabia.actor, at=clock.now())
            sent = makers.make_assessment(session, vendor=vendor, contact=contact)
            STORIES[state](session, sent, later)
            assert sent.state is state
            return vendor.id, review.id, sent.id

    return do


def leave(session, sent, later):
    """It was sent, and nobody has begun."""


def begin(session, sent, later):
    vania, raw = makers.vendor_author(session), RawAnswer("enc_in_transit", options=("no",))
    save_answer(session, sent, raw, base_version=0, sequence=1, by=vania, at=clock.now())


def submit(session, sent, later):
    stories.answer_all(session, sent)
    stories.submit(session, sent)


def come_back(session, sent, later):
    submit(session, sent, later)
    rabia, review = (
        makers.make_staff(session, RABIA),
        stories.receive_submission(
            session, sent, by=makers.vendor_author(session).actor, at=clock.now()
        ),
    )
    with later(hours=1):
        at = clock.now()
        place = Place(sent.id, "enc_in_transit", 1)
        ask_back(session, review, place, "Which?", by=rabia, at=at)
        due = at.date().replace(day=28)
        hand_back(session, review, sent.id, due_on=due, by=rabia, at=at)


STORIES = {A.SENT: leave, A.ANSWERING: begin, A.SUBMITTED: submit, A.RETURNED: come_back}


@pytest.mark.parametrize("state", STORIES)
def test_an_assessment_has_one_word_on_every_page(people, told_of, state):
    vendor_id, review_id, assessment_id = told_of(state)
    rabia, word = people.browser(RABIA), f"</svg>{label(state)}</span>"
    others = [f"{label(other)}</span>" for other in A if other is not state]
    pages = [f"/vendors/{vendor_id}", f"/assessments/{assessment_id}"]
    # What was never submitted is on no desk.
    pages += [f"/reviews/{review_id}"] if state in {A.SUBMITTED, A.RETURNED} else []
    pages = {at: rabia.get(at).text for at in pages}
    for at, page in pages.items():
        head = page[page.index("<main") :]
        assert word in head, at
        assert not [other for other in others if f"</svg>{other}" in head], at
    step = pages[f"/vendors/{vendor_id}"]
    step = step[step.index("<dt>Step</dt>") : step.index("<dt>Ball</dt>")]
    assert (label(state) if state in {A.SENT, A.ANSWERING} else "In review") in step


def test_a_review_has_one_word_in_inbox_desk_and_vendor_page(people, told_of):
    vendor_id, review_id, _ = told_of(A.SUBMITTED)
    rabia = people.browser(RABIA)
    for at in ("/reviews", f"/reviews/{review_id}", f"/vendors/{vendor_id}"):
        page = rabia.get(at).text
        assert label(ReviewState.OPEN) in page, at
        assert "Under review" not in page, at


def test_the_glossary_holds_every_word():
    text = " ".join((ROOT / "docs" / "glossary.md").read_text("utf-8").split())
    entry = text[text.index("**State.**") : text.index("**Sub-processor.**")]
    for state in (*A, *ReviewState):
        assert str(label(state)).lower() in entry, state
