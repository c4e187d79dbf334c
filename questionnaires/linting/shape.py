"""Lint of what a question has: its code, its fields, the values of its choices."""

import re
from collections.abc import Iterator

from questionnaires.linting.subject import Subject
from questionnaires.nodes import Question, QuestionKind
from questionnaires.problem import Problem
from questionnaires.richtext import plain
from questionnaires.scoring import is_scored

_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_CHOOSING = frozenset({QuestionKind.SINGLE, QuestionKind.MANY})
ALWAYS_THERE = ("why_we_ask", "good_looks_like", "follow_ups", "references", "clause")
WHERE_SCORED = ("finding", "evidence")


def shape_problems(subject: Subject) -> Iterator[Problem]:
    """Yield what is wrong with codes, fields and values."""
    for question in subject.questions:
        yield from _code(subject, question)
        yield from _fields(subject, question)
        yield from _score(subject, question)
    if subject.most is not None and len(subject.questions) > subject.most:
        yield Problem(
            f'questionnaire "{subject.questionnaire.code}"',
            f"It asks {len(subject.questions)} questions; at most {subject.most} may be asked.",
            "Take the least useful ones out, or ask them in a higher tier only.",
        )


def _code(subject: Subject, question: Question) -> Iterator[Problem]:
    code = question.code
    if not _CODE.fullmatch(code):
        yield subject.problem(
            code,
            "Its code is not small letters and digits joined by _.",
            "Write it like enc_at_rest; never change the code of a question that was sent.",
        )
    if question.area is None:
        yield subject.problem(code, "It belongs to no area.", "Add a line  area:  such as enc.")
    elif not code.startswith(f"{question.area.value}_"):
        yield subject.problem(
            code,
            f'Its code does not begin with its area, "{question.area.value}_".',
            f"Call it {question.area.value}_{code}, or put it into the area it belongs to.",
        )


def _fields(subject: Subject, question: Question) -> Iterator[Problem]:
    wanted = (*ALWAYS_THERE, *(WHERE_SCORED if is_scored(question) else ()))
    for name in wanted:
        if not _value(question, name):
            yield subject.problem(
                question.code,
                f'It has no "{name}".',
                f"Add a line  {name}:  so that nobody has to guess.",
            )


def _value(question: Question, name: str) -> object:
    attribute = {"finding": "finding_text", "evidence": "evidence_kinds"}.get(name, name)
    value = getattr(question, attribute)
    return plain(value).strip() if isinstance(value, str) else value


def _score(subject: Subject, question: Question) -> Iterator[Problem]:
    values = [option.value for option in question.options]
    has_values = any(value is not None for value in values)
    if question.kind in _CHOOSING and has_values != (question.weight_class is not None):
        yield subject.problem(
            question.code,
            "It has only one of a weight and choices with values, so it is not scored.",
            "Give it both, or neither if it is not meant to count.",
        )
    if question.gate and not is_scored(question):
        yield subject.problem(
            question.code,
            f"It feeds gate {question.gate} but is not scored, so it can never answer it.",
            "Give it a weight and choices with values, or take the gate out.",
        )
    if has_values and (None in values or not {0.0, 1.0} <= set(values)):
        yield subject.problem(
            question.code,
            "Its choices do not reach from 0 to 1, each with a value.",
            "Give the best choice the value 1, the worst the value 0, and every other one a value.",
        )
