"""duly bench --pages: every page of a house that was lived in for years, opened by who may."""

import gc
import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import event
from werkzeug.test import Client, TestResponse

from app import create_app
from bench import pages_ground
from bench.pages_doors import Door, addresses, doors
from bench.pages_ground import LARGE, SMALL, Ground
from foundation.csrf import cookie_name
from foundation.db import Database
from operations.cli_print import note, say

ROUNDS = 15
LONG_ROUNDS = 3
LONG = 2.0
"""Seconds after which a page is opened a few times only: it is too slow whatever they say."""
GOAL_MS = 500
DOWNLOADS = ("/download", ".pdf", ".csv", ".xlsx", ".ics")
COLUMNS = ("page", "who", "statements", "kB", "CPU ms", "CPU p95", "ms", "p95")


@dataclass(frozen=True, slots=True)
class Figure:
    """One page as somebody opened it; times in milliseconds."""

    page: str
    who: str
    address: str
    statements: int
    bytes: int
    cpu: float
    cpu_p95: float
    clock: float
    clock_p95: float

    @property
    def is_download(self) -> bool:
        """Whether it is a file: measured here, but held to no goal of a page."""
        return self.page.endswith(DOWNLOADS)


class House:
    """A running application on a filled database, and the browsers of its people."""

    def __init__(self, ground: Ground) -> None:
        """Make the application; statements are counted from now on."""
        self.ground = ground
        self.app = create_app(ground.settings)
        self.database: Database = self.app.extensions["database"]
        self.statements = 0
        self.browsers = {role.value: self._browser("duly_staff", token)
                         for role, token in ground.staff.items()}  # fmt: skip
        self.browsers["vendor"] = self._browser("duly_portal", ground.portal)
        event.listen(self.database.engine, "before_cursor_execute", self._count)

    def open(self, door: Door, address: str) -> TestResponse:
        """Open a page as its person and read all of it."""
        self.statements = 0
        answer = self.browsers[door.role].get(address)
        answer.get_data()
        return answer

    def close(self) -> None:
        """Let go of the database."""
        self.database.engine.dispose()

    def _browser(self, cookie: str, token: str) -> Client:
        client = Client(self.app, use_cookies=True)
        client.set_cookie(cookie_name(cookie), token, domain="localhost")
        return client

    def _count(self, *given: Any) -> None:  # noqa: ANN401  SQLAlchemy's own arguments
        if not str(given[2]).startswith(("PRAGMA", "BEGIN")):
            self.statements += 1


def run(*, is_small: bool, address: str, as_json: bool) -> int:
    """Fill, open and print; the exit code is 0 whatever the figures are."""
    sizes = (SMALL,) if is_small else (SMALL, LARGE)
    if address:
        sizes = sizes[-1:]
    found: list[list[Figure]] = []
    left: dict[str, str] = {}
    folder = Path(tempfile.mkdtemp(prefix="duly-pages-"))
    try:
        for size in sizes:
            ground = pages_ground.make(folder / str(size.vendors), size, address)
            note(", ".join(f"{n:,} {name}" for name, n in ground.counts.items() if n > 1000))
            figures, left = measured(ground)
            found.append(figures)
    finally:
        shutil.rmtree(folder)
    if as_json:
        rows = [[asdict(each) for each in figures] for figures in found]
        say(json.dumps({"rows": rows, "left_out": left}))
    else:
        say(printed(found[-1], found[0] if len(found) > 1 else (), left))
    return 0


def measured(ground: Ground, rounds: int = ROUNDS) -> tuple[list[Figure], dict[str, str]]:
    """Open every page several times; returns the figures and why pages are left out."""
    house = House(ground)
    known, left = doors(house.app)
    figures = []
    for door in known:
        address = _that_opens(house, door)
        if address is None:
            left[f"{door.rule} ({door.role})"] = "none of the addresses tried opens"
        else:
            figures.append(_figure(house, door, address, rounds))
    house.close()
    return figures, left


def _that_opens(house: House, door: Door) -> str | None:
    with house.database.reading() as session:
        for address in addresses(session, house.ground, door):
            if house.open(door, address).status_code == 200:
                return address
    return None


def _figure(house: House, door: Door, address: str, rounds: int) -> Figure:
    began = time.perf_counter()
    size = len(house.open(door, address).get_data())  # what is compiled on first use is not counted
    if time.perf_counter() - began > LONG:
        rounds = LONG_ROUNDS
    gc.collect()
    # The fewest: once a minute a visit is noted beside the page.
    cpus, clocks, counts = [], [], []
    for _ in range(rounds):
        cpu, clock = time.process_time(), time.perf_counter()
        house.open(door, address)
        cpus.append((time.process_time() - cpu) * 1000)
        clocks.append((time.perf_counter() - clock) * 1000)
        counts.append(house.statements)
    return Figure(
        door.rule, door.role, address, min(counts), size,
        median(cpus), _p95(cpus), median(clocks), _p95(clocks),
    )  # fmt: skip


def _p95(spent: Sequence[float]) -> float:
    return quantiles(spent, n=20, method="inclusive")[-1]


def printed(figures: Sequence[Figure], small: Sequence[Figure], left: dict[str, str]) -> str:
    """Return the tables: pages, the slowest first, files, what grows, and what is left out."""
    ranked = sorted(figures, key=lambda each: -each.clock_p95)
    pages = [each for each in ranked if not each.is_download]
    late = sum(each.clock_p95 > GOAL_MS for each in pages)
    lines = [
        f"{len(pages)} pages, {late} of them with a p95 above {GOAL_MS} ms",
        "",
        *_table(pages),
    ]
    lines += ["", "Files:", "", *_table([each for each in ranked if each.is_download])]
    before = {(each.page, each.who): each for each in small}
    lines += ["", "Other statements than with the small inventory:"]
    for each in ranked:
        other = before.get((each.page, each.who))
        if other is not None and other.statements != each.statements:
            lines.append(f"  {each.page} ({each.who}): {other.statements}, {each.statements}")
    lines += ["", "Left out:", *(f"  {page}: {why}" for page, why in sorted(left.items()))]
    return "\n".join(lines)


def _table(figures: Sequence[Figure]) -> list[str]:
    rows = [
        (
            each.page, each.who, str(each.statements), f"{each.bytes / 1000:.0f}",
            f"{each.cpu:.0f}", f"{each.cpu_p95:.0f}", f"{each.clock:.0f}", f"{each.clock_p95:.0f}",
        )
        for each in figures
    ]  # fmt: skip
    return [f"| {' | '.join(each)} |" for each in (COLUMNS, ("---",) * len(COLUMNS), *rows)]
