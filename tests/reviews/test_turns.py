"""Whose move it is and what is late: the one rule, over everything that can come together."""

from dataclasses import fields
from datetime import date
from itertools import product

import pytest

from reviews.turns import (
    Errand,
    Held,
    Turn,
    are_answers_late,
    errand_of,
    is_review_late,
    turn_of,
)
from vendors.rules import VendorState

NAMES = [field.name for field in fields(Held)]
EVERY = [
    Held(**dict(zip(NAMES, each, strict=True)))
    for each in product((False, True), repeat=len(NAMES))
]
DAY, BEFORE, AFTER = date(2026, 3, 16), date(2026, 3, 15), date(2026, 3, 17)


@pytest.mark.parametrize(
    ("held", "turn"),
    [
        (Held(), Turn.NOBODY),
        (Held(is_begun=True), Turn.BUYER),
        (Held(is_begun=True, is_away=True), Turn.VENDOR),
        (Held(is_begun=True, is_away=True, is_back=True), Turn.VENDOR),
        (Held(is_begun=True, is_back=True), Turn.RISK),
        (Held(is_begun=True, is_back=True, is_proposed=True), Turn.SIGNERS),
        (Held(has_loose_contract=True), Turn.BUYER),
        (Held(is_leaving=True), Turn.BUYER),
        (Held(is_over=True, is_begun=True, is_away=True, is_proposed=True), Turn.NOBODY),
        (Held(is_over=True, has_loose_contract=True), Turn.BUYER),
    ],
)
def test_who_has_the_ball(held, turn):
    assert turn_of(held) is turn


def test_procurement_has_it_exactly_when_it_has_an_errand_and_nobody_else_is_at_it():
    for held in EVERY:
        if turn_of(held) is Turn.BUYER:
            assert errand_of(held) is not None, held
        if turn_of(held) is Turn.NOBODY:
            assert errand_of(held) is None, held
        if held.is_over:
            assert turn_of(held) in {Turn.BUYER, Turn.NOBODY}, held
            assert errand_of(held) in {Errand.END, None}, held


def test_answers_are_late_only_while_the_vendor_has_the_ball():
    for turn in Turn:
        assert are_answers_late(turn, BEFORE, DAY) is (turn is Turn.VENDOR)
        assert not are_answers_late(turn, DAY, DAY), "its last day is not late"
        assert not are_answers_late(turn, AFTER, DAY)
        assert not are_answers_late(turn, None, DAY)


def test_a_review_is_late_once_its_vendor_is_used_past_the_day():
    for state in VendorState:
        assert is_review_late(state, BEFORE, DAY) is (state is VendorState.ACTIVE)
        assert not is_review_late(state, DAY, DAY)
        assert not is_review_late(state, None, DAY)
