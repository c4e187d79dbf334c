"""What would make a questionnaire unusable: repeated codes, rings, names of nothing."""

from collections import Counter
from collections.abc import Iterator

from questionnaires.conditions import MAX_DEPTH, TOO_DEEP, Answered, Chosen, depth_of, parts_of
from questionnaires.nodes import Question, QuestionKind, Questionnaire, questions_of
from questionnaires.order import codes_of, entries_of, ring_of
from questionnaires.problem import Problem

MAX_QUESTIONS = 2_000
_CHOOSING = {QuestionKind.SINGLE, QuestionKind.MANY}


def faults_of(questionnaire: Questionnaire) -> tuple[Problem, ...]:
    """Return everything that forbids using this questionnaire; none when it is sound."""
    found = [*_repeated_codes(questionnaire), *_options(questionnaire)]
    found.extend(_conditions(questionnaire))
    if not found:
        found.extend(_ring(questionnaire))
    count = len(questions_of(questionnaire))
    if count > MAX_QUESTIONS:
        what = f"It holds {count:,} questions; at most {MAX_QUESTIONS:,} are read."
        found.append(Problem("the whole file", what, "Split it into several questionnaires."))
    if count == 0:
        found.append(
            Problem("the whole file", "It holds no question.", "Add at least one question.")
        )
    return tuple(found)


def _repeated_codes(questionnaire: Questionnaire) -> Iterator[Problem]:
    for code, times in Counter(codes_of(questionnaire)).items():
        if times > 1:
            yield Problem(
                f'id "{code}"',
                f'{times} items have the id "{code}", so an answer could belong to any of them.',
                "Give each item an id of its own.",
            )


def _options(questionnaire: Questionnaire) -> Iterator[Problem]:
    for question in questions_of(questionnaire):
        if question.kind in _CHOOSING and not question.options:
            yield Problem(
                f'question "{question.code}"',
                "It asks to choose but offers no choices.",
                "Add choices, or make it a line or a text.",
            )
        for code, times in Counter(option.code for option in question.options).items():
            if times > 1:
                yield Problem(
                    f'question "{question.code}"',
                    f'{times} of its choices have the id "{code}".',
                    "Give each choice an id of its own.",
                )


def _conditions(questionnaire: Questionnaire) -> Iterator[Problem]:
    asked = {question.code: question for question in questions_of(questionnaire)}
    codes = set(codes_of(questionnaire))
    for entry in entries_of(questionnaire):
        if depth_of(entry.condition) > MAX_DEPTH:
            yield Problem(
                f'item "{entry.code}"', TOO_DEEP, "Split it over two groups or questions."
            )
        for part in parts_of(entry.condition):
            missing = _names_nothing(part, asked, codes)
            if missing:
                yield Problem(
                    f'item "{entry.code}"',
                    f'Its condition names "{missing}", and nothing here has that id.',
                    "Correct the id, or take it out of the condition.",
                )


def _names_nothing(part: object, asked: dict[str, Question], codes: set[str]) -> str | None:
    if isinstance(part, Chosen):
        if part.question not in asked:
            return part.question
        return None if asked[part.question].option(part.option) else part.option
    if isinstance(part, Answered):
        return None if part.question in asked else part.question
    node = str(getattr(part, "node", ""))
    return None if node in codes else node


def _ring(questionnaire: Questionnaire) -> Iterator[Problem]:
    ring = ring_of(entries_of(questionnaire))
    if len(ring) == 1:
        yield Problem(
            f'item "{ring[0]}"',
            "It is shown only after it was itself answered, so nobody could ever see it.",
            "Change its condition so that it names an earlier question.",
        )
    elif ring:
        named = ", ".join(f'"{code}"' for code in ring)
        yield Problem(
            f'item "{ring[0]}"',
            f"These wait for each other in a ring, so none could ever be shown: {named}.",
            "Change the condition of one of them so that it names an earlier question.",
        )
