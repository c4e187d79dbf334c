"""What the facts rule out: never shown, never counted, told with its reason, and frozen."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import clock
from questionnaires import library, sheet
from questionnaires.answer_commands import RawAnswer, save_answer
from questionnaires.conditions import (
    ALWAYS,
    All,
    Answered,
    Any_,
    Chosen,
    Condition,
    Not,
    Shown,
    Touches,
)
from questionnaires.facts import Fact
from questionnaires.given import Given
from questionnaires.nodes import Group, Option, Question, QuestionKind, Questionnaire, Section, Tip
from questionnaires.scope import WITHOUT_CARDS, codes_left_out, left_out, scope_change
from questionnaires.scoring import score
from questionnaires.visibility import progress, visible
from tests.makers import (
    CRITICAL,
    LOW,
    make_assessment,
    make_contact,
    make_staff,
    make_vendor,
    make_version,
    vendor_author,
)
from tests.questionnaires.stories import hand_in
from vendors.queries import default_service
from vendors.service_commands import set_exposure
from vendors.tiering import NOTHING_KNOWN, Exposure

OPTIONS = (Option("yes", "Yes", 1.0), Option("no", "No", 0.0))
CARDS = Touches(Fact.CARDS)


def ask(code: str, condition: Condition = ALWAYS) -> Question:
    return Question(code, QuestionKind.SINGLE, f"{code}?", options=OPTIONS, condition=condition)


def form(*nodes, when: Condition = ALWAYS) -> Questionnaire:
    return Questionnaire("t", "T", "duly", sections=(Section("s", "S", "", when, nodes),))


def out(questionnaire: Questionnaire, exposure: Exposure = LOW) -> dict[str, tuple[Fact, ...]]:
    return {each.question.code: each.facts for each in left_out(questionnaire, exposure)}


def test_what_hangs_on_a_question_out_of_scope_is_out_of_scope_too():
    made = form(
        ask("a", CARDS),
        ask("b", Chosen("a", "yes")),
        ask("c", All((Answered("b"), Answered("z")))),
        ask("z"),
    )
    assert out(made) == {"a": (Fact.CARDS,), "b": (Fact.CARDS,), "c": (Fact.CARDS,)}
    assert out(made, CRITICAL) == {}
    assert out(made, NOTHING_KNOWN) == {}


def test_a_section_a_group_and_a_tip_can_be_out_of_scope():
    tip = Tip("warn", "Careful", CARDS, is_warning=True)
    made = form(Group("g", "G", CARDS, (ask("a"),)), tip, ask("b", Shown("warn")), ask("c"))
    assert set(out(made)) == {"a", "b"}
    assert codes_left_out(made, LOW) == {"g", "a", "warn", "b"}
    assert set(out(form(ask("a"), ask("b"), when=CARDS))) == {"a", "b"}


def test_what_answers_alone_hide_is_not_out_of_scope():
    made = form(ask("a"), ask("b", Chosen("a", "yes")), ask("c", Not(Shown("b"))))
    assert out(made) == {}


def test_what_could_never_be_shown_is_not_the_doing_of_the_facts():
    never = All((CARDS, Any_(())))
    assert out(form(ask("a", never), ask("b"))) == {}


def test_either_way_in_is_enough_and_both_facts_are_named_when_none_is_open():
    either = Any_((CARDS, Touches(Fact.DATA_CLASS, 3)))
    made = form(ask("a", either), ask("b", Any_((CARDS, Answered("c")))), ask("c"))
    assert out(made) == {"a": (Fact.CARDS, Fact.DATA_CLASS)}
    assert out(made, replace(LOW, data_class=3)) == {}


def test_a_question_for_those_without_cards_is_out_of_scope_where_they_come_into_it():
    made = form(ask("a", Not(CARDS)), ask("b"))
    assert out(made) == {}
    assert out(made, CRITICAL) == out(made, NOTHING_KNOWN) == {"a": (Fact.CARDS,)}


facts = st.sampled_from([CARDS, Touches(Fact.ACCOUNT_DATA), Touches(Fact.DATA_CLASS, 2)])
leaves = st.one_of(
    facts,
    st.builds(Chosen, st.sampled_from("ab"), st.sampled_from(["yes", "no"])),
    st.builds(Answered, st.sampled_from("ab")),
    st.builds(Shown, st.sampled_from("ab")),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=1, max_size=2).map(tuple)),
        st.builds(Any_, st.lists(inner, min_size=1, max_size=2).map(tuple)),
    ),
    max_leaves=5,
)
answers = st.dictionaries(
    st.sampled_from("ab"), st.sampled_from(["yes", "no"]).map(lambda o: Given(frozenset({o})))
)


@given(facts | st.just(Not(CARDS)), trees, answers, st.sampled_from([LOW, CRITICAL, WITHOUT_CARDS]))
def test_what_is_out_of_scope_is_never_shown_whatever_is_answered(first, last, said, exposure):
    made = form(ask("a", first), ask("b"), ask("c", last))
    assert not visible(made, said, exposure).question_codes & set(out(made, exposure))


@pytest.mark.parametrize(
    ("code", "worst", "without_cards"),
    [("tier1", 98, 84), ("tier2", 59, 51), ("tier3", 29, 26), ("tier4", 10, 8)],
)
def test_the_library_asks_nothing_about_cards_where_none_come_into_it(code, worst, without_cards):
    found = library.load(code)
    assert found
    assert left_out(found, NOTHING_KNOWN) == ()
    gone = out(found, WITHOUT_CARDS)
    assert len(visible_at_most(found, NOTHING_KNOWN)) == worst
    assert len(visible_at_most(found, WITHOUT_CARDS)) == without_cards == worst - len(gone)
    assert {code for code in gone if not code.startswith(("pci_", "tok_"))} == set()
    assert set(gone.values()) == {(Fact.CARDS,)}


def visible_at_most(found: Questionnaire, exposure: Exposure) -> set[str]:
    """Return every question that the best answers to each option can bring up."""
    ways = [
        {
            question.code: Given(frozenset({question.options[n % len(question.options)].code}))
            for question in each_question(found)
            if question.options
        }
        for n in range(5)
    ]
    return set().union(*(visible(found, way, exposure).question_codes for way in ways))


def each_question(found: Questionnaire):
    return [node for section in found.sections for node in section.nodes]


def test_out_of_scope_counts_neither_for_nor_against():
    found = library.load("tier4")
    assert found
    said = {
        question.code: Given(frozenset({question.options[0].code}))
        for question in each_question(found)
        if question.options
    }
    worse = said | {"pci_card_numbers": Given(frozenset({"yes_unattested"}))}
    shown = visible(found, worse, LOW)
    assert "pci_card_numbers" not in {
        line.question_code for line in score(shown, found, worse, {}).lines
    }
    assert score(shown, found, worse, {}) == score(visible(found, said, LOW), found, said, {})
    assert score(shown, found, worse, {}) != score(visible(found, worse), found, worse, {})
    assert progress(shown, worse).total.total == 8


def test_a_change_of_exposure_says_what_would_be_asked_now_and_what_no_more():
    found = library.load("tier3")
    assert found
    change = scope_change(found, LOW, CRITICAL)
    assert change
    assert len(change.added) == 3
    assert change.dropped == ()
    back = scope_change(found, CRITICAL, LOW)
    assert back
    assert (back.added, len(back.dropped)) == ((), 3)
    assert scope_change(found, LOW, replace(LOW, data_class=4)) is None
    assert scope_change(found, NOTHING_KNOWN, CRITICAL) is None


def test_the_facts_are_frozen_at_sending(session):
    vendor = make_vendor(session)
    contact = make_contact(session, vendor)
    sent = make_assessment(session, vendor=vendor, contact=contact)
    assert sent.n_visible == 7
    service = default_service(session, vendor.id)
    set_exposure(session, service, CRITICAL, {}, by=make_staff(session), at=clock.now())
    assert sheet.of(session, sent).progress.total.total == 7
    hand_in(session, sent)
    assert sent.n_answered == sent.n_visible == 8
    again = make_assessment(session, vendor=vendor, contact=contact)
    assert again.n_visible == 8


def test_what_was_sent_before_facts_were_kept_is_asked_in_full(session):
    sent = make_assessment(session)
    sent.exposure = None
    assert sheet.of(session, sent).exposure == NOTHING_KNOWN
    assert "pci_card_numbers" in sheet.of(session, sent).form.question_codes


def test_an_answer_to_a_question_out_of_scope_is_kept_and_counts_nowhere(session):
    sent = make_assessment(session, version=make_version(session))
    saved = save_answer(
        session,
        sent,
        RawAnswer("pci_card_numbers", ("yes_unattested",)),
        base_version=0,
        sequence=0,
        by=vendor_author(session),
        at=clock.now(),
    )
    assert "pci_card_numbers" in saved.hidden
    assert saved.progress.total.answered == 0
