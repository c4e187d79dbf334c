"""Residual risk: the worked example, the bands and the floor's weight."""

import pytest

from reviews.residual import Band, residual, shown_band


@pytest.mark.parametrize(
    ("effectiveness", "score", "band"),
    [
        (0.92 * 0.95, 19.7, Band.MODERATE),
        (0.92 * 0.65, 42.7, Band.HIGH),
        (0.92 * 0.50, 54.2, Band.CRITICAL),
        (0.92, 15.9, Band.MODERATE),
        (1.0, 9.3, Band.LOW),  # never zero
        (0.0, 92.5, Band.CRITICAL),
    ],
)
def test_the_worked_example(effectiveness, score, band):
    left = residual(92.5, 1, effectiveness)
    assert (left.score, left.band) == (score, band)


def test_nothing_is_known_without_a_score():
    assert residual(92.5, 1, None) is None


@pytest.mark.parametrize(
    ("inherent", "tier", "at_stake"),
    [(31.5, 2, 50.0), (6.5, 1, 70.0), (72.5, 1, 72.5), (1.5, 4, 1.5), (72.5, 2, 72.5)],
)
def test_a_floor_raises_what_is_at_stake(inherent, tier, at_stake):
    assert residual(inherent, tier, 0.0).at_stake == at_stake


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (14.9, Band.LOW),
        (15.0, Band.MODERATE),
        (29.9, Band.MODERATE),
        (30.0, Band.HIGH),
        (49.9, Band.HIGH),
        (50.0, Band.CRITICAL),
    ],
)
def test_bands_begin_at_their_number(score, band):
    assert residual(score, 4, 0.0).band is band


@pytest.mark.parametrize("wrong", [-0.1, 1.1])
def test_a_share_is_a_share(wrong):
    with pytest.raises(ValueError, match="from 0 to 1"):
        residual(50.0, 2, wrong)


def test_a_failed_gate_shows_at_least_high():
    assert shown_band(Band.LOW, has_failed_gate=True) is Band.HIGH
    assert shown_band(None, has_failed_gate=True) is Band.HIGH
    assert shown_band(Band.CRITICAL, has_failed_gate=True) is Band.CRITICAL
    assert shown_band(None, has_failed_gate=False) is None
