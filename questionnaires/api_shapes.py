"""Questionnaires as JSON: every key that leaves stands here by name."""

from typing import Any

from foundation.api_shapes import (
    file,
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
from questionnaires.formats import Problem
from questionnaires.models import QuestionnaireVersion
from questionnaires.nodes import (
    Area,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    WeightClass,
    questions_of,
)
from questionnaires.queries import QuestionnaireRow
from questionnaires.richtext import plain

Shape = dict[str, Any]

_HEAD = {
    "id": ident(),
    "code": text("Stable over all versions.", like="tier2"),
    "title": text(),
    "version": integer("The newest.", least=1),
}
ROW = record(
    "QuestionnaireRow",
    {**_HEAD, "sections": integer(), "questions": integer(), "created_at": moment()},
)
_OPTION = record(
    "Option",
    {"code": text(), "text": text(), "value": maybe(number("0 to 1; null is not scored."))},
)
_QUESTION = record(
    "Question",
    {
        "code": text("Stable: answers are told by it."),
        "kind": one_of(QuestionKind),
        "text": text(),
        "area": maybe(one_of(Area)),
        "weight_class": maybe(one_of(WeightClass)),
        "is_required": yes_or_no(),
        "options": many(_OPTION),
    },
)
_SECTION = record("Section", {"code": text(), "title": text(), "questions": many(_QUESTION)})
WHOLE = record(
    "Questionnaire",
    {
        **_HEAD,
        "sha256": text("Of the frozen content, in hexadecimal."),
        "created_at": moment(),
        "sections": many(_SECTION),
    },
)
UPLOAD = record("QuestionnaireFile", {"file": file("A VSAQ file, or our own YAML; 5 MB at most.")})
_PROBLEM = record("FileProblem", {"where": text(), "what": text(), "fix": text()})
OUTCOME = record(
    "FileOutcome",
    {
        "format": text(like="vsaq"),
        "title": text(),
        "sections": integer(),
        "questions": integer("Those that can be answered."),
        "options": integer(),
        "conditions": integer(),
        "problems": many(_PROBLEM, "Remarks; they do not stand in the way."),
    },
)
STORED = record("StoredQuestionnaire", {**_HEAD, **OUTCOME.fields})


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


def whole_questionnaire(version: QuestionnaireVersion, content: Questionnaire) -> Shape:
    """Return one version with its questions; texts are plain."""
    return {
        "id": str(version.questionnaire_id),
        "code": content.code,
        "title": version.title,
        "version": version.number,
        "sha256": version.sha256,
        "created_at": version.created_at.isoformat(),
        "sections": [_section(section) for section in content.sections],
    }


def stored(version: QuestionnaireVersion, code: str, outcome: Shape) -> Shape:
    """Return what was stored of a file, with what reading it came to."""
    head = {"id": str(version.questionnaire_id), "code": code, "version": version.number}
    return {**outcome, **head, "title": version.title}


def sentences(problems: tuple[Problem, ...]) -> tuple[str, ...]:
    """Return what is wrong with a file, one sentence for each thing."""
    return tuple(f"{each.where}: {each.what} {each.fix}" for each in problems)


def _section(found: Section) -> Shape:
    return {
        "code": found.code,
        "title": found.title,
        "questions": [_question(each) for each in questions_of(found)],
    }


def _question(found: Question) -> Shape:
    return {
        "code": found.code,
        "kind": found.kind.value,
        "text": plain(found.text),
        "area": found.area.value if found.area else None,
        "weight_class": found.weight_class.value if found.weight_class else None,
        "is_required": found.is_required,
        "options": [
            {"code": each.code, "text": plain(each.text), "value": each.value}
            for each in found.options
        ],
    }
