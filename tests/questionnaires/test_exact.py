"""Sums in whole units are those of fractions, to the last digit of every rounding."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.exact import rounded, units_for
from questionnaires.given import Given
from questionnaires.nodes import (
    Area,
    Option,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    WeightClass,
)
from questionnaires.scoring import SCORING_MODEL, AreaScore, Outcome, SumLine, score, value_of
from questionnaires.visibility import visible

SHARES = st.one_of(
    st.sampled_from((0.0, 0.25, 0.5, 1.0, 0.3333, 0.00005, 0.15, 1e-7, 0.1234567890123456)),
    st.floats(min_value=0, max_value=1),
)
LEVELS = st.one_of(
    st.sampled_from(sorted(SCORING_MODEL.assurance.values())),
    st.floats(min_value=0.5, max_value=1),
)


@given(st.integers(min_value=0, max_value=10**30), st.integers(min_value=1, max_value=10**30))
def test_a_quotient_is_rounded_as_a_fraction_is(numerator: int, denominator: int):
    assert rounded(numerator, denominator) == float(round(Fraction(numerator, denominator), 4))


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(1, 20_000, 0.0), (3, 20_000, 0.0002), (5, 20_000, 0.0002), (1, 3, 0.3333), (2, 3, 0.6667)],
)
def test_exactly_between_goes_to_the_even_digit(numerator: int, denominator: int, expected: float):
    assert rounded(numerator, denominator) == expected


@given(st.lists(SHARES))
def test_units_are_the_numbers_as_written(numbers: list[float]):
    units = units_for(numbers)
    for number in numbers:
        assert Fraction(units.of[number], units.one) == Fraction(str(number))


def test_what_is_no_number_is_refused():
    with pytest.raises(ValueError, match="not a number to count with"):
        units_for([float("nan")])


@given(st.data())
def test_a_score_is_that_of_the_formula_in_fractions(data: st.DataObject):
    questions = tuple(_question(data, number) for number in range(data.draw(st.integers(0, 12))))
    form = Questionnaire("t", "T", "duly", sections=(Section("s", "S", nodes=questions),))
    answers = {each.code: _answer(data, each) for each in questions}
    made = score(visible(form, answers), form, answers, {})
    for line, question in zip(made.lines, questions, strict=True):
        assert line == _line_in_fractions(line, question, answers[question.code])
    everything = _sum_in_fractions(None, list(made.lines))
    assert made.total == everything
    for area in made.areas:
        own = [line for line in made.lines if line.area is area.area]
        assert area == _sum_in_fractions(area.area, own)


def _question(data: st.DataObject, number: int) -> Question:
    options = tuple(Option(f"o{n}", "?", data.draw(SHARES)) for n in range(3))
    return Question(
        f"q{number}",
        data.draw(st.sampled_from((QuestionKind.SINGLE, QuestionKind.MANY))),
        "?",
        options=options,
        area=data.draw(st.sampled_from((Area.IAM, Area.ENC))),
        weight_class=data.draw(st.sampled_from(list(WeightClass))),
    )


def _answer(data: st.DataObject, question: Question) -> Given:
    codes = [option.code for option in question.options]
    return Given(
        options=data.draw(st.frozensets(st.sampled_from(codes))),
        not_applicable=data.draw(st.booleans()),
        reason=data.draw(st.sampled_from(("", "We have no cards."))),
        assurance=data.draw(LEVELS),
    )


def _line_in_fractions(line: SumLine, question: Question, said: Given) -> SumLine:
    chosen = [
        Fraction(str(option.value)) for option in question.options if option.code in said.options
    ]
    together = min if question.kind is QuestionKind.SINGLE else sum
    value = min(Fraction(together(chosen)), Fraction(1)) if chosen else Fraction(0)
    is_counted = line.outcome is Outcome.COUNTED
    assert value_of(question, said) == (0.0 if said.not_applicable else float(value))
    points = line.weight * Fraction(str(float(value))) if is_counted else Fraction(0)
    return replace(
        line,
        value=float(value) if is_counted else 0.0,
        claimed_points=float(round(points, 4)),
        evidenced_points=float(round(points * Fraction(str(line.assurance)), 4)),
    )


def _sum_in_fractions(area: Area | None, lines: list[SumLine]) -> AreaScore | None:
    weight = sum(line.weight for line in lines)
    if weight == 0:
        return None
    points = [line.weight * Fraction(str(line.value)) for line in lines]
    assured = [one * Fraction(str(line.assurance)) for one, line in zip(points, lines, strict=True)]
    covered = sum(
        line.weight
        for line in lines
        if line.outcome is Outcome.COUNTED and line.assurance >= SCORING_MODEL.covered_from
    )
    return AreaScore(
        area=area,
        claimed=float(round(sum(points, Fraction(0)) / weight, 4)),
        evidenced=float(round(sum(assured, Fraction(0)) / weight, 4)),
        coverage=float(round(Fraction(covered, weight), 4)),
        weight=weight,
        claimed_points=float(round(sum(points, Fraction(0)), 4)),
        evidenced_points=float(round(sum(assured, Fraction(0)), 4)),
        question_count=sum(line.outcome is not Outcome.EXCLUDED for line in lines),
    )
