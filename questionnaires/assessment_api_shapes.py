"""Assessments and their answers as JSON: every key that leaves stands here by name."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from foundation.api_shapes import (
    day,
    ident,
    integer,
    many,
    maybe,
    moment,
    number,
    one_of,
    record,
    text,
    yes_or_no,
)
from questionnaires.answer_rows import AnswerRow, CitationRow
from questionnaires.facts import Fact
from questionnaires.models import Assessment
from questionnaires.queries import AssessmentRow
from questionnaires.rules import AssessmentState
from questionnaires.scope import left_out
from questionnaires.scoring import AreaScore, Score, SumLine
from questionnaires.sheet import Sheet

Shape = dict[str, Any]

_SHARE = maybe(number("0 to 1; null while it is not in, or unscored."))
_HEAD = {
    "id": ident(),
    "reference": text(like="A-0107"),
    "questionnaire": text("Its title."),
    "questionnaire_version": integer("The one that was frozen.", least=1),
    "state": one_of(AssessmentState),
    "round": integer("1, and one more each time it came back.", least=1),
    "contact": text("The name of who answers."),
    "sent_at": moment(),
    "due_on": day(),
    "submitted_at": maybe(moment()),
}
_DONE = {"answered": integer(), "total": integer("Questions shown as answers stand.")}
ROW = record(
    "AssessmentRow",
    {**_HEAD, "progress": record("Progress", _DONE), "claimed": _SHARE, "evidenced": _SHARE},
)
_PART = {
    "claimed": maybe(number()),
    "evidenced": maybe(number()),
    "coverage": maybe(number()),
    "weight": number(),
    "claimed_points": number(),
    "evidenced_points": number(),
    "questions": integer(),
}
_LINE = record(
    "SumLine",
    {
        "question": text(),
        "area": text(),
        "weight": number(),
        "value": maybe(number()),
        "assurance": number(),
        "claimed_points": number(),
        "evidenced_points": number(),
        "outcome": text(),
        "reason": text(),
    },
)
_SCORE = record(
    "Score",
    {
        "formula_version": text(),
        "total": maybe(record("ScoreTotal", _PART)),
        "areas": many(record("ScoreArea", {"area": text(), **_PART})),
        "sum": many(_LINE, "Every question with what it adds."),
    },
)
_SECTION = record("SectionProgress", {"code": text(), **_DONE})
_LEFT_OUT = record("QuestionOutOfScope", {"question": text(), "facts": many(one_of(Fact))})
WHOLE = record(
    "Assessment",
    {
        **_HEAD,
        "vendor_id": ident(),
        "started_at": maybe(moment()),
        "progress": record("SectionsProgress", {**_DONE, "sections": many(_SECTION)}),
        "out_of_scope": many(_LEFT_OUT, "What was not asked, with the facts that ruled it out."),
        "score": maybe(_SCORE),
    },
)
_CONTACT = record(
    "NewContact", {"email": text(like="vania@acme.example"), "name": text()}, optional=("name",)
)
NEW = record(
    "NewAssessment",
    {
        "vendor": ident(),
        "questionnaire": text(
            "The id or code of one; left out, the one for the tier.", like="tier2"
        ),
        "contact": _CONTACT,
        "due_on": maybe(day("Left out or null, it follows from the tier.")),
        "message": text("Stands in the letter."),
    },
    optional=("questionnaire", "due_on", "message"),
)
ANSWER = record(
    "Answer",
    {
        "code": text("The code of the question."),
        "options": many(text(), "Codes of the options that were chosen."),
        "text": text(),
        "is_not_applicable": yes_or_no(),
        "reason": text("Why it does not apply."),
        "version": integer("How often it was changed.", least=1),
        "updated_at": moment(),
        "evidence": many(ident(), "Files that are cited."),
    },
)


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
    """Return an assessment as it stands; `score` is null before it was handed in, or unscored."""
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


def answer(found: AnswerRow, cited: Iterable[CitationRow]) -> Shape:
    """Return one answer with the files it cites."""
    return {
        "code": found.code,
        "options": list(found.options),
        "text": found.text,
        "is_not_applicable": found.is_not_applicable,
        "reason": found.reason,
        "version": found.version,
        "updated_at": found.updated_at.isoformat(),
        "evidence": [str(each.evidence_id) for each in cited],
    }
