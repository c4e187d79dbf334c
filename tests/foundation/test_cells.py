"""Cells: as many empty lines as a text may have cost no more than looking at it once."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from foundation.cells import neutral, restored

FORMULA = re.compile(r"([;\t\r\n]\s*)('*)(?=[=+\-@|%−＝＋－＠])")
"""The plain way to say it, which reads a long gap once for each of its signs."""
TEXTS = st.text(st.sampled_from("ab1 ;\t\r\n'=+-@|%−＝\u00a0\u2028,"), max_size=30)


@given(TEXTS)
@example("a; ;\n =1")
@example("a \n''=1")
def test_every_gap_before_a_formula_gets_its_quote_and_gives_it_back(text):
    assert neutral(f"x{text}") == FORMULA.sub(r"\1'\2", f"x{text}")
    assert restored(neutral(text)) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a;=1", "a;'=1"),
        ("a; \n ;=1", "a; \n ;'=1"),
        ("a  \n=1", "a  \n'=1"),
        ("a\n''=1", "a\n'''=1"),
        ("a  =1", "a  =1"),
        ("a\t", "a\t"),
    ],
)
def test_a_quote_stands_before_what_could_begin_a_formula(text, safe):
    assert neutral(text) == safe
    assert restored(safe) == text


def test_two_hundred_thousand_empty_lines_are_looked_at_once():
    text = "a" + "\n" * 200_000 + "b" + "\n;" * 100_000 + "'" * 100_000
    assert neutral(text) == text


def test_a_gap_of_any_length_before_a_formula_is_read_once():
    for gap in ("\n" * 500_000, "; " * 250_000):
        assert neutral(f"x{gap}y") == restored(f"x{gap}y") == f"x{gap}y"
        assert neutral(f"x{gap}=1") == f"x{gap}'=1"
