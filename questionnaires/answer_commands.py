"""Saving answers: one at a time, never over somebody else's, every change kept."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from audit.actions import ActorKind
from foundation.errors import Conflict, Missing
from identity.rules import Author
from organisation.queries import day_of
from questionnaires import content, sheet
from questionnaires.answer_rows import AnswerRow
from questionnaires.answer_writing import (
    CHANGED,
    append,
    is_late_repeat,
    made_row,
    note_answer,
    write,
)
from questionnaires.checking import normalise, normalise_explanation
from questionnaires.given import NOTHING, Given
from questionnaires.models import Assessment
from questionnaires.nodes import Questionnaire, Tip, nodes_of
from questionnaires.order import codes_of
from questionnaires.richtext import plain
from questionnaires.settling import begin, lock, refuse_a_change, refuse_card_number, settle
from questionnaires.sheet import Sheet
from questionnaires.visibility import FormProgress, is_answered


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer as it was typed; `how` is typed, reconfirmed or imported."""

    code: str
    options: tuple[str, ...] = ()
    text: str = ""
    not_applicable: bool = False
    reason: str = ""
    how: str = "typed"


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving came to; `shown` and `hidden` are the codes of all parts, as they are now."""

    code: str
    answer_version: int
    saved_at: datetime
    progress: FormProgress
    shown: tuple[str, ...]
    hidden: tuple[str, ...]
    hidden_answers: tuple[str, ...]
    """Answered questions this change hid; they are kept but no longer count."""
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Theirs:
    """What is stored in place of the answer that was refused; `options` are plain texts."""

    version: int
    values: tuple[str, ...]
    options: tuple[str, ...]
    text: str
    not_applicable: bool
    reason: str
    who: str
    at: datetime


def start(session: Session, assessment: Assessment, *, by: Author, at: datetime) -> None:
    """Note that the vendor has begun; nothing happens when it had already."""
    lock(session, assessment)
    if begin(session, assessment, by=by, at=at):
        settle(assessment, sheet.of(session, assessment, on=day_of(session, at)))
        session.flush()


def save_answer(  # noqa: PLR0913  every part of a save is named
    session: Session,
    assessment: Assessment,
    raw: RawAnswer,
    *,
    base_version: int,
    sequence: int,
    by: Author,
    at: datetime,
) -> Saved:
    """Store one answer made from `base_version` (0 for none); raises Conflict with Theirs.

    At most 12 statements. A repeat of what was stored already changes nothing.
    """
    lock(session, assessment)
    before = sheet.of(session, assessment, on=day_of(session, at))
    wanted = cleaned(before.questionnaire, raw)
    refuse_card_number(wanted.text, wanted.reason)
    refuse_a_change(assessment, before, raw.code)
    stored = before.answers.get(raw.code)
    if wanted == (stored.given if stored else Given()):
        return _saved(raw.code, before, before, at)
    if base_version != (stored.version if stored else 0):
        if stored and is_late_repeat(session, stored, wanted, sequence=sequence, by=by):
            return _saved(raw.code, before, before, at)
        raise Conflict(CHANGED, theirs=_theirs(before.questionnaire, stored))
    begin(session, assessment, by=by, at=at)
    row = write(session, assessment, stored, made_row(raw.code, wanted, stored, sequence, by, at))
    append(session, row, before=stored, how=how_of(raw, by))
    after = sheet.with_answers(before, {raw.code: row}, on=day_of(session, at))
    settle(assessment, after)
    note_answer(session, assessment, row, by=by, at=at)
    session.flush()
    return _saved(raw.code, before, after, at)


def cleaned(questionnaire: Questionnaire, raw: RawAnswer) -> Given:
    """Return a typed answer cleaned; Missing for an unknown code, Refused for a wrong value."""
    question = content.question(questionnaire, raw.code)
    if question is None:
        if not _takes_explanation(questionnaire, raw.code):
            raise Missing("This questionnaire has no such question. Reload the page.")
        return normalise_explanation(raw.text)
    return normalise(
        question,
        {
            "options": raw.options,
            "text": raw.text,
            "not_applicable": raw.not_applicable,
            "reason": raw.reason,
        },
    )


def _takes_explanation(questionnaire: Questionnaire, code: str) -> bool:
    return any(
        isinstance(node, Tip) and node.code == code and (node.is_warning or node.why_prompt)
        for section in questionnaire.sections
        for node in nodes_of(section.nodes)
    )


def how_of(raw: RawAnswer, by: Author) -> str:
    return "on_behalf" if by.actor.kind is ActorKind.STAFF else raw.how


def _theirs(questionnaire: Questionnaire, stored: AnswerRow | None) -> Theirs | None:
    if stored is None:
        return None
    question = content.question(questionnaire, stored.code)
    chosen = [question.option(code) for code in stored.options] if question else []
    return Theirs(
        version=stored.version,
        values=stored.options,
        options=tuple(plain(option.text) for option in chosen if option),
        text=stored.text,
        not_applicable=stored.is_not_applicable,
        reason=stored.reason,
        who=stored.by_name,
        at=stored.updated_at,
    )


def _saved(code: str, before: Sheet, after: Sheet, at: datetime) -> Saved:
    stored = after.answers.get(code)
    shown = codes_of(replace(after.questionnaire, sections=after.form.sections))
    now_shown, still = set(shown), after.form.question_codes
    return Saved(
        code=code,
        answer_version=stored.version if stored else 0,
        saved_at=at,
        progress=after.progress,
        shown=shown,
        hidden=tuple(each for each in codes_of(after.questionnaire) if each not in now_shown),
        hidden_answers=tuple(
            question.code
            for question in before.form.questions
            if question.code not in still
            and is_answered(question, before.given.get(question.code, NOTHING))
        ),
        sheet=after,
    )
