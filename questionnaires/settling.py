"""What every change inside an assessment shares: one at a time, begun once, its sums kept up."""

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.cards import find_card_number
from foundation.errors import Conflict, Refused
from identity.rules import Author
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState, refusal_to_answer, refusal_to_move
from questionnaires.scoring import Score
from questionnaires.sheet import Sheet, codes_in_play

_COLUMNS = tuple(column.key for column in inspect(Assessment).column_attrs)


def lock(session: Session, assessment: Assessment) -> None:
    """Let one change after another into an assessment, each seeing what the last one stored."""
    session.refresh(assessment, attribute_names=_COLUMNS, with_for_update=True)


def settle(assessment: Assessment, sheet: Sheet) -> None:
    """Store progress and score beside the assessment, for lists and for later readers."""
    assessment.n_visible = sheet.progress.total.total
    assessment.n_answered = sheet.progress.total.answered
    total = sheet.score.total if sheet.score else None
    assessment.score = stored_score(sheet.score) if sheet.score else None
    assessment.claimed = total.claimed if total else None
    assessment.evidenced = total.evidenced if total else None


def stored_score(score: Score) -> dict[str, Any]:
    """Return the sums as plain JSON values; the lines follow from the answers at any time."""
    return {
        "formula_version": score.formula_version,
        "total": _plain(asdict(score.total)) if score.total else None,
        "areas": [_plain(asdict(area)) for area in score.areas],
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.value if isinstance(value, StrEnum) else value for name, value in values.items()
    }


def refuse_a_change(assessment: Assessment, sheet: Sheet, code: str) -> None:
    """Raise Refused when the answer to this question may not change now."""
    is_returned = assessment.state is AssessmentState.RETURNED
    is_in_play = is_returned and code in codes_in_play(sheet, assessment)
    sentence = refusal_to_answer(assessment.state, is_in_play=is_in_play)
    if sentence:
        raise Refused(sentence)


def move(assessment: Assessment, target: AssessmentState) -> None:
    """Bring an assessment to another state, or raise Conflict with the reason why not."""
    sentence = refusal_to_move(assessment.state, target)
    if sentence:
        raise Conflict(sentence)
    assessment.state = target


def begin(session: Session, assessment: Assessment, *, by: Author, at: datetime) -> bool:
    """Note that the vendor has begun, unless it had already; return whether it begins now."""
    if assessment.state is not AssessmentState.SENT:
        return False
    move(assessment, AssessmentState.ANSWERING)
    assessment.started_at = at
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.ASSESSMENT_OPEN,
        subject=("assessment", assessment.id),
    )
    return True


def refuse_card_number(*texts: str) -> None:
    """Raise Refused when one of the texts holds a payment card number."""
    for text in texts:
        found = find_card_number(text)
        if found:
            raise Refused(
                f"This looks like a card number ({found}). "
                "Remove it: card numbers are never stored here."
            )
