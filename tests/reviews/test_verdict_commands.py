"""Judging answers: versions, consent, contradiction, asking back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from foundation import clock
from foundation.errors import Conflict, Missing, Refused
from questionnaires import answer_commands, clarification_commands
from questionnaires.answer_commands import RawAnswer
from questionnaires.sheet import of
from reviews import commands, verdict_commands
from reviews.case import effect_of
from reviews.desk import desk_of
from reviews.facts import gather
from reviews.looks import Look, Pile
from reviews.models import Verdict
from reviews.queries import get_review
from reviews.rules import ReviewState, VerdictOutcome
from reviews.verdict_commands import Judgement, Place
from tests import makers
from tests import people as cast
from tests.reviews import stories

ACCEPT = Judgement(VerdictOutcome.ACCEPTED)
CODE = "enc_in_transit"


@pytest.fixture
def rabia(session):
    return makers.make_staff(session, cast.RABIA)


def judge(session, review, place, judgement, by):
    return verdict_commands.judge(session, review, place, judgement, by=by, at=clock.now())


def read(session, review):
    review = get_review(session, makers.make_staff(session).person_id, review.id)
    return gather(session, review.vendor, review, clock.now().date())


def card(session, review, code=CODE):
    return next(c for c in desk_of(read(session, review)).cards if c.question.code == code)


@pytest.mark.parametrize("version", [0, 2, -1, 10**12])
def test_an_answer_of_another_version_is_not_judged(session, rabia, version):
    review, assessment = stories.submitted(session)
    with pytest.raises(Conflict, match="changed"):
        judge(session, review, Place(assessment.id, CODE, version), ACCEPT, rabia)


@pytest.mark.parametrize("code", ["", "nope", "x" * 10_000, "' OR 1=1 --", "\x00"])
def test_a_code_of_no_question_is_missing(session, rabia, code):
    review, assessment = stories.submitted(session)
    with pytest.raises(Missing):
        judge(session, review, Place(assessment.id, code, 0), ACCEPT, rabia)


def test_an_assessment_of_another_review_is_missing(session, rabia):
    review, _ = stories.submitted(session)
    other_vendor = makers.make_vendor(session, name="Borealis")
    _, other = stories.submitted(session, vendor=other_vendor)
    with pytest.raises(Missing):
        judge(session, review, Place(other.id, CODE, 1), ACCEPT, rabia)


def test_a_card_number_in_a_note_is_refused(session, rabia):
    review, assessment = stories.submitted(session)
    noted = Judgement(VerdictOutcome.ACCEPTED, "4111 1111 1111 1111")
    with pytest.raises(Refused, match="card number"):
        judge(session, review, Place(assessment.id, CODE, 1), noted, rabia)


@pytest.mark.parametrize("state", [ReviewState.AWAITING_SIGN_OFF, ReviewState.DECIDED])
def test_nothing_is_judged_under_a_decision(session, rabia, state):
    review, assessment = stories.submitted(session)
    review.state = state
    review.decided_at = clock.now() if state is ReviewState.DECIDED else None
    session.flush()
    with pytest.raises(Refused):
        judge(session, review, Place(assessment.id, CODE, 1), ACCEPT, rabia)


def test_a_second_verdict_replaces_the_first(session, rabia):
    review, assessment = stories.submitted(session)
    place = Place(assessment.id, CODE, 1)
    judge(session, review, place, ACCEPT, rabia)
    judge(session, review, place, Judgement(VerdictOutcome.FINDING, "No."), rabia)
    assert session.scalars(select(Verdict)).one().outcome is VerdictOutcome.FINDING


def test_a_contradicted_answer_counts_nothing(session, rabia):
    review, assessment = stories.submitted(session)
    before = effect_of(read(session, review).told)
    said = Judgement(VerdictOutcome.FINDING, "It is not so.", is_contradicted=True)
    judge(session, review, Place(assessment.id, CODE, 1), said, rabia)
    after = effect_of(read(session, review).told)
    assert after.claimed < before.claimed == 1.0
    assert after.evidenced < before.evidenced


def test_what_does_not_apply_needs_a_look_and_goes_by_consent(session, rabia):
    review, assessment = stories.submitted(session, left_out={CODE})
    assert Look.NOT_APPLICABLE in card(session, review).looks
    judge(session, review, Place(assessment.id, CODE, 1), ACCEPT, rabia)
    assert card(session, review).pile is Pile.DONE


def test_one_question_at_a_time_is_asked_back(session, rabia):
    review, assessment = stories.submitted(session, worse={CODE: "partial"})
    place = Place(assessment.id, CODE, 1)
    at = clock.now()
    verdict_commands.ask_back(session, review, place, "Which systems?", by=rabia, at=at)
    assert card(session, review).pile is Pile.ASKED_BACK
    with pytest.raises(Conflict, match="already"):
        verdict_commands.ask_back(session, review, place, "Again?", by=rabia, at=at)


def test_the_whole_round_of_a_clarification(session, rabia, later):
    review, assessment = stories.submitted(session, worse={CODE: "partial"})
    vania = makers.vendor_author(session)
    verdict_commands.ask_back(
        session, review, Place(assessment.id, CODE, 1), "Which?", by=rabia, at=clock.now()
    )
    due = clock.now().date() + timedelta(days=7)
    verdict_commands.hand_back(session, review, assessment.id, due_on=due, by=rabia, at=clock.now())
    with pytest.raises(Refused, match="not with us"):
        judge(session, review, Place(assessment.id, CODE, 1), ACCEPT, rabia)
    with later(days=1):
        asked = of(session, assessment).clarifications[CODE][0]
        better = RawAnswer(code=CODE, options=("yes",))
        answer_commands.save_answer(
            session, assessment, better, base_version=1, sequence=2, by=vania, at=clock.now()
        )
        clarification_commands.reply(
            session, assessment, asked.clarification_id, "Fixed.", by=vania, at=clock.now()
        )
        again = stories.submit(session, assessment)
        assert again.id == review.id
        back = card(session, review)
        assert back.pile is Pile.NEEDS_A_LOOK
        assert {Look.CHANGED, Look.REPLIED} <= set(back.looks)


def test_a_question_that_is_withdrawn_leaves_no_verdict(session, rabia):
    review, assessment = stories.submitted(session)
    place = Place(assessment.id, CODE, 1)
    verdict_commands.ask_back(session, review, place, "Why?", by=rabia, at=clock.now())
    asked = of(session, assessment).clarifications[CODE][0]
    verdict_commands.take_back_question(
        session, review, assessment.id, asked.clarification_id, by=rabia, at=clock.now()
    )
    assert card(session, review).verdict is None
    assert commands.find_open(session, review.vendor_id).id == review.id
