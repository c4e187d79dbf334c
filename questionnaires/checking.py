"""What is missing or wrong in answers, in sentences for the person who answers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import east_asian_width

from foundation.errors import Refused
from questionnaires.given import NOTHING, Given
from questionnaires.nodes import Question, QuestionKind
from questionnaires.visibility import VisibleForm, is_answered

MAX_TEXT = 10_000
LEAST_REASON = 10
LEAST_VARIETY = 4
NO_REASON = "Say in a short sentence why this does not apply to you."
_SAYS_IT_AGAIN = {"notapplicable", "doesnotapply", "doesnotapplytous", "thisdoesnotapplytous"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TO_DO = {
    QuestionKind.SINGLE: "Choose one answer",
    QuestionKind.MANY: "Choose what applies",
    QuestionKind.LINE: "Write an answer",
    QuestionKind.TEXT: "Write an answer",
    QuestionKind.DATE: "Give a date such as 2026-12-18",
    QuestionKind.FILE: "Attach a document",
}
_CHOOSING = {QuestionKind.SINGLE, QuestionKind.MANY}


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """One thing to mend before sending, and the question it belongs to."""

    code: str
    sentence: str


def problems(form: VisibleForm, answers: Mapping[str, Given]) -> tuple[AnswerProblem, ...]:
    """Return what keeps these answers from being sent, in the order of the form."""
    return tuple(
        AnswerProblem(question.code, sentence)
        for question in form.questions
        for sentence in _wrong_with(question, answers.get(question.code, NOTHING))
    )


def _wrong_with(question: Question, given: Given) -> Iterator[str]:
    if given.not_applicable:
        yield from _wrong_with_not_applicable(question, given)
        return
    if not is_answered(question, given):
        if question.is_required:
            yield missing_sentence(question)
        if given.is_blank:
            return
    yield from _wrong_with_content(question, given)


def missing_sentence(question: Question) -> str:
    """Return what to do about a required question without an answer."""
    otherwise = ", or say why it does not apply" if question.allows_not_applicable else ""
    return f"{_TO_DO[question.kind]}{otherwise}."


def _wrong_with_not_applicable(question: Question, given: Given) -> Iterator[str]:
    if not question.allows_not_applicable:
        yield f"This question applies to everybody. {_TO_DO[question.kind]}."
    elif len(given.reason) > MAX_TEXT:
        yield _too_long(given.reason)
    elif sentence := refusal_of_reason(given.reason):
        yield sentence


def refusal_of_reason(reason: str) -> str:
    """Return what a reviewer would miss in the reason why a question does not apply, or nothing."""
    if not reason.strip():
        return NO_REASON
    return "" if is_reason(reason) else f"This reason is too short to judge by. {NO_REASON}"


def is_reason(text: str) -> bool:
    """Return whether a text says something: ten letters, not the same few over and over.

    A letter of a script that writes a word in one or two signs counts twice.
    """
    letters = [each for each in text.casefold() if each.isalnum()]
    length = sum(2 if east_asian_width(each) in "WF" else 1 for each in letters)
    is_long = length >= LEAST_REASON and len(set(letters)) >= LEAST_VARIETY
    return is_long and "".join(letters) not in _SAYS_IT_AGAIN


def _wrong_with_content(question: Question, given: Given) -> Iterator[str]:
    unknown = [code for code in given.options if question.option(code) is None]
    if unknown:
        yield "One of the chosen answers is not offered here. Choose again from the list."
    if question.kind is QuestionKind.SINGLE and len(given.options) > 1:
        yield "Choose only one answer."
    if len(given.text) > MAX_TEXT:
        yield _too_long(given.text)
    if question.kind is QuestionKind.DATE and given.text.strip() and not _is_date(given.text):
        yield "This is not a date. Write year, month and day, such as 2026-12-18."


def _too_long(text: str) -> str:
    return (
        f"The text has {len(text):,} characters; at most {MAX_TEXT:,} fit. "
        "Shorten it, or attach the rest as a document."
    )


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text.strip()).isoformat() == text.strip()
    except ValueError:
        return False


def normalise(question: Question, raw: Mapping[str, object]) -> Given:
    """Return a typed answer (options, text, not_applicable, reason) cleaned; Refused if wrong.

    An unanswered question is no refusal here: a person may save half an answer.
    """
    given = Given(
        options=frozenset(_several(raw.get("options")))
        if question.kind in _CHOOSING
        else frozenset(),
        text=_cleaned(raw.get("text"), is_line=question.kind is QuestionKind.LINE),
        not_applicable=_is_on(raw.get("not_applicable")),
        reason=_cleaned(raw.get("reason"), is_line=False),
    )
    if given.not_applicable and not question.allows_not_applicable:
        raise Refused(f"This question applies to everybody. {_TO_DO[question.kind]}.")
    if len(given.reason) > MAX_TEXT:
        raise Refused(_too_long(given.reason))
    for sentence in _wrong_with_content(question, given):
        raise Refused(sentence)
    return given


def normalise_explanation(raw: object) -> Given:
    """Return the explanation typed under a warning, cleaned; Refused when it is too long."""
    text = _cleaned(raw, is_line=False)
    if len(text) > MAX_TEXT:
        raise Refused(_too_long(text))
    return Given(text=text)


def _several(value: object) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, Sequence | set | frozenset):
        return [str(each) for each in value if str(each)]
    return []


def _cleaned(value: object, *, is_line: bool) -> str:
    text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", text).encode("utf-8", "replace").decode("utf-8").strip()
    return " ".join(text.split()) if is_line else text


def _is_on(value: object) -> bool:
    return value is True or str(value or "").lower() in {"on", "yes", "true", "1", "y"}
