"""What is shown: hidden answers never count, and the order of writing does not matter."""

from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.conditions import All, Answered, Chosen, Condition, Not, Shown
from questionnaires.given import Given
from questionnaires.nodes import (
    Group,
    Note,
    Option,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    Tip,
)
from questionnaires.order import plan_of
from questionnaires.visibility import progress, visible

OPTIONS = (Option("yes", "Yes"), Option("no", "No"))


def _ask(code: str, condition: Condition | None = None) -> Question:
    made = Question(code, QuestionKind.SINGLE, f"{code}?", options=OPTIONS)
    return (
        made
        if condition is None
        else Question(code, QuestionKind.SINGLE, f"{code}?", options=OPTIONS, condition=condition)
    )


def _form(*sections: Section) -> Questionnaire:
    return Questionnaire("t", "Test", "duly", sections=sections)


YES, NO = Given(options=frozenset({"yes"})), Given(options=frozenset({"no"}))
CHAIN = _form(
    Section(
        "s", "S", nodes=(_ask("a"), _ask("b", Chosen("a", "yes")), _ask("c", Chosen("b", "yes")))
    )
)


def test_an_answer_kept_under_a_hidden_question_opens_nothing():
    assert visible(CHAIN, {"a": YES, "b": YES}).question_codes == {"a", "b", "c"}
    assert visible(CHAIN, {"a": NO, "b": YES, "c": YES}).question_codes == {"a"}


def test_a_condition_may_name_a_later_question():
    form = _form(Section("s", "S", nodes=(_ask("early", Chosen("late", "yes")), _ask("late"))))
    assert visible(form, {"late": YES}).question_codes == {"early", "late"}
    assert visible(form, {"late": NO}).question_codes == {"late"}


def test_a_section_or_group_with_nothing_to_show_is_not_listed():
    form = _form(
        Section("one", "One", nodes=(_ask("a"),)),
        Section("two", "Two", nodes=(_ask("b", Chosen("a", "yes")),)),
        Section("three", "Three", nodes=(Group("g", "G", nodes=(_ask("c", Chosen("b", "no")),)),)),
        Section("four", "Four", condition=Chosen("a", "no"), nodes=(_ask("d"), Note("n", "Read"))),
    )
    assert [s.code for s in visible(form, {}).sections] == ["one"]
    assert [s.code for s in visible(form, {"a": YES}).sections] == ["one", "two"]
    assert [s.code for s in visible(form, {"a": YES, "b": NO}).sections] == ["one", "two", "three"]
    assert [s.code for s in visible(form, {"a": NO, "b": NO}).sections] == ["one", "four"]


def test_a_tip_can_be_built_on():
    form = _form(
        Section(
            "s",
            "S",
            nodes=(
                _ask("a"),
                Tip("warn", "Careful", Chosen("a", "no"), is_warning=True),
                _ask("fine", All((Answered("a"), Not(Shown("warn"))))),
            ),
        )
    )
    assert [tip.code for tip in visible(form, {"a": NO}).tips] == ["warn"]
    assert visible(form, {"a": YES}).question_codes == {"a", "fine"}


def test_a_ring_is_never_shown_and_hurts_nobody_else():
    form = _form(
        Section(
            "s",
            "S",
            nodes=(_ask("a", Chosen("b", "yes")), _ask("b", Chosen("a", "yes")), _ask("c")),
        )
    )
    assert visible(form, {"a": YES, "b": YES}).question_codes == {"c"}


def test_progress_counts_visible_questions_only():
    counted = progress(visible(CHAIN, {"a": YES, "c": YES}), {"a": YES, "c": YES})
    assert (counted.total.answered, counted.total.total) == (1, 2)
    assert counted.sections["s"] == counted.total
    done = progress(visible(CHAIN, {"a": NO, "b": YES}), {"a": NO, "b": YES})
    assert done.total.is_complete


@settings(max_examples=60)
@given(
    st.permutations(["q0", "q1", "q2", "q3", "q4"]), st.lists(st.booleans(), min_size=5, max_size=5)
)
def test_the_order_in_the_document_changes_nothing(order: list[str], said: list[bool]):
    asked = {f"q{n}": _ask(f"q{n}", Chosen(f"q{n - 1}", "yes") if n else None) for n in range(5)}
    answers = {f"q{n}": YES if yes else NO for n, yes in enumerate(said)}
    shown = visible(_form(Section("s", "S", nodes=tuple(asked[c] for c in order))), answers)
    expected = {f"q{n}" for n in range(5) if all(said[:n])}
    assert shown.question_codes == expected
    assert [question.code for question in shown.questions] == [c for c in order if c in expected]


def test_a_thousand_questions_in_a_chain_are_no_trouble():
    asked = tuple(
        _ask(f"q{n}", Chosen(f"q{n + 1}", "yes") if n < 999 else None) for n in range(1000)
    )
    form = _form(Section("s", "S", nodes=asked))
    assert len(visible(form, {f"q{n}": YES for n in range(1000)}).questions) == 1000


def test_an_answer_inside_a_hidden_section_opens_nothing_elsewhere():
    form = _form(
        Section("one", "One", nodes=(_ask("a"),)),
        Section("two", "Two", condition=Chosen("a", "yes"), nodes=(_ask("b"),)),
        Section("three", "Three", nodes=(_ask("c", Chosen("b", "yes")),)),
    )
    assert visible(form, {"a": YES, "b": YES}).question_codes == {"a", "b", "c"}
    assert visible(form, {"a": NO, "b": YES}).question_codes == {"a"}


def test_a_question_that_does_not_apply_counts_as_answered():
    away = {"a": Given(not_applicable=True, reason="We are two people.")}
    assert progress(visible(CHAIN, away), away).total.is_complete


def test_a_question_that_does_not_apply_for_no_reason_is_still_to_do():
    away = {"a": Given(not_applicable=True, reason=" ")}
    assert progress(visible(CHAIN, away), away).total.answered == 0


def test_the_order_is_worked_out_once_for_each_questionnaire():
    assert plan_of(CHAIN) is plan_of(CHAIN)
    other = _form(Section("s", "S", nodes=(_ask("a"), _ask("b"))))
    assert plan_of(other).asked == {"a", "b"}
    assert visible(other, {"a": NO}).question_codes == {"a", "b"}
    assert visible(CHAIN, {"a": NO}).question_codes == {"a"}
