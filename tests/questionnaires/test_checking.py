"""What is missing or wrong is said in a sentence the vendor can act on."""

import pytest

from foundation.errors import Refused
from questionnaires.checking import NO_REASON, is_reason, normalise, normalise_explanation, problems
from questionnaires.conditions import Chosen
from questionnaires.given import Given
from questionnaires.nodes import Option, Question, QuestionKind, Questionnaire, Section
from questionnaires.visibility import visible

OPTIONS = (Option("yes", "Yes"), Option("no", "No"))
ONE = Question("one", QuestionKind.SINGLE, "?", options=OPTIONS)
MUST = Question("must", QuestionKind.SINGLE, "?", options=OPTIONS, allows_not_applicable=False)
MANY = Question("many", QuestionKind.MANY, "?", options=OPTIONS, is_required=False)
LINE = Question("line", QuestionKind.LINE, "?")
TEXT = Question("text", QuestionKind.TEXT, "?")
DAY = Question("day", QuestionKind.DATE, "?")
FILE = Question("file", QuestionKind.FILE, "?")


def _said(question: Question, given: Given) -> list[str]:
    form = Questionnaire("t", "T", "duly", sections=(Section("s", "S", nodes=(question,)),))
    answers = {question.code: given}
    return [problem.sentence for problem in problems(visible(form, answers), answers)]


@pytest.mark.parametrize(
    ("question", "given", "said"),
    [
        (ONE, Given(), "Choose one answer, or say why it does not apply."),
        (MUST, Given(), "Choose one answer."),
        (LINE, Given(text="  "), "Write an answer, or say why it does not apply."),
        (DAY, Given(), "Give a date such as 2026-12-18, or say why it does not apply."),
        (FILE, Given(), "Attach a document, or say why it does not apply."),
        (FILE, Given(text="see mail"), "Attach a document, or say why it does not apply."),
        (
            ONE,
            Given(not_applicable=True),
            "Say in a short sentence why this does not apply to you.",
        ),
        (
            ONE,
            Given(not_applicable=True, reason="n/a n/a n/a n/a"),
            f"This reason is too short to judge by. {NO_REASON}",
        ),
        (
            MUST,
            Given(not_applicable=True, reason="x"),
            "This question applies to everybody. Choose one answer.",
        ),
        (
            ONE,
            Given(options=frozenset({"maybe"})),
            "One of the chosen answers is not offered here. Choose again from the list.",
        ),
        (ONE, Given(options=frozenset({"yes", "no"})), "Choose only one answer."),
        (
            DAY,
            Given(text="18/12/2026"),
            "This is not a date. Write year, month and day, such as 2026-12-18.",
        ),
        (
            DAY,
            Given(text="20261218"),
            "This is not a date. Write year, month and day, such as 2026-12-18.",
        ),
        (
            TEXT,
            Given(text="x" * 10_001),
            "The text has 10,001 characters; at most 10,000 fit. Shorten it, or attach the rest as a document.",
        ),
    ],
)
def test_each_fault_has_its_sentence(question: Question, given: Given, said: str):
    assert _said(question, given) == [said]


@pytest.mark.parametrize(
    ("question", "given"),
    [
        (ONE, Given(options=frozenset({"no"}))),
        (ONE, Given(not_applicable=True, reason="We sell paper.")),
        (MANY, Given()),
        (MANY, Given(options=frozenset({"yes", "no"}))),
        (TEXT, Given(text="x" * 10_000)),
        (DAY, Given(text="2026-12-18")),
        (FILE, Given(evidence_count=1)),
    ],
)
def test_a_good_answer_has_no_fault(question: Question, given: Given):
    assert _said(question, given) == []


def test_hidden_questions_are_never_missing():
    hidden = Question("h", QuestionKind.LINE, "?", condition=Chosen("one", "no"))
    form = Questionnaire("t", "T", "duly", sections=(Section("s", "S", nodes=(ONE, hidden)),))
    answers = {"one": Given(options=frozenset({"yes"}))}
    assert problems(visible(form, answers), answers) == ()


def test_what_was_typed_is_cleaned():
    assert normalise(LINE, {"text": "  two\r\n words\x00 "}) == Given(text="two words")
    assert normalise(TEXT, {"text": " a\r\nb \ud800"}) == Given(text="a\nb ?")
    assert normalise(ONE, {"options": "yes", "text": "note"}) == Given(frozenset({"yes"}), "note")
    assert normalise(MANY, {"options": ["yes", "no", ""]}).options == {"yes", "no"}
    assert normalise(ONE, {"not_applicable": "on", "reason": " Why "}) == Given(
        not_applicable=True, reason="Why"
    )
    assert normalise(ONE, {}) == Given()
    assert normalise(TEXT, {"options": ["yes"]}) == Given()


@pytest.mark.parametrize(
    ("question", "raw"),
    [
        (ONE, {"options": ["maybe"]}),
        (ONE, {"options": ["yes", "no"]}),
        (DAY, {"text": "tomorrow"}),
        (TEXT, {"text": "x" * 10_001}),
        (ONE, {"not_applicable": "on", "reason": "x" * 10_001}),
        (MUST, {"not_applicable": "on", "reason": "x"}),
    ],
)
def test_what_cannot_be_kept_is_refused(question: Question, raw: dict[str, object]):
    with pytest.raises(Refused):
        normalise(question, raw)


def test_an_explanation_under_a_warning_is_text():
    assert normalise_explanation(" We use another way. ") == Given(text="We use another way.")
    with pytest.raises(Refused):
        normalise_explanation("x" * 10_001)


@pytest.mark.parametrize(
    ("text", "is_enough"),
    [
        ("", False),
        ("x", False),
        ("No.", False),
        ("----------------", False),
        ("xxxxxxxxxxxxxxxxxxxx", False),
        ("Not applicable.", False),
        ("We are remote.", True),
        ("我们不处理卡数据", True),
        ("ہم کارڈ نہیں لیتے", True),
        ("不适用", False),
    ],
)
def test_a_reason_is_a_short_sentence_in_any_script(text, is_enough):
    assert is_reason(text) is is_enough
