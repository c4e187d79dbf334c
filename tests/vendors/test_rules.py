"""The moves of a vendor: nothing is used before it was decided."""

import pytest

from vendors.rules import VendorState, may_move, moves_from

S = VendorState
ALLOWED = {
    (S.ONBOARDING, S.ACTIVE),
    (S.ONBOARDING, S.DECLINED),
    (S.ACTIVE, S.OFFBOARDING),
    (S.OFFBOARDING, S.ACTIVE),
    (S.OFFBOARDING, S.ENDED),
    (S.DECLINED, S.ONBOARDING),
    (S.ENDED, S.ONBOARDING),
}


@pytest.mark.parametrize("source", list(S))
@pytest.mark.parametrize("target", list(S))
def test_every_pair_of_states(source, target):
    move = may_move(source, target, is_cleared=True)
    assert bool(move) is ((source, target) in ALLOWED)
    assert move.sentence.endswith(".")


@pytest.mark.parametrize("source", list(S))
def test_nothing_becomes_active_without_a_decision(source):
    move = may_move(source, S.ACTIVE, is_cleared=False)
    assert not move
    if (source, S.ACTIVE) in ALLOWED:
        assert "after its review ended in an approval" in move.sentence


def test_the_ways_out_are_named():
    move = may_move(S.ENDED, S.ACTIVE, is_cleared=True)
    assert move.sentence == (
        "A vendor that is ended cannot become active. It can become: being onboarded."
    )
    assert moves_from(S.ONBOARDING, is_cleared=False) == (S.DECLINED,)
