"""Facts beside answers: a closed vocabulary, the worst case where nobody knows, stored as written."""

from dataclasses import replace

import pytest

from questionnaires.conditions import (
    Any_,
    Chosen,
    Condition,
    Not,
    Touches,
    from_json,
    holds,
    to_json,
)
from questionnaires.fact_words import asked_for, said_of
from questionnaires.facts import Fact, is_known
from questionnaires.formats import read
from questionnaires.preview import in_words
from tests.makers import CRITICAL, LOW
from vendors.tiering import NOTHING_KNOWN, Factor, Flag

FILE = """\
questions:
  a: {kind: yes_no, text: Do you host?}
  b:
    text: Where?
    when: WHEN
"""
NEAR = replace(LOW, cde=True)


@pytest.mark.parametrize(
    ("condition", "exposure", "expected"),
    [
        (Touches(Fact.CARDS), LOW, False),
        (Touches(Fact.CARDS), NEAR, True),
        (Touches(Fact.CARDS), CRITICAL, True),
        (Touches(Fact.CARDS), NOTHING_KNOWN, True),
        (Touches(Fact.CARDS), replace(LOW, cde=None), True),
        (Touches(Fact.ACCOUNT_DATA), NEAR, False),
        (Touches(Fact.CDE), NEAR, True),
        (Touches(Fact.CRITICAL_FUNCTION), NEAR, False),
        (Not(Touches(Fact.CARDS)), NOTHING_KNOWN, False),
        (Touches(Fact.DATA_CLASS, 1), LOW, True),
        (Touches(Fact.DATA_CLASS, 2), LOW, False),
        (Touches(Fact.DATA_CLASS, 4), NOTHING_KNOWN, True),
        (Any_((Touches(Fact.ACCESS, 4), Touches(Fact.CDE))), NEAR, True),
    ],
)
def test_a_fact_holds_as_the_exposure_says_and_unknown_is_the_worst(condition, exposure, expected):
    assert holds(condition, {}, exposure=exposure) is expected


def test_who_says_nothing_of_the_exposure_gets_the_worst_case():
    assert holds(Touches(Fact.CARDS), {})


def test_the_vocabulary_is_the_exposure_and_cards():
    assert {fact.value for fact in Fact} == {*Factor, *Flag, "cards"}


@pytest.mark.parametrize("fact", Fact)
def test_every_fact_survives_being_stored_and_has_words(app, fact: Fact):
    condition = Touches(fact, 2 if fact.is_level else 1)
    assert from_json(to_json(condition)) == condition
    for exposure in (LOW, CRITICAL, NOTHING_KNOWN):
        assert said_of(fact, exposure)
    assert asked_for(condition) != asked_for(condition, is_denied=True)


def test_what_nobody_knows_is_said_to_count_as_the_worst(app):
    assert said_of(Fact.CARDS, LOW) == "no card data comes into it"
    assert said_of(Fact.CARDS, NEAR) == "card data comes into it"
    assert said_of(Fact.CARDS, replace(LOW, cde=None)) == (
        "card data comes into it (not known yet, so the worst case counts)"
    )
    assert said_of(Fact.DATA_CLASS, LOW) == "the service sees internal data"


def test_one_flag_that_is_set_is_enough_to_know_of_cards():
    assert is_known(Fact.CARDS, replace(LOW, account_data=None, cde=True))
    assert not is_known(Fact.CARDS, replace(LOW, account_data=None))


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{fact: card}", '"card" is no fact that is known. Use one of: cards, account_data'),
        ("{fact: CARDS}", "no fact that is known"),
        ("{fact: tier, at_least: 2}", "no fact that is known"),
        ("{not: {all: [{fact: '<script>'}]}}", "no fact that is known"),
        ("{fact: cards, at_least: 1}", '"cards" is yes or no. Take at_least out'),
        ("{fact: data_class}", '"data_class" is a level. Add at_least with 1, 2, 3, 4'),
        ("{fact: data_class, at_least: 0}", "is a level. Add at_least"),
        ("{fact: data_class, at_least: 5}", "is a level. Add at_least"),
        ("{fact: data_class, at_least: 2.0}", "is a level. Add at_least"),
        ("{fact: data_class, at_least: }", "is a level. Add at_least"),
        ("{fact: data_class, at_least: [2]}", "is a level. Add at_least"),
        ("{fact: [cards]}", "is not a condition"),
        ("{fact: cards, is: yes}", "is not a condition"),
        ("{fact: cards, question: a}", "is not a condition"),
        ("{at_least: 2}", "is not a condition"),
    ],
)
def test_what_is_no_fact_is_refused_where_it_stands(when: str, said: str):
    outcome = read(FILE.replace("WHEN", when).encode(), "ours.yaml")
    assert outcome.is_refused
    assert said in outcome.problems[0].what
    assert outcome.problems[0].where.startswith("line 5")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Touches(Fact.CARDS), "card data comes into it"),
        (Not(Touches(Fact.CARDS)), "no card data comes into it"),
        (Touches(Fact.DATA_CLASS, 2), "the service sees confidential data or more"),
        (Touches(Fact.ACCESS, 4), "the service administers live systems"),
        (
            Not(Touches(Fact.DATA_CLASS, 2)),
            "not (the service sees confidential data or more)",
        ),
        (
            Any_((Touches(Fact.CDE), Chosen("a", "yes"))),
            "the vendor can affect our card systems or “Do you host?” is “Yes”",
        ),
    ],
)
def test_a_condition_on_facts_is_said_in_words(app, condition: Condition, said: str):
    form = read(FILE.replace("WHEN", "").encode(), "ours.yaml").questionnaire
    assert form
    assert in_words(form, condition) == said


@pytest.mark.parametrize(
    ("when", "condition"),
    [
        ("{fact: cards}", Touches(Fact.CARDS)),
        ("{fact: data_class, at_least: 3}", Touches(Fact.DATA_CLASS, 3)),
        ("{not: {fact: cde}}", Not(Touches(Fact.CDE))),
    ],
)
def test_a_fact_is_read_from_a_file(when: str, condition: Condition):
    outcome = read(FILE.replace("WHEN", when).encode(), "ours.yaml")
    assert outcome.questionnaire
    assert outcome.questionnaire.sections[0].nodes[1].condition == condition
