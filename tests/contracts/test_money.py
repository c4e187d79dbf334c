"""Money as people type it, the ugliest first."""

import pytest

from contracts.money import LARGEST_MINOR, parse_currency, parse_money, say_money
from foundation.errors import Refused


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "-5",
        "NaN",
        "Infinity",
        "1e9",
        "1,25",
        "1,2345",
        "1.250.000,50",
        "1,250,000.505",
        "1.",
        ".50",
        "1,,000",
        ",100",
        "٫5",
        "1_000",
        "9" * 5000,
        "10000000000001",
        "0x10",
        "²",
        "PKR",
        "1 or 2",
    ],
)
def test_nonsense_is_refused_with_a_sentence(typed):
    with pytest.raises(Refused, match=r"\.$") as refused:
        parse_money(typed, "PKR")
    assert refused.value.where == "yearly_cost"


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("1,250,000.50", "PKR", 125_000_050),
        ("12,50,000.50", "PKR", 125_000_050),
        ("1250000", "PKR", 125_000_000),
        (" 1 250 000 ", "EUR", 125_000_000),
        ("0", "USD", 0),
        ("0.5", "USD", 50),
        ("1.000", "USD", 100),
        ("250,000/-", "PKR", 25_000_000),
        ("١٢٣٤", "PKR", 123_400),
        ("5000", "JPY", 5000),
        ("1.234", "KWD", 1234),
        (str(LARGEST_MINOR // 100), "PKR", LARGEST_MINOR),
    ],
)
def test_amounts_are_read_into_minor_units(typed, currency, minor):
    assert parse_money(typed, currency) == minor


@pytest.mark.parametrize("typed", ["", "Rs", "₨", "XX", "ZZZ", "PKRX", "12A", "P K"])
def test_only_currency_codes_are_currencies(typed):
    with pytest.raises(Refused, match="three-letter code"):
        parse_currency(typed)


def test_a_code_may_be_typed_carelessly():
    assert parse_currency(" pkr ") == "PKR"


def test_yen_have_no_smaller_coins():
    with pytest.raises(Refused, match="JPY has 0 digits"):
        parse_money("5000.5", "JPY")


def test_money_is_written_as_it_is_typed():
    assert say_money(125_000_050, "PKR") == "PKR 1,250,000.50"
    assert say_money(5000, "JPY") == "JPY 5,000"
    assert say_money(None, "") == ""
