"""Reading what answers said before; a first round of a first cycle costs no statement."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from questionnaires.answer_models import Answer, AnswerEvent, Submission
from questionnaires.given import Given
from questionnaires.models import Assessment
from questionnaires.nodes import questions_of
from questionnaires.queries import questionnaire_of_version
from questionnaires.rules import AssessmentState
from reviews.earlier import Earlier, Kept, Since, earlier, given_in
from reviews.facts import Facts
from reviews.models import Review, ReviewAssessment

Place = tuple[UUID, str]
"""An assessment and the code of a question in it."""


def earlier_of(session: Session, facts: Facts) -> dict[Place, list[Earlier]]:
    """Return what the answers of a review said before, where that was something else."""
    found: dict[Place, list[Earlier]] = defaultdict(list)
    rounds, cycle = _first_rounds(session, facts), _last_cycle(session, facts.review)
    for told in facts.told:
        if not told.is_submitted:
            continue
        for question in told.sheet.form.questions:
            place = (told.assessment.id, question.code)
            for kept in (rounds.get(place), cycle.get(question.code)):
                answer = told.sheet.answers.get(question.code)
                changed = earlier(kept, question, answer) if kept else None
                if changed:
                    found[place].append(changed)
    return dict(found)


def _first_rounds(session: Session, facts: Facts) -> dict[Place, Kept]:
    """Return what was handed in first, of the answers that were changed after it."""
    again = {
        told.assessment.id: told.assessment for told in facts.told if told.assessment.round > 1
    }
    if not again:
        return {}
    first = and_(Submission.assessment_id == Answer.assessment_id, Submission.round == 1)
    chosen = (
        select(Answer.assessment_id, Answer.code, Submission.at, AnswerEvent.before)
        .join(AnswerEvent, AnswerEvent.answer_id == Answer.id)
        .join(Submission, first)
        .where(Answer.assessment_id.in_(again), AnswerEvent.at > Submission.at)
        .order_by(AnswerEvent.number.desc())
    )
    return {
        (assessment_id, code): Kept(
            Since.FIRST_ROUND, again[assessment_id].reference, at, None, given_in(before)
        )
        for assessment_id, code, at, before in session.execute(chosen)
    }


def _last_cycle(session: Session, review: Review | None) -> dict[str, Kept]:
    """Return the newest answer of an earlier cycle to each question."""
    if review is None or review.cycle == 1:
        return {}
    order = (Review.cycle.desc(), Assessment.submitted_at.desc(), Assessment.id.desc())
    place = func.row_number().over(partition_by=Answer.code, order_by=order).label("place")
    ranked = (
        select(Answer.id, place)
        .join(Assessment, Assessment.id == Answer.assessment_id)
        .join(ReviewAssessment, ReviewAssessment.assessment_id == Assessment.id)
        .join(Review, Review.id == ReviewAssessment.review_id)
        .where(
            Review.vendor_id == review.vendor_id,
            Review.cycle < review.cycle,
            Assessment.submitted_at.is_not(None),
            Assessment.state != AssessmentState.WITHDRAWN,
        )
        .subquery()
    )
    chosen = (
        select(Assessment, Answer)
        .join(Answer, Answer.assessment_id == Assessment.id)
        .join(ranked, ranked.c.id == Answer.id)
        .where(ranked.c.place == 1)
    )
    return dict(
        _kept(session, assessment, answer) for assessment, answer in session.execute(chosen)
    )


def _kept(session: Session, assessment: Assessment, answer: Answer) -> tuple[str, Kept]:
    asked = questionnaire_of_version(session, assessment.questionnaire_version_id)
    question = next((one for one in questions_of(asked) if one.code == answer.code), None)
    given = Given(frozenset(answer.options), answer.text, answer.is_not_applicable, answer.reason)
    at = assessment.submitted_at or assessment.sent_at
    return answer.code, Kept(Since.LAST_CYCLE, assessment.reference, at, question, given)
