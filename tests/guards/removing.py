"""Removing guards one at a time: at least one test has to go red for each.

Run by `./duly test --guards`. The tree is copied, a guard is taken out of the copy, and the tests
named beside it run there; green means that nobody would have noticed. The table it prints is the
one of docs/threats.md.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "threats.md"
BEGIN, END = "<!-- guards: begin -->", "<!-- guards: end -->"
LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv*", "__pycache__", "*.pyc", ".hypothesis")
ALL_PASSED, SOME_FAILED = 0, 1


@dataclass(frozen=True, slots=True)
class Guard:
    """A line that keeps something out, what becomes of it, and the tests that would tell."""

    what: str
    """What it keeps, in the words of the table."""
    file: str
    before: str
    """The guard as it stands: exactly once in its file."""
    after: str
    """What is left when somebody takes it out."""
    tests: str
    """Arguments of pytest; the first failing test is the one in the table."""
    database: str = "sqlite"

    @property
    def place(self) -> Path:
        """The file it stands in."""
        return ROOT / self.file

    @property
    def line(self) -> int:
        """The number of its line. Raises ValueError when it is not there exactly once."""
        text = self.place.read_text()
        if text.count(self.before) != 1:
            raise ValueError(f"{self.file} holds this {text.count(self.before)} times: {self.what}")
        return text[: text.index(self.before)].count("\n") + 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the tests without a guard."""

    guard: Guard
    code: int
    caught_by: str

    @property
    def is_caught(self) -> bool:
        """Whether a test went red: a broken start or an empty choice is no answer."""
        return self.code == SOME_FAILED and bool(self.caught_by)


@contextmanager
def copied() -> Iterator[Path]:
    """Give a copy of the tree in which everything may be broken."""
    with tempfile.TemporaryDirectory(prefix="duly-guards-") as folder:
        copy = Path(folder) / "duly"
        shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND)
        yield copy


def without(guard: Guard, copy: Path) -> Outcome:
    """Take a guard out of the copy, run its tests, and put it back."""
    place = copy / guard.file
    whole = place.read_text()
    place.write_text(whole.replace(guard.before, guard.after))
    try:
        code, caught_by = _run(guard, copy)
    finally:
        place.write_text(whole)
    return Outcome(guard, code, caught_by)


def _run(guard: Guard, copy: Path) -> tuple[int, str]:
    environment = {**os.environ, "DULY_TEST_DATABASE": guard.database}
    quick = ("-n", "0", "-x", "-p", "no:cacheprovider", "--tb=no")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *quick, *guard.tests.split()],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    return done.returncode, failed[0].split(" ")[1].split("[")[0] if failed else ""


def table_of(outcomes: list[Outcome]) -> str:
    """Return the table of docs/threats.md."""
    lines = ["| Guard | Where | Goes red without it |", "| --- | --- | --- |"]
    for each in outcomes:
        test = each.caught_by.removeprefix("tests/").replace("::", " `", 1) + "`"
        lines.append(f"| {each.guard.what} | `{each.guard.file}` | {test} |")
    return "\n".join(lines)


def written_into(document: str, table: str) -> str:
    """Return the document with this table between its marks."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"
