"""Texts of a body: what no database can hold is told before anything is asked of one."""

import json

import pytest

from foundation.errors import Refused
from foundation.json_body import text_in


@pytest.mark.parametrize("escaped", [r"\ud800", r"\udc00\ud800", r"a\u0000b", r"\ud83dx"])
def test_halves_of_characters_and_noughts_are_told(escaped):
    body = json.loads(f'{{"name": "{escaped}"}}')
    with pytest.raises(Refused, match="“name” holds halves of characters, or noughts"):
        text_in(body, "name")


@pytest.mark.parametrize("escaped", [r"\ud83d\ude00", r"\uffff", "é", r"a\nb"])
def test_whole_characters_are_taken(escaped):
    body = json.loads(f'{{"name": "{escaped}"}}')
    assert text_in(body, "name") == body["name"]
