"""Normal forms: the usual ones, and none that takes longer than the text is long."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.cards import find_card_number
from foundation.normal_forms import MOST_MARKS, normal
from foundation.settings import ROOT

FORMS = ("NFC", "NFD", "NFKC", "NFKD")
HEAP = "a" + "\u0315\u0300" * 200_000
ROOMS = ("foundation", "identity", "vendors", "contracts", "portal", "questionnaires", "accounts")


@given(st.text(), st.sampled_from(FORMS))
def test_it_is_the_form_of_the_standard(text, form):
    assert normal(form, text) == unicodedata.normalize(form, text)


@pytest.mark.parametrize("form", FORMS)
def test_a_heap_of_marks_on_one_letter_is_not_put_in_order(form):
    """Four hundred thousand of them would be compared with each other for the best part of a day."""
    assert sum(map(bool, map(unicodedata.combining, normal(form, HEAP)))) <= MOST_MARKS
    assert find_card_number(HEAP + " 4111 1111 1111 1111") == "**** 1111"


def test_nobody_asks_for_a_normal_form_elsewhere():
    asked = re.compile(r"unicodedata\.normalize|from unicodedata import .*normalize")
    files = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    found = [path.name for path in files if asked.search(path.read_text())]
    assert found == ["normal_forms.py"]
