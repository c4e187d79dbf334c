"""The published VSAQ files import with exactly the counts somebody else took of them."""

import json
import os
import re
from pathlib import Path

import pytest

from questionnaires.conditions import parts_of
from questionnaires.content import from_json, to_json
from questionnaires.formats import Import, read
from questionnaires.given import Given
from questionnaires.nodes import QuestionKind, Tip, nodes_of, question, questions_of
from questionnaires.order import entries_of
from questionnaires.scoring import score
from questionnaires.visibility import visible

FIELD_DATA = os.environ.get("DULY_FIELD_DATA")
FILES = (
    "infrastructure.json",
    "physical_and_datacenter.json",
    "test_template.json",
    "test_template_extension.json",
)
SECTIONS = dict(zip(FILES, (7, 3, 3, 1), strict=True))
needs_field_data = pytest.mark.skipif(
    FIELD_DATA is None, reason="DULY_FIELD_DATA names no folder with the published files"
)


def _read(name: str) -> Import:
    return read((Path(str(FIELD_DATA)) / "vsaq" / name).read_bytes(), name)


def _expected(name: str) -> dict[str, object]:
    everything = json.loads((Path(str(FIELD_DATA)) / "expected.json").read_text("utf-8"))
    found: dict[str, object] = everything[f"vsaq/{name}"]
    return found


@needs_field_data
@pytest.mark.parametrize("name", FILES)
def test_a_published_file_shows_the_expected_counts(name: str):
    outcome, expected = _read(name), _expected(name)
    assert outcome.questionnaire is not None, outcome.problems
    assert outcome.format == "vsaq"
    assert outcome.counts.questions == expected["answerable"]
    assert outcome.counts.options == expected["answer_choices"]
    assert outcome.counts.conditions == expected["conditions"]
    assert outcome.counts.sections == SECTIONS[name]
    assert len(questions_of(outcome.questionnaire)) == expected["answerable"]


@needs_field_data
@pytest.mark.parametrize("name", FILES)
def test_the_tips_and_dangling_ids_are_those_expected(name: str):
    outcome, expected = _read(name), _expected(name)
    assert outcome.questionnaire
    sections = outcome.questionnaire.sections
    tips = [
        node for section in sections for node in nodes_of(section.nodes) if isinstance(node, Tip)
    ]
    severities: dict[str, int] = {}
    for tip in tips:
        key = tip.severity.value if tip.severity else "null"
        severities[key] = severities.get(key, 0) + 1
    assert severities == expected["tips_by_severity"]
    warnings = expected["tips_warn"]
    assert isinstance(warnings, dict)
    assert sum(tip.is_warning for tip in tips) == warnings.get("yes", 0)
    dangling = [
        found.group(1)
        for problem in outcome.problems
        if (found := re.match(r'The condition names "(.+)", and nothing', problem.what))
    ]
    assert dangling == expected["dangling_condition_ids"]


@needs_field_data
@pytest.mark.parametrize("name", FILES)
def test_a_published_file_survives_freezing_and_is_unscored(name: str):
    questionnaire = _read(name).questionnaire
    assert questionnaire
    assert from_json(json.loads(json.dumps(to_json(questionnaire)))) == questionnaire
    form = visible(questionnaire, {})
    assert score(form, questionnaire, {}, {}).total is None


@needs_field_data
def test_every_conditional_item_of_a_published_file_can_appear():
    questionnaire = _read("infrastructure.json").questionnaire
    assert questionnaire
    asked = {each.code for each in questions_of(questionnaire)}
    named = [part for entry in entries_of(questionnaire) for part in parts_of(entry.condition)]
    assert len(named) > 114
    assert all(
        getattr(part, "question", None) in asked for part in named if hasattr(part, "question")
    )


@needs_field_data
def test_a_no_to_firewalls_hides_the_firewall_block_and_shows_the_warning():
    questionnaire = _read("infrastructure.json").questionnaire
    assert questionnaire
    answers = {
        "network_firewalls": Given(options=frozenset({"network_firewalls_yes"})),
        "network_dmz": Given(options=frozenset({"network_dmz_no"})),
    }
    before = visible(questionnaire, answers)
    assert "network_dmz" in before.question_codes
    assert "warn_no_network_dmz" in {tip.code for tip in before.tips}
    answers["network_firewalls"] = Given(options=frozenset({"network_firewalls_no"}))
    after = visible(questionnaire, answers)
    assert "network_dmz" not in after.question_codes
    assert {tip.code for tip in after.tips} >= {"warn_no_network_firewalls"}
    assert "warn_no_network_dmz" not in {tip.code for tip in after.tips}


def test_every_type_of_item_becomes_its_kind():
    items = [
        {"type": "yesno", "id": "y", "text": "?", "yes": "Sure", "no": "Never"},
        {"type": "check", "id": "c", "text": "Tick"},
        {"type": "upload", "id": "u", "text": "File", "cond": "y/yes && !c"},
        {"type": "box", "id": "b", "text": "Say", "required": True, "cond": "^u || y/no"},
        {"type": "spacer"},
        {"type": "info", "text": "Read this"},
    ]
    outcome = read(json.dumps({"questionnaire": items}).encode(), "kinds.json")
    assert outcome.questionnaire
    assert outcome.problems == ()
    assert (outcome.counts.questions, outcome.counts.options) == (4, 2)
    kinds = {each.code: each.kind for each in questions_of(outcome.questionnaire)}
    assert kinds == {
        "y": QuestionKind.SINGLE,
        "c": QuestionKind.MANY,
        "u": QuestionKind.FILE,
        "b": QuestionKind.TEXT,
    }
    box = question(outcome.questionnaire, "b")
    assert box
    assert box.is_required
    yes = {"y": Given(options=frozenset({"yes"}))}
    assert visible(outcome.questionnaire, yes).question_codes == {"y", "c", "u", "b"}
    ticked = {**yes, "c": Given(options=frozenset({"yes"}))}
    assert visible(outcome.questionnaire, ticked).question_codes == {"y", "c"}


LINES = [{"type": "line", "id": code, "text": f"{code}?"} for code in "ab"]


@pytest.mark.parametrize(
    ("written", "answered", "is_shown"),
    [
        ("a", "a", True),
        ("a", "", False),
        ("!a", "", True),
        ("!!a", "a", True),
        ("!!a", "", False),
        ("!(a || b)", "b", False),
        ("a && b", "a", False),
        ("a && b", "ab", True),
        ("a || b && a", "b", False),  # from left to right, as VSAQ reads it
        ("false", "ab", False),
        ("a/value", "a", True),
    ],
)
def test_what_a_condition_means(written: str, answered: str, is_shown: bool):
    items = [*LINES, {"type": "line", "id": "x", "text": "x?", "cond": written}]
    outcome = read(json.dumps({"questionnaire": items}).encode(), "x.json")
    assert outcome.questionnaire, outcome.problems
    form = visible(outcome.questionnaire, {code: Given(text="said") for code in answered})
    assert ("x" in form.question_codes) is is_shown
    assert bool(outcome.problems) is ("|| b &&" in written)


def test_the_condition_of_the_outermost_block_holds_for_its_sections():
    root = {"type": "block", "text": "R", "cond": "a", "items": [
        {"type": "block", "text": "S", "cond": "b", "items": [{"type": "line", "id": "x", "text": "?"}]},
    ]}  # fmt: skip
    outcome = read(json.dumps({"questionnaire": [*LINES, root]}).encode(), "x.json")
    assert outcome.questionnaire, outcome.problems
    for answered in ("a", "b", "ab"):
        form = visible(outcome.questionnaire, {code: Given(text="said") for code in answered})
        assert ("x" in form.question_codes) is (answered == "ab")


def test_a_ring_is_named_without_those_that_only_wait_for_it():
    items = [
        {"type": "line", "id": "waits", "text": "?", "cond": "one"},
        {"type": "line", "id": "one", "text": "?", "cond": "two"},
        {"type": "line", "id": "two", "text": "?", "cond": "one"},
    ]
    outcome = read(json.dumps({"questionnaire": items}).encode(), "x.json")
    assert outcome.problems[0].what.endswith('shown: "one", "two".')
