"""Asking back: questions pile up, go out as one letter, and only they can be answered."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Conflict, Missing, Refused
from foundation.ids import new_id
from identity.rules import Author
from organisation.queries import day_of
from questionnaires import content, post
from questionnaires.answer_models import Clarification
from questionnaires.checking import normalise_explanation
from questionnaires.links import addressee_of, living_link, path_of
from questionnaires.models import LOOK_AT_ONCE, Assessment
from questionnaires.nodes import Questionnaire
from questionnaires.queries import questionnaire_of_version
from questionnaires.richtext import plain
from questionnaires.rules import AssessmentState, refusal_of_due_date
from questionnaires.settling import lock, move, refuse_card_number


def ask(
    session: Session, assessment: Assessment, code: str, text: str, *, by: Author, at: datetime
) -> Clarification:
    """Pile up a question about one answer; it goes out when the assessment is handed back."""
    words = _words(text, "Write what you want to know about this answer.")
    lock(session, assessment)
    if assessment.state is not AssessmentState.SUBMITTED:
        raise Conflict("Questions can be asked back while a submitted assessment is reviewed.")
    questionnaire = questionnaire_of_version(session, assessment.questionnaire_version_id)
    if content.question(questionnaire, code) is None:
        raise Missing("This questionnaire has no such question. Reload the page.")
    made = Clarification(
        id=new_id(),
        assessment_id=assessment.id,
        code=code,
        text=words,
        asked_by_id=by.person_id,
        asked_at=at,
    )
    session.add(made)
    try:
        session.flush()
    except IntegrityError as twice:
        raise Conflict(
            "Something was asked back about this answer already. Withdraw that first."
        ) from twice
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.ASSESSMENT_ASK_BACK,
        subject=("assessment", assessment.id),
        detail={"code": code, "clarification": str(made.id)},
    )
    return made


def withdraw(
    session: Session,
    assessment: Assessment,
    clarification_id: UUID,
    *,
    by: Author,
    at: datetime,
) -> None:
    """Take a question back, sent or not; an answered one stays."""
    lock(session, assessment)
    found = get_clarification(session, assessment, clarification_id)
    if found.withdrawn_at is not None:
        return
    if found.answered_at is not None:
        raise Conflict("The vendor has replied to this already.")
    found.withdrawn_at = at
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.ASSESSMENT_ASK_BACK,
        subject=("assessment", assessment.id),
        detail={"code": found.code, "clarification": str(found.id), "withdrawn": True},
    )
    session.flush()


def hand_back(
    session: Session, assessment: Assessment, *, due_on: date, by: Author, at: datetime
) -> None:
    """Send everything asked back as one letter and let the vendor change those answers only."""
    sentence = refusal_of_due_date(due_on, day_of(session, at))
    if sentence:
        raise Refused(sentence, where="due_on")
    lock(session, assessment)
    piled = _piled_up(session, assessment)
    if not piled:
        raise Refused("Nothing was asked back yet. Ask about at least one answer first.")
    move(assessment, AssessmentState.RETURNED)
    assessment.round += 1
    assessment.due_on, assessment.remind_on = due_on, LOOK_AT_ONCE
    for each in piled:
        each.sent_at = at
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.ASSESSMENT_RETURN,
        subject=("assessment", assessment.id),
        detail={"round": assessment.round, "codes": sorted(each.code for each in piled)},
    )
    _mail(session, assessment, piled, by=by, at=at)
    session.flush()


def reply(
    session: Session,
    assessment: Assessment,
    clarification_id: UUID,
    text: str,
    *,
    by: Author,
    at: datetime,
) -> Clarification:
    """Store what the vendor says to a question asked back; it may be said anew until handed in."""
    words = _words(text, "Write your reply.")
    lock(session, assessment)
    found = get_clarification(session, assessment, clarification_id)
    is_open = (
        assessment.state is AssessmentState.RETURNED
        and found.withdrawn_at is None
        and found.sent_at is not None
        and (assessment.submitted_at is None or found.sent_at >= assessment.submitted_at)
    )
    if not is_open:
        raise Conflict("This question is no longer open, so nothing was stored.")
    found.reply = words
    found.answered_at = at
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.ASSESSMENT_REPLY,
        subject=("assessment", assessment.id),
        detail={"code": found.code, "clarification": str(found.id)},
    )
    session.flush()
    return found


def get_clarification(
    session: Session, assessment: Assessment, clarification_id: UUID
) -> Clarification:
    """Return a question asked back in this assessment. Raises Missing."""
    chosen = select(Clarification).where(
        Clarification.id == clarification_id, Clarification.assessment_id == assessment.id
    )
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing
    return found


def _piled_up(session: Session, assessment: Assessment) -> list[Clarification]:
    chosen = select(Clarification).where(
        Clarification.assessment_id == assessment.id,
        Clarification.sent_at.is_(None),
        Clarification.withdrawn_at.is_(None),
    )
    return list(session.scalars(chosen.order_by(Clarification.asked_at, Clarification.id)))


def _mail(
    session: Session,
    assessment: Assessment,
    piled: list[Clarification],
    *,
    by: Author,
    at: datetime,
) -> None:
    person = addressee_of(session, assessment)
    link = living_link(session, assessment, person, by=by, at=at)
    questionnaire = questionnaire_of_version(session, assessment.questionnaire_version_id)
    post.clarification(
        session,
        assessment,
        person,
        asked=[(_text_of(questionnaire, each.code), each.text) for each in piled],
        link=path_of(link),
        at=at,
    )


def _text_of(questionnaire: Questionnaire, code: str) -> str:
    found = content.question(questionnaire, code)
    return plain(found.text) if found else ""


def _words(text: str, missing: str) -> str:
    words = normalise_explanation(text).text
    if not words:
        raise Refused(missing, where="text")
    refuse_card_number(words)
    return words
