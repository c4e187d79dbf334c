"""A frozen questionnaire survives storage exactly and has one hash."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.conditions import ALWAYS, Answered, Chosen, Not
from questionnaires.content import (
    Area,
    Group,
    Note,
    Option,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    Tip,
    TipSeverity,
    WeightClass,
    canonical_bytes,
    from_json,
    question,
    questions_of,
    sha256_of,
    to_json,
)
from questionnaires.library import load

words = st.text(max_size=12)
when = st.sampled_from([ALWAYS, Answered("a"), Not(Chosen("a", "yes"))])
options = st.lists(
    st.builds(Option, words, words, st.sampled_from([None, 0.0, 0.25, 1.0])), max_size=3
).map(tuple)
asked = st.builds(
    Question,
    words,
    st.sampled_from(QuestionKind),
    words,
    options=options,
    condition=when,
    area=st.one_of(st.none(), st.sampled_from(Area)),
    weight_class=st.one_of(st.none(), st.sampled_from(WeightClass)),
    gate=st.one_of(st.none(), words),
    evidence_kinds=st.lists(words, max_size=2).map(tuple),
)
flat = st.one_of(
    asked,
    st.builds(Note, words, words, when),
    st.builds(
        Tip, words, words, when, st.booleans(), st.one_of(st.none(), st.sampled_from(TipSeverity))
    ),
)
nodes = st.lists(
    st.recursive(
        flat,
        lambda inner: st.builds(Group, words, words, when, st.lists(inner, max_size=2).map(tuple)),
        max_leaves=4,
    ),
    max_size=3,
).map(tuple)
forms = st.builds(
    Questionnaire,
    words,
    words,
    words,
    sections=st.lists(st.builds(Section, words, words, words, when, nodes), max_size=2).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(forms)
def test_freezing_loses_nothing(questionnaire: Questionnaire):
    again = from_json(json.loads(json.dumps(to_json(questionnaire))))
    assert again == questionnaire
    assert canonical_bytes(again) == canonical_bytes(questionnaire)


def test_the_hash_is_the_same_in_another_process_and_changes_with_a_word():
    tier4 = load("tier4")
    program = (
        "from questionnaires.library import load; from questionnaires.content import sha256_of;"
        "print(sha256_of(load('tier4')))"
    )
    other = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == sha256_of(tier4)
    assert sha256_of(replace(tier4, title="Another")) != sha256_of(tier4)


@pytest.mark.parametrize(
    "plain",
    [None, [], {}, {"code": "x"}, {"code": 1, "sections": [{}]}],
)
def test_what_is_not_in_our_shape_is_refused(plain: object):
    with pytest.raises(ValueError, match="shape"):
        from_json(plain)


def test_a_part_of_no_known_kind_is_refused():
    tier4 = load("tier4")
    plain = json.loads(json.dumps(to_json(tier4)))
    plain["sections"][0]["nodes"][0]["node"] = "slider"
    with pytest.raises(ValueError, match="no known kind"):
        from_json(plain)


def test_questions_are_found_by_code():
    tier4 = load("tier4")
    found = question(tier4, "inc_notice")
    assert found
    assert found in questions_of(tier4)
    assert question(tier4, "nothing") is None
