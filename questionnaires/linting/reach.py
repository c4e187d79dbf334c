"""Lint of conditions: questions that nobody can ever see, or that wait for a later one."""

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod

from questionnaires.conditions import holds, parts_of
from questionnaires.given import Given
from questionnaires.linting.subject import Subject
from questionnaires.nodes import Question, QuestionKind
from questionnaires.order import Entry, entries_of, needs_of
from questionnaires.problem import Problem

MOST_TRIED = 50_000
"""A question that waits for more combinations of answers than this is taken to be reachable."""


def reach_problems(subject: Subject) -> Iterator[Problem]:
    """Yield questions that cannot be reached, or stand before what they wait for."""
    entries = {entry.code: entry for entry in entries_of(subject.questionnaire)}
    asked = {question.code: question for question in subject.questions}
    place = {code: number for number, code in enumerate(entries)}
    for code, question in asked.items():
        named = {
            part.question for part in parts_of(entries[code].condition) if hasattr(part, "question")
        }
        for later in sorted(name for name in named & asked.keys() if place[name] > place[code]):
            yield subject.problem(
                code,
                f'It waits for "{later}", which is asked after it.',
                "Move it behind that question, so that nobody has to go back.",
            )
        if not _can_be_seen(question, entries, asked):
            yield subject.problem(
                code,
                "No answers lead to it, so nobody can ever see it.",
                "Correct its condition, or take the question out.",
            )


def _can_be_seen(
    question: Question, entries: Mapping[str, Entry], asked: Mapping[str, Question]
) -> bool:
    involved = _involved(question.code, entries)
    sources = [code for code in involved if code in asked and code != question.code]
    answers = [_answers_to(asked[code]) for code in sources]
    if prod(len(each) for each in answers) > MOST_TRIED:
        return True
    return any(
        _is_seen(involved, entries, dict(zip(sources, way, strict=True)), question.code)
        for way in product(*answers)
    )


def _involved(code: str, entries: Mapping[str, Entry]) -> list[str]:
    """Return everything its visibility depends on, itself last."""
    done: list[str] = []

    def visit(name: str, above: frozenset[str]) -> None:
        if name in done or name in above or name not in entries:
            return
        for need in sorted(needs_of(entries[name])):
            visit(need, above | {name})
        done.append(name)

    visit(code, frozenset())
    return done


def _answers_to(question: Question) -> tuple[Given, ...]:
    codes = [option.code for option in question.options]
    chosen = tuple(Given(options=frozenset({code})) for code in codes)
    if question.kind is QuestionKind.MANY:
        chosen = (*chosen, Given(options=frozenset(codes)))
    written = () if chosen else (Given(text="Something"),)
    return (Given(), *chosen, *written)


def _is_seen(
    involved: list[str], entries: Mapping[str, Entry], answers: dict[str, Given], wanted: str
) -> bool:
    shown: set[str] = set()
    for code in involved:
        entry = entries[code]
        visible = {name: given for name, given in answers.items() if name in shown}
        if (entry.parent is None or entry.parent in shown) and holds(
            entry.condition, visible, shown
        ):
            shown.add(code)
    return wanted in shown
