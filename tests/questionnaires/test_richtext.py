"""Rich text keeps its harmless tags and loses everything else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.richtext import TAGS, plain, sanitise


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("a & b < c", "a &amp; b &lt; c"),
        ("<b>bold</b> and <i>slanted", "<b>bold</b> and <i>slanted</i>"),
        ("<p>one<p>two", "<p>one</p><p>two</p>"),
        ("<ul><li>one<li>two</ul>", "<ul><li>one</li><li>two</li></ul>"),
        ("<li>no list", "no list"),
        ("a<br/>b", "a<br>b"),
        ("x &mdash; y", "x — y"),
        ("<script>alert(1)</script>ok", "ok"),
        ("<style>p{}</style><svg><a href='https://x.org'>x</a></svg>ok", "ok"),
        ("<img src=x onerror=alert(1)>ok", "ok"),
        ('<p style="x" onclick="y">ok</p>', "<p>ok</p>"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ('<a href=" JaVaScRiPt:alert(1)">x</a>', "x"),
        ('<a href="java\tscript:alert(1)">x</a>', "x"),
        ('<a href="data:text/html,x">x</a>', "x"),
        ('<a href="//evil.example">x</a>', "x"),
        (
            '<a href="mailto:a@example.org">x</a>',
            '<a href="mailto:a@example.org" rel="noopener noreferrer">x</a>',
        ),
        (
            '<a href="https://example.org/?a=1&amp;b=2">x</a>',
            '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">x</a>',
        ),
        ("<![foo[ <b>x</b>", None),
        ("<!-- hidden -->shown", "shown"),
        ("a\x00b\u202ec", "abc"),
    ],
)
def test_each_danger_is_disarmed(raw: str, safe: str | None):
    result = sanitise(raw)
    if safe is not None:
        assert result == safe
    assert sanitise(result) == result


@given(
    st.lists(
        st.one_of(
            st.text(max_size=5),
            st.sampled_from(
                [
                    "<p>",
                    "</p>",
                    "<b>",
                    "</b>",
                    "<ul>",
                    "<li>",
                    "</ul>",
                    "<br>",
                    "<a href='https://e.org'>",
                    "</a>",
                    "<script>",
                    "</script>",
                    "<",
                    "&lt;b>",
                    "&amp;",
                    "<!--",
                    "-->",
                    "<!",
                    "<?",
                    '"',
                ]
            ),
        ),
        max_size=14,
    ).map("".join)
)
def test_nothing_but_the_closed_list_survives_and_twice_is_once(raw: str):
    result = sanitise(raw)
    assert sanitise(result) == result
    bare = re.sub(r'<a href="https://e\.org" rel="noopener noreferrer">', "<a>", result)
    for tag in re.findall(r"<[^>]*>?", bare):
        assert re.fullmatch(r"</?(\w+)>", tag), (raw, result)
        assert tag.strip("</>") in TAGS


def test_a_tower_of_tags_stays_small():
    assert sanitise("<b>" * 50_000 + "x").count("<b>") == 16


def test_plain_keeps_the_words():
    assert (
        plain("<p>One &amp; two</p><ul><li>three</li><li>four</li></ul>")
        == "One & two\nthree\nfour"
    )


def test_an_endless_address_is_no_link():
    assert sanitise(f'<a href="https://e.org/{"x" * 2_000}">x</a>') == "x"
