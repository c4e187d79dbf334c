"""The bench on a few vendors: it runs, and what it counts is within the goals."""

import json

import pytest

from bench import command, pages, questions, sweeps, table
from bench.measure import Figure
from bench.operations import Operation

pytestmark = pytest.mark.slow


def test_what_is_counted_keeps_its_goal(database, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(questions, "SECTIONS", 1)
    monkeypatch.setattr(command, "QUICK", (200, 400))
    monkeypatch.setattr(command, "QUICK_ROUNDS", 2)
    monkeypatch.setattr(command, "EXPORT_ROUNDS", 1)
    monkeypatch.setattr(sweeps, "IN_RUSH", 60)
    chosen = command.argparse.Namespace(quick=True, json=True, soak=False, pages=False)
    assert command.run(chosen) == 0
    told = json.loads(capsys.readouterr().out)
    rows = {row["operation"]: row for row in told["rows"]}
    assert told["sizes"] == [200, 400]
    assert all(row["statements"] <= 6 for name, row in rows.items() if name.startswith("vendor "))
    assert rows["save one answer"]["statements"] <= 12
    assert rows["due sweep, 10,000 due"]["statements"] > 60
    assert rows["export as CSV"]["bytes"] > 10_000
    assert all(row["ratio"] > 0 for row in rows.values())


def test_a_goal_that_is_missed_is_said():
    goal = Operation("list", lambda: 0, goal_ms=12, goal_statements=6)
    small = [Figure("list", 6, 10, 5.0, 4.0, 6.0, 50.0)]
    for figure, is_kept in (
        (Figure("list", 6, 10, 6.0, 5.0, 7.0, 60.0), True),
        (Figure("list", 7, 10, 6.0, 5.0, 7.0, 60.0), False),
        (Figure("list", 6, 10, 7.0, 5.0, 7.0, 60.0), False),
        (Figure("list", 6, 10, 13.0, 5.0, 7.0, 60.0), False),
    ):
        row = table.rows([goal], small, [figure])[0]
        assert row["is_kept"] is is_kept
        assert ("kept" if is_kept else "MISSED") in table.printed([row])


def test_a_page_that_asks_more_often_is_named():
    def figure(page, statements, ms):
        return pages.Figure(page, "analyst", page, statements, 1000, ms, ms, ms, ms)

    small = [figure("/vendors", 6, 10.0), figure("/reviews", 5, 10.0)]
    large = [figure("/vendors", 6, 20.0), figure("/reviews", 25, 600.0), figure("/a.csv", 3, 900.0)]
    said = pages.printed(large, small, {"/verify": "open to everybody"})
    assert "2 pages, 1 of them with a p95 above 500 ms" in said
    assert said.index("| /reviews |") < said.index("| /vendors |")
    grown = said.partition("Other statements")[2].partition("Left out")
    assert ("/reviews (analyst): 5, 25" in grown[0], "/vendors" in grown[0]) == (True, False)
    assert "/verify: open to everybody" in grown[2]
