"""The worker's own time: when it sweeps next, whatever the machine's clock did."""

from datetime import UTC, datetime, timedelta

from operations.worker import Pause


def test_years_that_were_missed_are_one_sweep_and_not_one_for_each_pause():
    now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    wrong = datetime(1970, 1, 1, tzinfo=UTC)  # a machine without a battery, before it asked around
    assert Pause(5).get_next_fire_time(wrong, now) == now + timedelta(seconds=5)
    assert Pause(5).get_next_fire_time(None, now) == now + timedelta(seconds=5)
