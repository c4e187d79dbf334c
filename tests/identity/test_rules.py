"""Typed codes are read as their sender meant them."""

import pytest

from identity.rules import ALPHABET, grouped, plain_code, plain_digits


def test_the_alphabet_has_32_signs_and_no_look_alikes():
    assert len(set(ALPHABET)) == len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ABCD2345", "ABCD2345"),
        ("abcd-2345", "ABCD2345"),
        (" ab cd\u00a023 45 ", "ABCD2345"),
        ("ABCD–2345", "ABCD2345"),
        ("oil0", "0110"),
        ("ＡＢＣ", "ABC"),
        ("", ""),
    ],
)
def test_a_code_is_read_without_blanks_case_and_look_alikes(typed, read):
    assert plain_code(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("123456", "123456"),
        ("123 456", "123456"),
        ("123-456", "123456"),
        ("۱۲۳۴۵۶", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("１２３４５６", "123456"),
        ("12345a", ""),
        ("12345²", ""),
        ("-", ""),
    ],
)
def test_digits_of_every_script_are_digits(typed, read):
    assert plain_digits(typed) == read


def test_a_code_is_printed_in_groups():
    assert grouped("ABCD2345EF") == "ABCD-2345-EF"
