"""Several at once: first answers in one go, one file cited from many answers."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.actions import Action
from evidence.models import Evidence
from foundation.errors import Conflict, Missing
from identity.rules import Author
from organisation.queries import day_of
from questionnaires import sheet
from questionnaires.answer_commands import RawAnswer, cleaned, how_of
from questionnaires.answer_models import Citation
from questionnaires.answer_rows import AnswerRow
from questionnaires.answer_writing import CHANGED, append, made_row, note_answer, write
from questionnaires.citation_commands import (
    checked_page,
    new_citation,
    note_citation,
    refuse_file,
)
from questionnaires.given import Given
from questionnaires.models import Assessment
from questionnaires.nodes import questions_of
from questionnaires.settling import begin, lock, refuse_a_change, refuse_card_number, settle
from questionnaires.sheet import Sheet


def save_first_answers(
    session: Session, assessment: Assessment, raws: Sequence[RawAnswer], *, by: Author, at: datetime
) -> Sheet:
    """Store answers to questions that have none yet, all or none, and return the sheet after.

    One ledger entry for each. Raises Conflict when one of them was answered meanwhile, and what
    `save_answer` raises for a wrong one.
    """
    lock(session, assessment)
    before = sheet.of(session, assessment, on=day_of(session, at))
    wanted = {raw.code: _checked(assessment, before, raw) for raw in raws}
    begin(session, assessment, by=by, at=at)
    rows: dict[str, AnswerRow] = {}
    for raw in raws:
        row = made_row(raw.code, wanted[raw.code], None, 0, by, at)
        rows[raw.code] = write(session, assessment, None, row)
        append(session, row, before=None, how=how_of(raw, by))
        note_answer(session, assessment, row, by=by, at=at)
    after = sheet.with_answers(before, rows, on=day_of(session, at))
    settle(assessment, after)
    session.flush()
    return after


def cite_from_many(  # noqa: PLR0913  every part of a citation is named
    session: Session,
    assessment: Assessment,
    codes: Collection[str],
    evidence: Evidence,
    *,
    page: str = "",
    by: Author,
    at: datetime,
) -> int:
    """Cite one file from several answers; those that cite it already stay as they are.

    Returns how many were added. Raises Missing for a question that is not there.
    """
    kept = checked_page(page)
    refuse_card_number(kept)
    refuse_file(assessment, evidence, by)
    lock(session, assessment)
    before = sheet.of(session, assessment, on=day_of(session, at))
    known = {question.code for question in questions_of(before.questionnaire)}
    if not known.issuperset(codes):
        raise Missing("This questionnaire has no such question. Reload the page.")
    for code in codes:
        refuse_a_change(assessment, before, code)
    begin(session, assessment, by=by, at=at)
    known_here = set(_citing(session, assessment, evidence))
    added = [code for code in codes if code not in known_here]
    for code in added:
        cited = new_citation(assessment, code, evidence, by=by, at=at)
        cited.page, cited.note = kept, ""
        session.add(cited)
        note_citation(session, cited, Action.CITATION_ADD, by=by, at=at)
    session.flush()
    settle(assessment, sheet.of(session, assessment, on=day_of(session, at)))
    session.flush()
    return len(added)


def _checked(assessment: Assessment, before: Sheet, raw: RawAnswer) -> Given:
    wanted = cleaned(before.questionnaire, raw)
    refuse_card_number(wanted.text, wanted.reason)
    refuse_a_change(assessment, before, raw.code)
    if raw.code in before.answers:
        raise Conflict(CHANGED)
    return wanted


def _citing(session: Session, assessment: Assessment, evidence: Evidence) -> Sequence[str]:
    chosen = select(Citation.code).where(
        Citation.assessment_id == assessment.id, Citation.evidence_id == evidence.id
    )
    return session.scalars(chosen).all()
