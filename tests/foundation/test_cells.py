"""Cells: as many empty lines as a text may have cost no more than looking at it once."""

import pytest

from foundation.cells import neutral, restored


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
