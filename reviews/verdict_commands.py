"""Judging answers: accepting, asking back, accepting the unremarkable rest in one go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Conflict, Missing, Refused
from foundation.ids import new_id
from identity.rules import Author
from questionnaires import clarification_commands
from questionnaires.answer_models import Answer
from questionnaires.content import question
from questionnaires.models import Assessment
from questionnaires.queries import questionnaire_of_version
from questionnaires.rules import AssessmentState
from reviews.commands import lock, refuse_unless_open
from reviews.models import Review, ReviewAssessment, Verdict
from reviews.rules import REST_RULE, VerdictOutcome
from vendors.wording import checked_text


@dataclass(frozen=True, slots=True)
class Place:
    """One answer under review, as the reviewer saw it: `version` 0 is no answer."""

    assessment_id: UUID
    code: str
    version: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reviewer makes of an answer."""

    outcome: VerdictOutcome
    note: str = ""
    is_contradicted: bool = False


def judge(
    session: Session,
    review: Review,
    place: Place,
    judgement: Judgement,
    *,
    by: Author,
    at: datetime,
) -> Verdict:
    """Store a verdict; a later one replaces it. Raises Conflict when the answer has changed."""
    lock(session, review)
    refuse_unless_open(review)
    assessment = get_assessment(session, review, place.assessment_id)
    _refuse_unless_with_us(assessment)
    _refuse_changed(session, assessment, place)
    note = checked_text(judgement.note, what="The note")
    verdict = _write(
        session,
        review,
        place,
        Judgement(judgement.outcome, note, judgement.is_contradicted),
        by,
        at,
    )
    _take(review, by)
    session.flush()
    _note(session, review, place, judgement, by=by, at=at)
    return verdict


def ask_back(
    session: Session, review: Review, place: Place, text: str, *, by: Author, at: datetime
) -> Verdict:
    """Pile up a question about an answer; it goes out with the others when handed back."""
    verdict = judge(session, review, place, Judgement(VerdictOutcome.ASKED_BACK), by=by, at=at)
    assessment = get_assessment(session, review, place.assessment_id)
    clarification_commands.ask(session, assessment, place.code, text, by=by, at=at)
    return verdict


def take_back_question(
    session: Session,
    review: Review,
    assessment_id: UUID,
    clarification_id: UUID,
    *,
    by: Author,
    at: datetime,
) -> None:
    """Withdraw a question that was asked back; the answer needs a look again."""
    lock(session, review)
    refuse_unless_open(review)
    assessment = get_assessment(session, review, assessment_id)
    asked = clarification_commands.get_clarification(session, assessment, clarification_id)
    clarification_commands.withdraw(session, assessment, clarification_id, by=by, at=at)
    known = _find(session, review, assessment_id, asked.code)
    if known is not None and known.outcome is VerdictOutcome.ASKED_BACK:
        session.delete(known)
    session.flush()


def accept_rest(
    session: Session, review: Review, places: Iterable[Place], *, by: Author, at: datetime
) -> int:
    """Accept the answers nothing speaks against, noting the rule; return how many there were."""
    count = 0
    for place in places:
        judge(session, review, place, Judgement(VerdictOutcome.ACCEPTED, REST_RULE), by=by, at=at)
        count += 1
    return count


def hand_back(
    session: Session,
    review: Review,
    assessment_id: UUID,
    *,
    due_on: date,
    by: Author,
    at: datetime,
) -> None:
    """Send everything asked back about one assessment to the vendor, as one letter."""
    lock(session, review)
    refuse_unless_open(review)
    assessment = get_assessment(session, review, assessment_id)
    clarification_commands.hand_back(session, assessment, due_on=due_on, by=by, at=at)


def get_assessment(session: Session, review: Review, assessment_id: UUID) -> Assessment:
    """Return an assessment of this review. Raises Missing for one of another."""
    chosen = (
        select(Assessment)
        .join(ReviewAssessment, ReviewAssessment.assessment_id == Assessment.id)
        .where(Assessment.id == assessment_id, ReviewAssessment.review_id == review.id)
    )
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing
    return found


def _write(
    session: Session, review: Review, place: Place, said: Judgement, by: Author, at: datetime
) -> Verdict:
    verdict = _find(session, review, place.assessment_id, place.code)
    if verdict is None:
        verdict = Verdict(
            id=new_id(), review_id=review.id, assessment_id=place.assessment_id, code=place.code
        )
        session.add(verdict)
    verdict.outcome = said.outcome
    verdict.answer_version = place.version
    verdict.is_contradicted = said.is_contradicted
    verdict.note = said.note
    verdict.by_id = by.person_id
    verdict.at = at
    return verdict


def _find(session: Session, review: Review, assessment_id: UUID, code: str) -> Verdict | None:
    chosen = select(Verdict).where(
        Verdict.review_id == review.id,
        Verdict.assessment_id == assessment_id,
        Verdict.code == code,
    )
    return session.scalars(chosen).first()


def _refuse_unless_with_us(assessment: Assessment) -> None:
    if assessment.state is not AssessmentState.SUBMITTED:
        raise Refused(
            f"{assessment.reference} is not with us now, so its answers cannot be judged. "
            "Wait until the vendor has submitted it."
        )


def _refuse_changed(session: Session, assessment: Assessment, place: Place) -> None:
    questionnaire = questionnaire_of_version(session, assessment.questionnaire_version_id)
    if question(questionnaire, place.code) is None:
        raise Missing("This questionnaire has no such question. Reload the page.")
    chosen = select(Answer.version).where(
        Answer.assessment_id == assessment.id, Answer.code == place.code
    )
    if (session.scalar(chosen) or 0) != place.version:
        raise Conflict(
            "This answer has changed since you opened the page. "
            "Reload the page and read it again before you judge it."
        )


def _take(review: Review, by: Author) -> None:
    """Whoever judges first has the review until somebody else takes it."""
    if review.reviewer_id is None:
        review.reviewer_id = by.person_id


def _note(
    session: Session,
    review: Review,
    place: Place,
    judgement: Judgement,
    *,
    by: Author,
    at: datetime,
) -> None:
    detail: dict[str, object] = {
        "assessment": str(place.assessment_id),
        "code": place.code,
        "answer_version": place.version,
        "outcome": judgement.outcome.value,
        "contradicted": judgement.is_contradicted,
    }
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.REVIEW_VERDICT,
        subject=("review", review.id),
        detail=detail,
    )
