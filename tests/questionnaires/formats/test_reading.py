"""Whatever the bytes are, reading ends with a questionnaire or with reasons, never a traceback."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.content import from_json, to_json
from questionnaires.formats import Import, read
from questionnaires.given import Given
from questionnaires.nodes import questions_of
from questionnaires.soundness import faults_of
from questionnaires.visibility import visible

KEYS = ("type", "id", "text", "cond", "items", "choices", "required", "warn", "severity", "colour")
TYPES = ("block", "line", "box", "tip", "info", "radiogroup", "check", "yesno", "spacer", "slider")
CONDITIONS = ("a", "!a", "a && b", "a || !b", "(a", "a/yes", "^b", "a b", "a && b || c", "false")
scalar = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.sampled_from([*TYPES, *CONDITIONS, "b", "", "<b>x"]),
)
item = st.recursive(
    st.fixed_dictionaries(
        {"type": st.sampled_from(TYPES)},
        optional={
            "id": st.sampled_from(["a", "b", "c", "d"]),
            "text": st.sampled_from(["x", "y", "<b>z"]),
            "cond": st.sampled_from(CONDITIONS),
            "choices": st.lists(
                st.dictionaries(st.sampled_from(["b", "e", "f"]), st.just("t"), max_size=1),
                max_size=2,
            ),
            "severity": st.sampled_from(["high", "awful"]),
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {"type": st.just("block"), "items": st.lists(inner, max_size=3)},
        optional={"id": st.sampled_from(["k", "m"]), "cond": st.sampled_from(CONDITIONS)},
    ),
    max_leaves=6,
)
any_json = st.recursive(
    scalar,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=10,
)


def _is_whole(outcome: Import) -> None:
    if outcome.questionnaire is None:
        assert outcome.problems
        assert outcome.counts.questions == 0
        return
    assert faults_of(outcome.questionnaire) == ()
    assert outcome.counts.questions == len(questions_of(outcome.questionnaire)) > 0
    assert (
        from_json(json.loads(json.dumps(to_json(outcome.questionnaire)))) == outcome.questionnaire
    )
    answers = {
        question.code: Given(
            options=frozenset(option.code for option in question.options), text="x"
        )
        for question in questions_of(outcome.questionnaire)
    }
    visible(outcome.questionnaire, answers)


@settings(max_examples=150, deadline=None)
@given(st.lists(item, max_size=4))
def test_items_of_every_sort(items: list[object]):
    _is_whole(read(json.dumps({"questionnaire": items}).encode(), "x.json"))


@settings(max_examples=100, deadline=None)
@given(any_json)
def test_any_json_below_the_root(value: object):
    _is_whole(read(json.dumps({"questionnaire": value}).encode(), "x.json"))
    _is_whole(read(json.dumps({"questions": value}).replace("{", " {", 1).encode(), "x.yaml"))
    _is_whole(read(b"questions: " + json.dumps(value).encode(), "x.yaml"))
    _is_whole(read(b"sections: " + json.dumps(value).encode(), "x.yaml"))


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=40),
        st.text(alphabet="{}[]\":,+/*\\ \n#-&!|>'aé\x00", max_size=40).map(str.encode),
    )
)
def test_any_bytes(payload: bytes):
    _is_whole(read(payload, "x"))


def test_the_format_is_told_by_content_not_by_name():
    vsaq = b'// hello\n{"questionnaire": [{"type": "line", "text": "x"}]}'
    assert read(vsaq, "wrong.yaml").format == "vsaq"
    assert read(b"questions:\n  q: {text: x}\n", "wrong.json").format == "duly"
