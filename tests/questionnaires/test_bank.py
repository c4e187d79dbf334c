"""The questionnaires of tiers 1 to 3 are made from the bank, and hold together."""

import pytest

from portal.rules import minutes_for
from questionnaires import bank, library
from questionnaires.conditions import ALWAYS, Touches
from questionnaires.facts import Fact
from questionnaires.formats import read
from questionnaires.given import Given
from questionnaires.nodes import Area, Question, questions_of
from questionnaires.scoring import is_scored, score
from questionnaires.visibility import visible

MOST = {"tier1": 100, "tier2": 60, "tier3": 30, "tier4": 10}
PLANNED = {
    Area.ENC: (11, 7, 3),
    Area.NET: (12, 7, 3),
    Area.REG: (9, 5, 3),
    Area.PCI: (9, 5, 2),
    Area.TOK: (6, 3, 1),
    Area.IAM: (13, 8, 4),
    Area.AUD: (9, 6, 3),
    Area.TRN: (5, 3, 2),
    Area.INC: (13, 8, 4),
    Area.TPR: (11, 7, 4),
}
STRANGER = {
    "enc_in_transit": "none_held",
    "net_firewall": "no_network",
    "pci_card_numbers": "no",
    "pci_aoc_service": "not_needed",
    "tpr_list_given": "none_needed",
    "tpr_components_scanned": "no_software",
}


def of(code: str):
    found = library.load(code)
    assert found
    return found


def chosen(answers: dict[str, str]) -> dict[str, Given]:
    return {code: Given(options=frozenset({option})) for code, option in answers.items()}


def best(question: Question) -> Given:
    if not question.options:
        return Given(text="Pakistan")
    option = max(question.options, key=lambda one: one.value or 0)
    return Given(options=frozenset({option.code}))


@pytest.mark.parametrize("code", library.CODES)
def test_a_tier_asks_at_most_what_it_may(code: str):
    assert len(questions_of(of(code))) <= MOST[code]


@pytest.mark.parametrize("area", Area)
def test_each_area_is_asked_as_planned(area: Area):
    counts = tuple(
        sum(question.area is area for question in questions_of(of(f"tier{tier}")))
        for tier in bank.TIERS
    )
    assert counts == PLANNED[area]


def test_a_higher_tier_is_asked_everything_a_lower_one_is_in_the_same_words():
    for higher, lower in (("tier1", "tier2"), ("tier2", "tier3")):
        asked = {question.code: question for question in questions_of(of(higher))}
        for question in questions_of(of(lower)):
            assert asked[question.code] == question


def test_an_answer_given_in_tier_four_can_be_used_in_a_higher_tier():
    low = {question.code: question for question in questions_of(of("tier4"))}
    shared = [question for question in questions_of(of("tier3")) if question.code in low]
    assert len(shared) >= 5
    for question in shared:
        assert (question.text, question.options) == (
            low[question.code].text,
            low[question.code].options,
        )


@pytest.mark.parametrize("code", library.CODES)
def test_the_file_of_a_shipped_questionnaire_is_that_questionnaire(code: str):
    payload, name = library.file_of(code) or (b"", "")
    outcome = read(payload, name)
    assert outcome.problems == ()
    assert outcome.questionnaire == of(code)


def test_there_is_no_file_of_a_questionnaire_that_does_not_come_with_duly():
    for code in ("", "tier5", "references", "tiers", "../../app", "bank/enc"):
        assert library.file_of(code) is None
        assert library.load(code) is None


@pytest.mark.parametrize("tier", bank.TIERS)
def test_the_first_lines_tell_the_truth(tier: int):
    found = of(f"tier{tier}")
    count = len(questions_of(found))
    assert f"at most {count} short questions" in found.intro
    assert f"about {minutes_for(count)} minutes" in found.intro
    assert [section.code for section in found.sections] == [area.value for area in Area]
    assert all(section.intro for section in found.sections)


def test_a_section_of_the_bank_may_have_a_condition():
    found = {section.code: section.condition for section in of("tier3").sections}
    assert found["pci"] == Touches(Fact.CARDS)
    assert set(found.values()) == {ALWAYS, Touches(Fact.CARDS)}


@pytest.mark.parametrize("tier", bank.TIERS)
def test_who_holds_nothing_of_ours_is_asked_far_less(tier: int):
    found = of(f"tier{tier}")
    asked = {question.code for question in questions_of(found)}
    answers = chosen({code: option for code, option in STRANGER.items() if code in asked})
    left = visible(found, answers).questions
    assert len(left) < len(visible(found, {}).questions)
    assert not {q.code for q in left} & {"enc_at_rest", "reg_countries", "tok_replacement"}


@pytest.mark.parametrize(
    ("said", "moot"),
    [
        (
            {"enc_in_transit": "yes", "enc_at_rest": "none_stored"},
            {"enc_backups", "enc_key_rotation", "enc_own_key", "reg_deletion", "reg_retention"},
        ),
        ({"pci_card_numbers": "yes_planned", "pci_aoc_service": "planned"}, {"pci_not_tested"}),
        (
            {"pci_card_numbers": "yes_attested", "tok_replacement": "nothing"},
            {"tok_turning_back", "tok_irreversible", "tok_kept_for"},
        ),
    ],
)
def test_nobody_is_asked_about_what_they_said_they_do_not_have(said, moot):
    asked = {question.code for question in visible(of("tier1"), chosen(said)).questions}
    assert not asked & moot


@pytest.mark.parametrize("tier", bank.TIERS)
def test_the_best_answers_are_worth_everything(tier: int):
    found = of(f"tier{tier}")
    answers = {question.code: best(question) for question in questions_of(found)}
    form = visible(found, answers)
    result = score(form, found, answers, {})
    assert result.total
    assert result.total.claimed == 1
    assert result.total.evidenced == 0.5
    assert {area.area for area in result.areas} >= set(Area) - {Area.TOK}
    assert all(is_scored(question) for question in form.questions if question.gate)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("enc.yaml", "area: net\nquestions:\n  a: {text: b}\n", "its name is not its area"),
        ("enc.yaml", "area: enc\n", "is no area of the bank"),
        ("enc.yaml", "area: enc\nquestions:\n  enc_a: no fields\n", "enc_a has no fields"),
        ("enc.yaml", "- a list\n", "holds no fields"),
        ("enc.yaml", "area: enc\nquestions: [\n", "line 3"),
        ("enc.yaml", "area: enc\nquestions:\n  a: {text: b}\n  a: {text: b}\n", "written twice"),
    ],
)
def test_a_broken_file_of_the_bank_is_named(tmp_path, name: str, text: str, said: str):
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=name) as caught:
        bank.areas(tmp_path)
    assert said in str(caught.value)
