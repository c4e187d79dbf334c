"""How fast one session may change things."""

from foundation import pace
from foundation.pace import Pace


def test_a_burst_is_taken_then_so_many_a_second():
    kept = Pace(burst=3, per_second=2)
    assert [kept.is_kept("a", 0.0) for _ in range(4)] == [True, True, True, False]
    assert kept.is_kept("b", 0.0), "another session has its own"
    assert [kept.is_kept("a", 1.0) for _ in range(3)] == [True, True, False]
    assert [kept.is_kept("a", 100.0) for _ in range(4)] == [True, True, True, False]


def test_those_who_are_whole_again_are_forgotten(monkeypatch):
    monkeypatch.setattr(pace, "MOST_KNOWN", 2)
    kept = Pace(burst=2, per_second=1)
    assert kept.is_kept("old", 0.0)
    assert [kept.is_kept("busy", 10.0) for _ in range(3)] == [True, True, False]
    assert kept.is_kept("new", 10.0)
    assert not kept.is_kept("busy", 10.0), "who is at it is remembered"
