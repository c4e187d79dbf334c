"""The intake: plain questions in, an exposure out; silence is never low risk."""

import pytest

from vendors.intake import INTAKE, NOT_KNOWN_YET, exposure_from, unanswered
from vendors.tiering import Exposure, Factor, Flag, tier_for

CLEANING = {
    "sees": ["nothing"],
    "people": "none",
    "enters": ["visit"],
    "without": "weeks",
    "replace": "shop",
    "rules": ["none"],
    "where": "home",
    "passes_on": "one",
    "cards": "no",
}


def test_at_most_twelve_questions_and_each_may_be_unknown():
    assert len(INTAKE) <= 12
    assert len({question.key for question in INTAKE}) == len(INTAKE)
    for question in INTAKE:
        assert question.options[-1] == (NOT_KNOWN_YET, "Not known yet")
        assert set(question.effects) == {value for value, _ in question.options[:-1]}


def test_every_factor_and_flag_is_asked_for():
    assert {name for question in INTAKE for name in question.maps_to} == {*Factor, *Flag}


def test_no_security_words():
    words = " ".join(
        f"{q.text} {q.hint} {' '.join(text for _, text in q.options)}".lower() for q in INTAKE
    )
    for word in ("encrypt", "privilege", "mfa", "cde", "pii", "inherent", "exposure", "tier"):
        assert word not in words.split()


def test_the_cleaning_firm():
    tiering = tier_for(exposure_from(CLEANING))
    assert (tiering.score, tiering.tier, tiering.is_provisional) == (6.5, 4, False)
    assert unanswered(CLEANING) == ()


def test_no_answers_are_the_worst_case():
    exposure = exposure_from({})
    assert set(exposure.unknown) == {*map(str, Factor), *map(str, Flag)}
    assert tier_for(exposure).tier == 1
    assert len(unanswered({})) == len(INTAKE)


@pytest.mark.parametrize("question", INTAKE, ids=lambda q: q.key)
def test_not_known_yet_is_never_better_than_an_answer(question):
    unknown = tier_for(exposure_from(CLEANING | {question.key: NOT_KNOWN_YET}))
    assert unknown.is_provisional
    for value in {value for value, _ in question.options} - {"cards"}:  # has its own question
        assert unknown.tier <= tier_for(exposure_from(CLEANING | {question.key: value})).tier


CASES = [
    ({"sees": ["internal", "money"]}, {"data_class": 3}),
    ({"sees": ["money", NOT_KNOWN_YET]}, {"data_class": None}),
    ({"sees": ["cards"]}, {"data_class": 4, "account_data": True}),
    ({"sees": ["cards"], "cards": "no"}, {"data_class": 4, "account_data": True}),
    ({"cards": "through"}, {"data_class": 4, "account_data": True, "cde": True}),
    ({"cards": "near"}, {"data_class": 0, "account_data": False, "cde": True}),
    ({"cards": NOT_KNOWN_YET}, {"account_data": None, "cde": None}),
    ({"sees": NOT_KNOWN_YET}, {"data_class": None, "account_data": False}),
    ({"enters": ["visit", "run"]}, {"access": 4}),
    ({"rules": ["law", "essential"]}, {"regulatory": 4, "critical_function": True}),
    ({"rules": NOT_KNOWN_YET}, {"regulatory": None, "critical_function": None}),
    ({"without": "hours"}, {"criticality": 4}),
    ({"people": ""}, {"data_volume": None}),
]


@pytest.mark.parametrize(("answers", "expected"), CASES)
def test_what_answers_mean(answers, expected):
    exposure = exposure_from(CLEANING | answers)
    assert {name: getattr(exposure, name) for name in expected} == expected


def test_an_invented_answer_is_refused():
    with pytest.raises(ValueError, match="is not one of them"):
        exposure_from({"without": "forever"})


def test_one_answer_where_one_is_asked():
    with pytest.raises(ValueError, match="Choose one answer only"):
        exposure_from({"without": ["days", "hours"]})


def test_the_worst_answers_reach_the_top():
    worst = {q.key: q.options[-2][0] for q in INTAKE} | {"sees": ["cards"]}
    assert exposure_from(worst) == Exposure(4, 4, 4, 4, 4, 4, 4, 3, True, True, True)
