"""duly bench: fill two databases, measure the same operations on both, print the table."""

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import pages, seed, soak, soak_gentle, table
from bench.measure import Figure, measure
from bench.operations import Bench, Operation
from bench.sweeps import GOALS, measure_rush, measure_sweeps
from operations.cli_print import note, say

FULL, QUICK = (1_000, 100_000), (1_000, 10_000)
ROUNDS, QUICK_ROUNDS = 40, 15
EXPORT_ROUNDS = 5


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    del name
    parser.add_argument("--quick", action="store_true", help="1,000 and 10,000 vendors only")
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    parser.add_argument(
        "--pages", action="store_true", help="open every page with 500 and with 5,000 vendors"
    )
    parser.add_argument("--small", action="store_true", help="pages with 500 vendors only")
    parser.add_argument(
        "--soak", action="store_true", help="100 vendors answer while every web process is killed"
    )
    parser.add_argument("--minutes", type=float, default=10.0, help="how long they answer")
    parser.add_argument("--sessions", type=int, help="how many vendors answer")
    parser.add_argument(
        "--gentle", action="store_true", help="with --soak: 20 vendors, no deaths; what grows?"
    )
    parser.add_argument(
        "--database", default="", help="an empty PostgreSQL database for soak or pages, else SQLite"
    )
    return run


def run(chosen: argparse.Namespace) -> int:
    """Measure and print; the exit code is 0 whatever the figures are."""
    if chosen.soak:
        return _soak(chosen)
    if chosen.pages:
        return pages.run(is_small=chosen.small, address=chosen.database, as_json=chosen.json)
    sizes = QUICK if chosen.quick else FULL
    folder = Path(tempfile.mkdtemp(prefix="duly-bench-"))
    try:
        rows = _measured(folder, sizes, QUICK_ROUNDS if chosen.quick else ROUNDS)
    finally:
        shutil.rmtree(folder)
    if chosen.json:
        say(json.dumps({"sizes": sizes, "rows": rows}))
        return 0
    say(f"{sizes[1]:,} vendors; growth is from {sizes[0]:,}. Exports hold the vendors of tier 1.")
    say(table.printed(rows))
    return 0


def _soak(chosen: argparse.Namespace) -> int:
    """Soak and print; the exit code is 1 where anything was lost, doubled, ours or grows."""
    form: Any = soak_gentle if chosen.gentle else soak
    seats = {"n_seats": chosen.sessions} if chosen.sessions else {}
    found = form.run(form.Plan(chosen.minutes * 60, address=chosen.database, **seats))
    say(json.dumps(found) if chosen.json else "\n".join(_lines(found)))
    wrong = ("lost", "doubled", "faults", "tracebacks", "grows")
    return 1 if any(found.get(name) for name in wrong) or found["ledger"] != "whole" else 0


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    for name, value in found.items():
        if isinstance(value, list) and value and isinstance(value[0], str):
            yield from (f"{name}:", *(f"  {each}" for each in value))
        else:
            yield f"{name}: {value}"


def _measured(folder: Path, sizes: tuple[int, int], rounds: int) -> list[dict[str, object]]:
    pages: list[list[Figure]] = []
    exports: list[Figure] = []
    goals: Sequence[Operation] = ()
    for size in sizes:
        note(f"filling a database with {size:,} vendors")
        ground = seed.make(folder / str(size), size)
        bench = Bench(ground)
        note("measuring")
        measured = [*bench.operations()]
        taken = [*bench.exports()]
        figures = measure(bench, measured, rounds)
        exports = measure(bench, taken, EXPORT_ROUNDS)
        hello_ms = figures[0].ms / figures[0].ratio
        pages.append([*figures, *measure_sweeps(bench, rounds, hello_ms)])
        exports += measure_rush(bench, hello_ms)
        goals = [*measured, *taken, *GOALS]
        bench.close()
    return table.rows(goals, pages[0], [*pages[1], *exports])
