"""The table of a measurement, for people and for machines."""

from collections.abc import Sequence
from typing import Any

from bench.measure import Figure
from bench.operations import Operation

MOST_GROWTH = 1.3
"""Times a page may cost more with the large inventory than with the small one."""

HEAD = ("operation", "statements", "kB", "CPU ms", "middle half", "hellos", "growth", "goal")


def rows(
    goals: Sequence[Operation], small: Sequence[Figure], large: Sequence[Figure]
) -> list[dict[str, Any]]:
    """Return a row for each operation on the large inventory, with its growth from the small."""
    before = {figure.name: figure for figure in small}
    by_name = {goal.name: goal for goal in goals}
    return [_row(by_name[each.name], each, before.get(each.name)) for each in large]


def printed(made: Sequence[dict[str, Any]]) -> str:
    """Return the rows as a table in Markdown."""
    lines = [_line(HEAD), _line(["---"] * len(HEAD))]
    lines += [
        _line(
            [
                row["operation"],
                str(row["statements"]),
                f"{row['bytes'] / 1000:.0f}",
                f"{row['ms']:.1f}",
                f"{row['low']:.1f} to {row['high']:.1f}",
                f"{row['ratio']:.0f}",
                f"{row['growth']:.2f}" if row["growth"] else "",
                f"{row['goal']}: {'kept' if row['is_kept'] else 'MISSED'}",
            ]
        )
        for row in made
    ]
    return "\n".join(lines)


def _row(goal: Operation, figure: Figure, before: Figure | None) -> dict[str, Any]:
    growth = figure.ms / before.ms if before and before.ms else None
    is_kept = (
        (goal.goal_ms is None or figure.ms <= goal.goal_ms)
        and (goal.goal_statements is None or figure.statements <= goal.goal_statements)
        and (growth is None or not goal.grows or growth <= MOST_GROWTH)
    )
    return {
        "operation": figure.name,
        "statements": figure.statements,
        "bytes": figure.bytes,
        "ms": round(figure.ms, 2),
        "low": round(figure.low, 2),
        "high": round(figure.high, 2),
        "ratio": round(figure.ratio, 1),
        "growth": round(growth, 2) if growth else None,
        "goal": _words(goal),
        "is_kept": is_kept,
    }


def _words(goal: Operation) -> str:
    said = [f"{goal.goal_ms:.0f} ms"] if goal.goal_ms is not None else []
    if goal.goal_statements is not None:
        said.append(f"{goal.goal_statements} statements")
    return ", ".join(said)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
