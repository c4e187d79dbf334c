"""Lint of the whole library: each questionnaire, and what holds between them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from questionnaires import bank
from questionnaires.bank import BANK, LIBRARY, TIERS, BankArea
from questionnaires.formats import read
from questionnaires.linting.notes import note_on, notes_in
from questionnaires.linting.subject import Notes, Subject, Vocabulary
from questionnaires.linting.whole import lint
from questionnaires.nodes import Question, Questionnaire, questions_of
from questionnaires.problem import Problem

MOST = {1: 100, 2: 60, 3: 30, 4: 10}
"""domain.md B.4: how many questions a tier may be asked, as if every condition held."""
_LOWEST = 4


def lint_library(words: Vocabulary, folder: Path = BANK) -> tuple[Problem, ...]:
    """Return everything to mend in the questionnaires that come with the product."""
    try:
        areas = bank.areas(folder)
        files = {tier: bank.file_for(tier, folder) for tier in TIERS}
    except ValueError as fault:
        return (Problem("the library", str(fault), "Mend that file; nothing else was looked at."),)
    files[_LOWEST] = (LIBRARY / "tier4.yaml").read_bytes()
    known = {code: note for one in areas for code, note in _notes(one).items()}
    fourth = notes_in(files[_LOWEST], "tier4.yaml")
    found: list[Problem] = [*_repeated(areas), *_tiers(areas)]
    read_tiers: dict[int, Questionnaire] = {}
    for tier, payload in files.items():
        outcome = read(payload, f"tier{tier}.yaml")
        found.extend(
            Problem(f"questionnaire tier{tier}, {each.where}", each.what, each.fix)
            for each in outcome.problems
        )
        if outcome.questionnaire is not None:
            read_tiers[tier] = outcome.questionnaire
            here = fourth if tier == _LOWEST else known
            found.extend(lint(Subject(outcome.questionnaire, words, here, MOST[tier])))
    found.extend(_between(read_tiers, known))
    found.extend(_lowest(areas, fourth))
    return tuple(dict.fromkeys(found))


def different(subject: Subject, asked: Mapping[str, Question]) -> Iterator[Problem]:
    """Yield questions that have the code of another one but not its text and choices."""
    for question in subject.questions:
        other = asked.get(question.code)
        if other is not None and _asks(question) != _asks(other):
            yield subject.problem(
                question.code,
                "Another questionnaire asks something else under the same code.",
                "Give it a code of its own, or the same text and choices: answers are used again "
                "by their code.",
            )


def _asks(question: Question) -> tuple[object, ...]:
    return question.text, question.kind, question.options


def _between(read_tiers: Mapping[int, Questionnaire], notes: Mapping[str, Notes]) -> list[Problem]:
    if _LOWEST not in read_tiers:
        return []
    lowest = {question.code: question for question in questions_of(read_tiers[_LOWEST])}
    nothing = Vocabulary(frozenset(), frozenset(), frozenset(), frozenset())
    return [
        problem
        for tier, questionnaire in read_tiers.items()
        if tier != _LOWEST
        for problem in different(Subject(questionnaire, nothing, notes), lowest)
    ]


def _repeated(areas: tuple[BankArea, ...]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for one in areas:
        for code in one.questions:
            if code in seen:
                yield Problem(
                    f'{one.name}, line {one.places[code].line}, question "{code}"',
                    f"The code stands in {seen[code]} too.",
                    "Give one of them a code of its own.",
                )
            seen[code] = one.name


def _tiers(areas: tuple[BankArea, ...]) -> Iterator[Problem]:
    for one in areas:
        for code, item in one.questions.items():
            written = bank.tiers_of(item)
            lower = [tier for tier in ("1", "2", "3", "4") if tier in written]
            wanted = ["1", "2", "3", "4"][: len(lower)]
            if not written or len(set(written)) != len(lower) or lower != wanted:
                yield Problem(
                    f'{one.name}, line {one.places[code].line}, question "{code}"',
                    f"It is asked in the tiers {', '.join(written) or '(none)'}.",
                    "Write [1], [1, 2], [1, 2, 3] or [1, 2, 3, 4]: a higher tier is asked what a "
                    "lower one is.",
                )


def _lowest(areas: tuple[BankArea, ...], fourth: Mapping[str, Notes]) -> Iterator[Problem]:
    for one in areas:
        for code, item in one.questions.items():
            if str(_LOWEST) in bank.tiers_of(item) and code not in fourth:
                yield Problem(
                    f'{one.name}, line {one.places[code].line}, question "{code}"',
                    "It says that tier 4 is asked it, but it is not in tier4.yaml.",
                    "Add it there too, or take the 4 out of its tiers.",
                )


def _notes(one: BankArea) -> dict[str, Notes]:
    return {code: note_on(one.name, one.places[code], item) for code, item in one.questions.items()}
