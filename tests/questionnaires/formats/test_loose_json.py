"""JSON as people write it, and exact places for everything else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.formats.located import Unreadable
from questionnaires.formats.loose_json import parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1, /* b */ "c": [true, false, null,],} // end', {"a": 1, "c": [True, False, None]}),
        ('"a" + "b" +\n "c"', "abc"),
        ('"\\u00e9\\ud83d\\ude00\\n\\/"', "é\U0001f600\n/"),
        ("[-1.5e3, 0]", [-1500.0, 0]),
        ('"/* kept */ // kept"', "/* kept */ // kept"),
    ],
)
def test_what_is_read(text: str, value: object):
    assert parse(text) == value


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"a": 1 "b": 2}', "line 1, column 9"),
        ('{\n  "a": tru\n}', "line 2, column 8"),
        ('["a\nb"]', "line 1, column 2"),
        ('["a" + 1]', "line 1, column 8"),
        ("[1] [2]", "line 1, column 5"),
        ('{"a": 1,\n "a": 2}', "line 2, column 2"),
        ('["\\x"]', "line 1, column 3"),
        ("[,]", "line 1, column 2"),
        ("[01]", "line 1, column 3"),
        ('["a\x01"]', "line 1, column 4"),
        ("{a: 1}", "line 1, column 2"),
        ("[1", "line 1, column 3"),
        ("[1 /* x", "line 1, column 4"),
        ("[Infinity]", "line 1, column 2"),
    ],
)
def test_what_is_refused_and_where(text: str, where: str):
    with pytest.raises(Unreadable) as refusal:
        parse(text)
    assert refusal.value.where == where
    assert refusal.value.fix


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(-(10**12), 10**12), st.text()),
        lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
        max_leaves=12,
    )
)
def test_every_strict_json_is_read_as_json_reads_it(value: object):
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        if "\ud800" <= max(text, default="") <= "\udfff":
            continue
        assert parse(text) == json.loads(text)
