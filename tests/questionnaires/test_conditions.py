"""Conditions mean what they say, and survive being stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.conditions import (
    ALWAYS,
    MAX_DEPTH,
    NEVER,
    All,
    Answered,
    Any_,
    Chosen,
    Condition,
    Not,
    Shown,
    from_json,
    holds,
    to_json,
)
from questionnaires.given import Given

YES = Given(options=frozenset({"yes"}))
AWAY = Given(options=frozenset({"yes"}), not_applicable=True, reason="We are remote.")


@pytest.mark.parametrize(
    ("condition", "answers", "expected"),
    [
        (ALWAYS, {}, True),
        (NEVER, {}, False),
        (Chosen("q", "yes"), {"q": YES}, True),
        (Chosen("q", "no"), {"q": YES}, False),
        (Chosen("q", "yes"), {}, False),
        (Chosen("q", "yes"), {"q": AWAY}, False),
        (Answered("q"), {"q": Given(text="x")}, True),
        (Answered("q"), {"q": Given(text="  ")}, False),
        (Answered("q"), {"q": Given(evidence_count=1)}, True),
        (Answered("q"), {"q": AWAY}, False),
        (Not(Answered("q")), {}, True),
        (All(()), {}, True),
        (Any_(()), {}, False),
        (All((Answered("q"), Chosen("q", "no"))), {"q": YES}, False),
        (Any_((Answered("q"), Chosen("q", "no"))), {"q": YES}, True),
        (Shown("tip"), {}, True),
        (Shown("other"), {}, False),
    ],
)
def test_each_operator(condition: Condition, answers: dict[str, Given], expected: bool):
    assert holds(condition, answers, {"tip"}) is expected


def test_too_deep_is_refused_when_read_and_when_asked():
    condition: Condition = Answered("q")
    for _ in range(MAX_DEPTH):
        condition = Not(condition)
    with pytest.raises(ValueError, match="32 levels"):
        holds(condition, {})
    with pytest.raises(ValueError, match="32 levels"):
        from_json(to_json(condition))


@pytest.mark.parametrize(
    "plain", [None, "q", {}, {"question": "q"}, {"and": []}, {"all": {}}, {"not": 1}, {"always": 0}]
)
def test_what_is_no_condition_is_refused(plain: object):
    with pytest.raises(ValueError, match="is not a condition"):
        from_json(plain)


leaves = st.one_of(
    st.just(ALWAYS),
    st.builds(Chosen, st.text(), st.text()),
    st.builds(Answered, st.text()),
    st.builds(Shown, st.text()),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Any_, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


@given(trees)
def test_a_condition_survives_being_stored(condition: Condition):
    assert from_json(to_json(condition)) == condition
