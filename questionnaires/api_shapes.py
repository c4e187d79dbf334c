"""Questionnaires and assessments as JSON: every key that leaves stands here by name."""

from datetime import datetime
from typing import Any

from questionnaires.models import Assessment
from questionnaires.queries import AssessmentRow, QuestionnaireRow
from questionnaires.scope import left_out
from questionnaires.scoring import AreaScore, Score, SumLine
from questionnaires.sheet import Sheet

Shape = dict[str, Any]


def questionnaire(found: QuestionnaireRow) -> Shape:
    """Return a questionnaire with its newest version."""
    return {
        "id": str(found.questionnaire_id),
        "code": found.code,
        "title": found.title,
        "version": found.number,
        "sections": found.n_sections,
        "questions": found.n_questions,
        "created_at": found.created_at.isoformat(),
    }


def row(found: AssessmentRow) -> Shape:
    """Return a line of a vendor's assessments; scores are shares of 1, null when unscored."""
    is_in = found.submitted_at is not None
    return {
        "id": str(found.assessment_id),
        "reference": found.reference,
        "questionnaire": found.title,
        "questionnaire_version": found.version_number,
        "state": found.state.value,
        "round": found.round,
        "contact": found.contact_name,
        "sent_at": found.sent_at.isoformat(),
        "due_on": found.due_on.isoformat(),
        "submitted_at": _moment(found.submitted_at),
        "progress": {"answered": found.n_answered, "total": found.n_visible},
        "claimed": found.claimed if is_in else None,
        "evidenced": found.evidenced if is_in else None,
    }


def whole(found: Assessment, stands: Sheet) -> Shape:
    """Return an assessment as it stands; `score` is null before it was handed in, or unscored.

    `out_of_scope` are the questions that were not asked, with the facts that ruled them out.
    """
    is_scored = found.submitted_at is not None and stands.score is not None
    return {
        "id": str(found.id),
        "reference": found.reference,
        "vendor_id": str(found.vendor_id),
        "questionnaire": found.questionnaire_version.title,
        "questionnaire_version": found.questionnaire_version.number,
        "state": found.state.value,
        "round": found.round,
        "contact": found.contact.person.name,
        "sent_at": found.sent_at.isoformat(),
        "due_on": found.due_on.isoformat(),
        "started_at": _moment(found.started_at),
        "submitted_at": _moment(found.submitted_at),
        "progress": _progress(stands),
        "out_of_scope": _out_of_scope(stands),
        "score": _score(stands.score) if is_scored and stands.score else None,
    }


def _progress(stands: Sheet) -> Shape:
    total = stands.progress.total
    return {
        "answered": total.answered,
        "total": total.total,
        "sections": [
            {"code": code, "answered": part.answered, "total": part.total}
            for code, part in stands.progress.sections.items()
        ],
    }


def _out_of_scope(stands: Sheet) -> list[Shape]:
    return [
        {"question": each.question.code, "facts": [fact.value for fact in each.facts]}
        for each in left_out(stands.questionnaire, stands.exposure)
    ]


def _score(found: Score) -> Shape:
    return {
        "formula_version": found.formula_version,
        "total": _area(found.total) if found.total else None,
        "areas": [{"area": area.area, **_area(area)} for area in found.areas],
        "sum": [_line(line) for line in found.lines],
    }


def _area(found: AreaScore) -> Shape:
    return {
        "claimed": found.claimed,
        "evidenced": found.evidenced,
        "coverage": found.coverage,
        "weight": found.weight,
        "claimed_points": found.claimed_points,
        "evidenced_points": found.evidenced_points,
        "questions": found.question_count,
    }


def _line(found: SumLine) -> Shape:
    return {
        "question": found.question_code,
        "area": found.area,
        "weight": found.weight,
        "value": found.value,
        "assurance": found.assurance,
        "claimed_points": found.claimed_points,
        "evidenced_points": found.evidenced_points,
        "outcome": found.outcome,
        "reason": found.reason,
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
