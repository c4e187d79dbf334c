"""Lint of conditions: questions that nobody can ever see, or that wait for a later one."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod

from questionnaires.conditions import facts_in, holds, parts_of
from questionnaires.given import Given
from questionnaires.linting.subject import Subject
from questionnaires.nodes import Question, QuestionKind
from questionnaires.order import Entry, entries_of, needs_of
from questionnaires.problem import Problem
from vendors.tiering import Exposure, Factor, Flag, exposure_of

MOST_TRIED = 50_000
"""A question that waits for more combinations of answers and facts counts as reachable."""


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
                "No answers and no facts lead to it, so nobody can ever see it.",
                "Correct its condition, or take the question out.",
            )


def _can_be_seen(
    question: Question, entries: Mapping[str, Entry], asked: Mapping[str, Question]
) -> bool:
    involved = _involved(question.code, entries)
    sources = [code for code in involved if code in asked and code != question.code]
    answers = [_answers_to(asked[code]) for code in sources]
    exposures = _exposures(entries[code] for code in involved)
    if prod(map(len, (exposures, *answers))) > MOST_TRIED:
        return True
    needed = [entries[code] for code in involved]
    return any(
        _is_seen(needed, dict(zip(sources, way, strict=True)), exposure)
        for exposure in exposures
        for way in product(*answers)
    )


def _exposures(entries: Iterable[Entry]) -> list[Exposure]:
    """Return every exposure that makes a difference to these conditions."""
    levels: dict[Factor | Flag, set[int]] = {}
    for entry in entries:
        for part in facts_in(entry.condition):
            for name in part.fact.made_of:
                levels.setdefault(name, {0}).add(part.at_least)
    names = [name.value for name in levels]
    return [
        exposure_of(dict(zip(names, way, strict=True)))
        for way in product(*(_values_of(name, each) for name, each in levels.items()))
    ]


def _values_of(name: Factor | Flag, levels: set[int]) -> list[int | bool]:
    return [False, True] if isinstance(name, Flag) else sorted(levels)


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


def _is_seen(involved: list[Entry], answers: dict[str, Given], exposure: Exposure) -> bool:
    """Return whether the last of these entries is shown; each follows what it builds on."""
    shown: set[str] = set()
    for entry in involved:
        visible = {name: given for name, given in answers.items() if name in shown}
        if (entry.parent is None or entry.parent in shown) and holds(
            entry.condition, visible, shown, exposure
        ):
            shown.add(entry.code)
    return involved[-1].code in shown
