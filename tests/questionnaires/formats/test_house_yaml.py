"""Our own format does what its documentation says."""

import re
from pathlib import Path

import pytest

from questionnaires.conditions import All, Answered, Chosen, Not
from questionnaires.formats import house_yaml, read
from questionnaires.nodes import (
    Area,
    Group,
    Note,
    QuestionKind,
    Tip,
    TipSeverity,
    WeightClass,
    nodes_of,
    question,
    questions_of,
)

DOCUMENTATION = Path(__file__).parents[3] / "docs" / "questionnaire-format.md"


def test_the_example_of_the_documentation_is_read():
    example = re.search(r"```yaml\n(.*?)```", DOCUMENTATION.read_text("utf-8"), re.DOTALL)
    assert example
    outcome = read(example.group(1).encode(), "example.yaml")
    assert outcome.problems == ()
    assert outcome.questionnaire
    assert outcome.questionnaire.code == "hosting"
    first, second = questions_of(outcome.questionnaire)
    assert (first.area, first.weight_class) == (Area.INC, WeightClass.STANDARD)
    assert [option.value for option in first.options] == [1.0, 0.5, 0.0]
    assert second.condition == Chosen("inc_backup_exists", "yes")
    assert (outcome.counts.sections, outcome.counts.options, outcome.counts.conditions) == (1, 3, 1)


def test_every_documented_key_is_known_and_every_known_key_documented():
    text = DOCUMENTATION.read_text("utf-8")
    for key in house_yaml.QUESTION | house_yaml.TIP | house_yaml.NOTE | house_yaml.SECTION:
        assert re.search(rf"\b{key}\b", text), key


def test_groups_notes_tips_and_conditions():
    outcome = read(
        b"""
questions:
  q: {kind: yes_no, text: "Do you?"}
  hint: {note: "Read <b>this</b>"}
  warn: {tip: "Careful", warning: yes, severity: high, name: Bad, why: "Why?", when: {question: q, is: no}}
  more:
    title: More
    when: {all: [{answered: q}, {not: {question: q, is: no}}]}
    questions:
      r: {text: "Say", required: no, may_not_apply: no}
""",
        "parts.yaml",
    )
    assert outcome.questionnaire, outcome.problems
    assert outcome.counts.conditions == 2
    nodes = {node.code: node for node in nodes_of(outcome.questionnaire.sections[0].nodes)}
    assert nodes["hint"] == Note("hint", "Read <b>this</b>")
    assert nodes["warn"] == Tip(
        "warn", "Careful", Chosen("q", "no"), True, TipSeverity.HIGH, "Bad", "Why?"
    )
    group = nodes["more"]
    assert isinstance(group, Group)
    assert group.condition == All((Answered("q"), Not(Chosen("q", "no"))))
    asked = question(outcome.questionnaire, "r")
    assert asked
    assert (asked.kind, asked.is_required, asked.allows_not_applicable) == (
        QuestionKind.TEXT,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("kind: slider", '"slider" is not a value of "kind"'),
        ("area: xyz", '"xyz" is not a value of "area"'),
        ("when: {and: []}", "is not a condition"),
        ("when: {question: nobody, is: x}", 'names "nobody"'),
        ("when: {answered: q}", "after it was itself answered"),
        ("choices: {a: {text: A, value: 2}}", "not a value from 0 to 1"),
        ("kind: single", "offers no choices"),
        ("required: maybe", "neither yes nor no"),
        ("choices: [A, A]", "2 of its choices"),
        ("evidence: {a: b}", "not a list of texts"),
    ],
)
def test_each_fault_is_refused_with_its_reason(fields: str, said: str):
    outcome = read(f"questions:\n  q:\n    text: Q?\n    {fields}\n".encode(), "x.yaml")
    assert outcome.is_refused
    assert said in outcome.problems[0].what


def test_an_unknown_key_is_remarked_on_with_its_line():
    outcome = read(b"questions:\n  q:\n    text: Q?\n    colour: red\n", "x.yaml")
    assert outcome.questionnaire
    (problem,) = outcome.problems
    assert problem.where == "line 4, column 5"
    assert '"colour"' in problem.what
