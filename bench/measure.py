"""Measuring: CPU time of one process, operations interleaved with the yardstick."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from bench.operations import Bench, Operation, hello

YARDSTICKS = 20
"""Hellos in one measurement of the yardstick: one alone is too short to time."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One operation measured; times are CPU milliseconds, the spread is that of the middle half."""

    name: str
    statements: int
    bytes: int
    ms: float
    low: float
    high: float
    ratio: float
    """How many bare hellos it costs, measured in the same run."""


def measure(bench: Bench, operations: Sequence[Operation], rounds: int) -> list[Figure]:
    """Run every operation once in each round, with the yardstick between them."""
    yardstick = hello()
    times: dict[str, list[float]] = {each.name: [] for each in operations}
    hellos: list[float] = []
    facts: dict[str, tuple[int, int]] = {}
    for each in operations:
        each.call()  # what is compiled and cached on first use is not the page's cost
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        for each in operations:
            hellos.append(_cpu(lambda: [yardstick() for _ in range(YARDSTICKS)]) / YARDSTICKS)
            bench.statements = 0
            before = time.process_time()
            size = each.call()
            times[each.name].append((time.process_time() - before) * 1000)
            facts[each.name] = (bench.statements, size)
    gc.unfreeze()
    base = median(hellos)
    return [figure_of(name, spent, facts[name], base) for name, spent in times.items()]


def figure_of(name: str, spent: list[float], facts: tuple[int, int], base: float) -> Figure:
    """Return one figure; `facts` are statements and bytes, `base` what a hello costs."""
    low, middle, high = quantiles(spent, n=4) if len(spent) > 1 else (spent[0],) * 3
    return Figure(name, facts[0], facts[1], middle, low, high, middle / base)


def _cpu(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return (time.process_time() - before) * 1000
