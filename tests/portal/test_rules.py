"""The rules of the outside door, as tables of cases."""

import pytest

from portal.question_cards import anchor_of
from portal.rules import digest, is_below_bar, minutes_for, needs_factor
from questionnaires import library
from questionnaires.given import Given
from questionnaires.nodes import question

TIER4 = library.load("tier4")


@pytest.mark.parametrize(("count", "minutes"), [(0, 5), (1, 5), (8, 10), (9, 10), (137, 95)])
def test_minutes(count, minutes):
    assert minutes_for(count) == minutes


@pytest.mark.parametrize(
    ("tiers", "limit", "needed"),
    [
        ((1,), 2, True),
        ((2,), 2, True),
        ((3,), 2, False),
        ((4, 1), 2, True),
        ((None,), 2, True),
        ((), 2, False),
        ((4,), 5, True),
    ],
)
def test_who_needs_a_second_factor(tiers, limit, needed):
    assert needs_factor(tiers, from_tier=limit) is needed


@pytest.mark.parametrize(
    ("code", "option", "low"),
    [
        ("enc_in_transit", "no", True),
        ("enc_in_transit", "planned", True),
        ("enc_in_transit", "partial", False),
        ("enc_in_transit", "yes", False),
    ],
)
def test_what_is_coached(code, option, low):
    asked = question(TIER4, code)
    assert is_below_bar(asked, Given(frozenset({option}))) is low
    assert not is_below_bar(asked, Given(frozenset({option}), not_applicable=True, reason="x"))


def test_a_digest_sees_every_part_of_an_answer():
    variants = [
        Given(),
        Given(frozenset({"a"})),
        Given(text="a"),
        Given(not_applicable=True),
        Given(reason="a"),
    ]
    assert len({digest(one) for one in variants}) == len(variants)
    assert digest(Given(frozenset({"a", "b"}))) == digest(Given(frozenset({"b", "a"})))


def test_anchors_are_safe_and_different():
    codes = ["a b", "a.b", 'a"><script>', "a_b", "a-b", "ä"]
    anchors = [anchor_of(code) for code in codes]
    assert len(set(anchors)) == len(codes)
    assert all(not set(one) & set(" \"<>'#/") for one in anchors)
