"""Storing questionnaires: each changed content under a known code is a new version."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.actions import Action, Actor
from audit.commands import record
from foundation.errors import Refused
from foundation.ids import new_id
from questionnaires import content
from questionnaires.formats import Import
from questionnaires.models import QuestionnaireRecord, QuestionnaireVersion
from questionnaires.nodes import Questionnaire, questions_of
from questionnaires.scoring import SCORING_MODEL


def import_questionnaire(
    session: Session, imported: Import, *, by: Actor, at: datetime
) -> QuestionnaireVersion:
    """Store a file that was read and return its version; the same content again is the old one.

    Raises Refused for a file that was refused.
    """
    if imported.questionnaire is None:
        first = imported.problems[0]
        raise Refused(
            f"This file cannot be stored. {first.where}: {first.what} {first.fix}",
            where=first.where,
            reasons=tuple(f"{each.where}: {each.what} {each.fix}" for each in imported.problems),
        )
    return store(session, imported.questionnaire, by=by, at=at)


def store(
    session: Session, questionnaire: Questionnaire, *, by: Actor, at: datetime
) -> QuestionnaireVersion:
    """Store a questionnaire and return its version; the same content again is the old one."""
    record_row = _record_of(session, questionnaire, at)
    sha256 = content.sha256_of(questionnaire)
    known = session.scalars(
        select(QuestionnaireVersion).where(
            QuestionnaireVersion.questionnaire_id == record_row.id,
            QuestionnaireVersion.sha256 == sha256,
        )
    ).first()
    if known is not None:
        return known
    version = _next_version(session, record_row, questionnaire, at)
    record_row.title = questionnaire.title
    record(
        session,
        at=at,
        actor=by,
        action=Action.QUESTIONNAIRE_IMPORT,
        subject=("questionnaire", record_row.id),
        detail={"code": questionnaire.code, "version": version.number, "sha256": sha256},
    )
    session.flush()
    return version


def _record_of(session: Session, questionnaire: Questionnaire, at: datetime) -> QuestionnaireRecord:
    chosen = select(QuestionnaireRecord).where(QuestionnaireRecord.code == questionnaire.code)
    known = session.scalars(chosen.with_for_update()).first()
    if known is not None:
        return known
    made = QuestionnaireRecord(
        id=new_id(),
        code=questionnaire.code,
        title=questionnaire.title,
        format=questionnaire.format,
        created_at=at,
    )
    session.add(made)
    session.flush()
    return made


def _next_version(
    session: Session, record_row: QuestionnaireRecord, questionnaire: Questionnaire, at: datetime
) -> QuestionnaireVersion:
    newest = session.scalar(
        select(func.max(QuestionnaireVersion.number)).where(
            QuestionnaireVersion.questionnaire_id == record_row.id
        )
    )
    made = QuestionnaireVersion(
        id=new_id(),
        questionnaire_id=record_row.id,
        number=(newest or 0) + 1,
        title=questionnaire.title,
        content=content.to_json(questionnaire),
        sha256=content.sha256_of(questionnaire),
        n_sections=len(questionnaire.sections),
        n_questions=len(questions_of(questionnaire)),
        scoring_model=SCORING_MODEL.to_json(),
        created_at=at,
    )
    session.add(made)
    session.flush()
    return made
