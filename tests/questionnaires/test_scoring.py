"""The score: claimed and evidenced, with a sum anybody can follow."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.conditions import ALWAYS, Chosen, Condition
from questionnaires.given import Given
from questionnaires.library import load
from questionnaires.nodes import (
    Area,
    Option,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    WeightClass,
    questions_of,
)
from questionnaires.scoring import FORMULA_VERSION, SCORING_MODEL, Outcome, Score, score
from questionnaires.visibility import visible

OPTIONS = (
    Option("yes", "Yes", 1.0),
    Option("partial", "Partly", 0.5),
    Option("planned", "Planned", 0.25),
    Option("no", "No", 0.0),
)


def _ask(
    code: str, area: Area, weight: WeightClass, gate: str | None = None, when: Condition = ALWAYS
) -> Question:
    return Question(
        code,
        QuestionKind.SINGLE,
        "?",
        options=OPTIONS,
        condition=when,
        area=area,
        weight_class=weight,
        gate=gate,
    )


FORM = Questionnaire(
    "t",
    "T",
    "duly",
    sections=(
        Section(
            "s",
            "S",
            nodes=(
                _ask("mfa", Area.IAM, WeightClass.CRITICAL, gate="G1"),
                _ask("reviews", Area.IAM, WeightClass.STANDARD),
                _ask("training", Area.TRN, WeightClass.MINOR),
                _ask("hidden", Area.TRN, WeightClass.CRITICAL, when=Chosen("mfa", "no")),
                Question("say", QuestionKind.TEXT, "?", area=Area.TRN),
            ),
        ),
    ),
)
AWAY = Given(not_applicable=True, reason="One person company.")


def _chosen(option: str, assurance: float | None = None) -> Given:
    return Given(options=frozenset({option}), assurance=assurance)


def _score(
    answers: dict[str, Given], assurance: dict[str, float] | None = None, **more: set[str]
) -> Score:
    return score(visible(FORM, answers), FORM, answers, assurance or {}, **more)


def test_the_sum_is_the_one_written_by_hand():
    answers = {"mfa": _chosen("yes"), "reviews": _chosen("partial"), "training": _chosen("planned")}
    result = _score(answers, {"mfa": 0.95, "reviews": 0.65})
    assert result.total
    # claimed (20 + 5 + 1.25) / 35 ; evidenced (19 + 3.25 + 0.625) / 35 ; covered 20 / 35
    assert (result.total.claimed, result.total.evidenced, result.total.coverage) == (
        0.75,
        0.6536,
        0.5714,
    )
    assert [(a.area, a.claimed, a.evidenced) for a in result.areas] == [
        (Area.IAM, 0.8333, 0.7417),
        (Area.TRN, 0.25, 0.125),
    ]
    assert [
        (line.question_code, line.weight, line.value, line.assurance, line.evidenced_points)
        for line in result.lines
    ] == [
        ("mfa", 20, 1.0, 0.95, 19.0),
        ("reviews", 10, 0.5, 0.65, 3.25),
        ("training", 5, 0.25, 0.5, 0.625),
    ]
    assert result.formula_version == FORMULA_VERSION


def test_unanswered_counts_as_nothing_and_hidden_not_at_all():
    result = _score({"mfa": _chosen("yes")})
    assert result.total
    assert result.total.claimed == round(20 / 35, 4)
    assert "hidden" not in {line.question_code for line in result.lines}
    assert "hidden" in {line.question_code for line in _score({"mfa": _chosen("no")}).lines}


def test_what_does_not_apply_leaves_both_sums_with_a_reason_only():
    answers = {"mfa": _chosen("yes"), "reviews": AWAY, "training": _chosen("yes")}
    result = _score(answers)
    assert result.total
    assert (result.total.claimed, result.total.weight) == (1.0, 25)
    assert [line.reason for line in result.lines if line.outcome is Outcome.EXCLUDED] == [
        AWAY.reason
    ]
    without = _score({**answers, "reviews": Given(not_applicable=True)})
    assert without.total
    assert without.total.weight == 35


def test_a_gate_leaves_the_sum_only_with_consent():
    answers = {"mfa": AWAY, "reviews": _chosen("yes"), "training": _chosen("yes")}
    alone, agreed = _score(answers), _score(answers, consented={"mfa"})
    assert alone.total
    assert agreed.total
    assert (alone.total.weight, agreed.total.weight) == (35, 15)


def test_a_contradicted_answer_counts_as_nothing():
    answers = {"mfa": _chosen("yes"), "reviews": _chosen("yes"), "training": _chosen("yes")}
    result = _score(answers, {"mfa": 1.0}, contradicted={"mfa"})
    assert result.total
    assert result.total.claimed == round(15 / 35, 4)
    assert result.total.coverage == 0


def test_without_weights_or_with_nothing_left_there_is_no_number():
    plain = Questionnaire(
        "p",
        "P",
        "vsaq",
        sections=(Section("s", "S", nodes=(Question("q", QuestionKind.LINE, "?"),)),),
    )
    answers = {"q": Given(text="x")}
    unscored = score(visible(plain, answers), plain, answers, {})
    assert unscored.is_unscored
    assert unscored.areas == ()
    away = {"mfa": AWAY, "reviews": AWAY, "training": AWAY}
    assert _score(away, consented={"mfa"}).total is None


@pytest.mark.parametrize("level", [-1.0, 0.0, 0.49, 1.01, float("nan")])
def test_an_impossible_assurance_is_refused(level: float):
    with pytest.raises(ValueError, match="not between"):
        _score({"mfa": _chosen("yes")}, {"mfa": level})


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_claimed_never_falls_below_evidenced_and_order_is_nothing(data: st.DataObject):
    tier4 = load("tier4")
    answers: dict[str, Given] = {}
    for question in questions_of(tier4):
        codes = [option.code for option in question.options]
        pick = data.draw(st.sampled_from([*codes, "away", "blank"]))
        answers[question.code] = (
            AWAY if pick == "away" else Given() if pick == "blank" else _chosen(pick)
        )
    levels = {
        code: data.draw(st.sampled_from([0.5, 0.65, 0.7, 0.85, 0.95, 1.0])) for code in answers
    }
    result = score(visible(tier4, answers), tier4, answers, levels)
    for part in (*result.areas, *([result.total] if result.total else [])):
        assert 0 <= part.evidenced <= part.claimed <= 1
        assert 0 <= part.coverage <= 1
    backwards = dict(reversed(list(answers.items())))
    assert (
        score(visible(tier4, backwards), tier4, backwards, dict(reversed(levels.items()))) == result
    )


def test_the_model_can_be_stored():
    stored = json.loads(json.dumps(SCORING_MODEL.to_json()))
    assert stored["weights"] == {"critical": 20, "standard": 10, "minor": 5}
    assert stored["assurance"]["E3"] == 0.85
    assert stored["version"] == FORMULA_VERSION


def test_independent_evidence_covers_from_exactly_its_level():
    answers = {"mfa": _chosen("yes"), "reviews": _chosen("yes"), "training": _chosen("yes")}
    result = _score(answers, {"mfa": 0.85, "reviews": 0.7})
    assert result.total
    assert result.total.coverage == round(20 / 35, 4)


def test_two_choices_where_one_is_asked_count_as_the_lower():
    both = Given(options=frozenset({"yes", "no"}))
    result = _score({"mfa": both})
    assert next(line.value for line in result.lines if line.question_code == "mfa") == 0.0
