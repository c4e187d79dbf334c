"""The shipped questionnaires keep what they promise."""

from questionnaires.conditions import ALWAYS
from questionnaires.given import Given
from questionnaires.library import load, load_all
from questionnaires.nodes import Area, QuestionKind, questions_of
from questionnaires.richtext import plain
from questionnaires.scoring import is_scored
from questionnaires.visibility import visible


def test_the_tier_four_questions_cover_every_area_in_ten_at_most():
    tier4 = load("tier4")
    assert tier4
    asked = questions_of(tier4)
    assert len(asked) <= 10
    assert {question.area for question in asked} == set(Area)
    assert sum(question.condition != ALWAYS for question in asked) >= 2
    assert [question.code for question in asked if question.kind is QuestionKind.TEXT] == [
        "reg_countries"
    ]
    assert [question.gate for question in asked if question.is_gate] == ["G4"]


def test_every_shipped_question_helps_the_person_who_answers():
    for questionnaire in load_all():
        for question in questions_of(questionnaire):
            assert question.why_we_ask, question.code
            assert question.good_looks_like, question.code
            assert question.references, question.code
            assert question.follow_ups, question.code
            assert question.clause, question.code
            assert plain(question.text).count("?") == 1, question.code
            assert plain(question.text).endswith("?"), question.code
            if is_scored(question):
                assert question.finding_text, question.code
                assert question.evidence_kinds, question.code
                values = {option.value for option in question.options}
                assert {0.0, 0.25, 1.0} <= values, question.code


def test_the_follow_ups_appear_only_when_they_concern_somebody():
    tier4 = load("tier4")
    assert tier4
    assert len(visible(tier4, {}).questions) == 8
    touched = {
        "enc_in_transit": Given(options=frozenset({"yes"})),
        "pci_card_numbers": Given(options=frozenset({"yes_attested"})),
    }
    assert len(visible(tier4, touched).questions) == 10
    untouched = {
        "enc_in_transit": Given(options=frozenset({"none_held"})),
        "pci_card_numbers": Given(options=frozenset({"no"})),
    }
    assert len(visible(tier4, untouched).questions) == 8
