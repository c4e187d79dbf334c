"""Card numbers are found however they are written; look-alikes are left alone."""

import pytest

from foundation import cards
from foundation.cards import find_card_number


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        "Card 4111 1111 1111 1111 please",
        "4111-1111-1111-1111",
        "4111–1111–1111–1111",
        "4111.1111.1111.1111",
        "4111 - 1111 - 1111 - 1111",
        "41111111 11111111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "4111\u00a01111\u00a01111\u00a01111",
        "4111\u200b1111\u200b1111\u200b1111",
        "٤١١١١١١١١١١١١١١١",  # Arabic digits
        "۴۱۱۱ ۱۱۱۱ ۱۱۱۱ ۱۱۱۱",  # Urdu digits
        "４１１１１１１１１１１１１１１１",  # full width
        "invoice 7 4111 1111 1111 1111 99",
        "pan=4111111111111111;",
        "x4111111111111111x",
        "4222222222222",  # 13 digits
        "378282246310005",
        "3782 822463 10005",
        "30569309025904",
        "6304000000000000000",  # 19 digits
        "2205000000000009",  # PayPak
        "5555 5555 5555 4444",
        "PK36SCBL0000001123456702 and 4111 1111 1111 1111",
        "PK37SCBL4111111111111111",  # not an IBAN: wrong check digits
    ],
)
def test_card_numbers_are_found(text):
    found = find_card_number(text)
    assert found is not None
    assert found.startswith("**** ")
    assert len(found) == 9


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No numbers at all",
        "4111 1111 1111 1112",  # wrong check digit
        "411111111111",  # 12 digits
        "41111111111111111111",  # 20 digits
        "PK36 SCBL 0000 0011 2345 6702",
        "PK36SCBL0000001123456702",
        "DE89 3704 0044 0532 0130 00",
        "42101-1234567-1",
        "+92 300 1234567, +92 21 35630001",
        "2026-01-15 2026-12-31",
        "10.0.0.1 192.168.100.101",
        "0000000000000000",
        "ISO/IEC 27001:2022, PCI DSS 4.0.1, clause 12.3.1",
    ],
)
def test_look_alikes_are_left_alone(text):
    assert find_card_number(text) is None


def test_every_cnic_with_dashes_passes_whatever_its_check_digit():
    cnics = [f"42101-12345{number:02}-{last}" for number in range(100) for last in range(10)]
    assert [cnic for cnic in cnics if find_card_number(cnic)] == []


def test_a_long_text_of_numbers_is_read_fast():
    assert find_card_number("1234 " * 40_000) is None


@pytest.mark.parametrize(
    "name",
    [
        "9228a4a8-7cc7-40c3-95c4-705419429691",
        "2BE0BAD0-BE37-407D-B506-92229520666B",
        "see https://duly.example/vendors/6b4b2388-2096-4472-91e0-222211156df7#notes",
    ],
)
def test_an_id_is_no_card_whatever_its_digits(name):
    assert find_card_number(name) is None


@pytest.mark.parametrize(
    "text",
    [
        "9228a4a8-7cc7-40c3-95c4-705419429691 4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "a4111111111111111",
    ],
)
def test_no_card_hides_beside_an_id_or_in_the_shape_of_one(text):
    assert find_card_number(text) is not None


def test_a_long_row_of_short_groups_is_not_put_together_at_every_place(monkeypatch):
    asked = []
    monkeypatch.setattr(cards, "_is_card_shaped", lambda *given, **_: asked.append(given))
    cards.find_card_number("1-" * 2_000)
    assert len(asked) <= 7, "thirteen to nineteen digits, from the first place on"
