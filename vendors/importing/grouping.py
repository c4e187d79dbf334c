"""Problems as a page shows them: by the way to mend them, the same text in a column once. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from vendors.importing.asked import Asked, Fault
from vendors.importing.cells import read_cell
from vendors.importing.fields import CLOSED, SHAPES, ImportField, Shape
from vendors.importing.outcome import Choices, Problem, ProblemKind, Surroundings
from vendors.importing.table import Source

MOST_LINES = 100
"""How many lines of one group a page shows; the others come up when these are mended."""
MOST_WORDS = 40

_BY_WORD = frozenset(
    {
        ProblemKind.UNKNOWN_WORD,
        ProblemKind.BAD_DATE,
        ProblemKind.BAD_VALUE,
        ProblemKind.TOO_LONG,
        ProblemKind.FORMULA,
        ProblemKind.UNKNOWN_VENDOR,
    }
)
"""The same text in the same column is mended once for all its rows."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to mend: a text with all its rows, a cell, a row, or the order of a column."""

    way: str
    """word, cell, order, same or skip."""
    key: str
    """Names its input: row and column, or the column alone."""
    problem: Problem
    rows: tuple[int, ...]

    @property
    def shape(self) -> Shape | None:
        """The closed list its value is chosen from, or None for free text."""
        if self.problem.field is None:
            return None
        shape = SHAPES[self.problem.field]
        return shape if shape in CLOSED and self.way in {"word", "cell"} else None


@dataclass(frozen=True, slots=True)
class Group:
    """All problems with one way to mend them."""

    kind: ProblemKind
    lines: tuple[Line, ...]
    more: int
    """How many lines are not shown yet."""

    @property
    def n_rows(self) -> int:
        """How many rows the lines shown stand for."""
        return sum(len(line.rows) for line in self.lines)


@dataclass(frozen=True, slots=True)
class WordRead:
    """A text of a closed column and what it was read as."""

    column: int
    header: str
    shape: Shape
    text: str
    value: object
    count: int


def grouped(problems: Iterable[Problem]) -> list[Group]:
    """Return the problems by kind, in the order of the enum."""
    by_kind: dict[ProblemKind, dict[tuple[object, ...], list[Problem]]] = {}
    for problem in problems:
        by_kind.setdefault(problem.kind, {}).setdefault(_key(problem), []).append(problem)
    found = []
    for kind in ProblemKind:
        lines = [_line(kind, several) for several in by_kind.get(kind, {}).values()]
        lines.sort(key=lambda line: (-len(line.rows), line.rows[0]))
        if lines:
            hidden = max(0, len(lines) - MOST_LINES)
            found.append(Group(kind, tuple(lines[:MOST_LINES]), hidden))
    return found


def words_read(source: Source, choices: Choices, around: Surroundings) -> list[WordRead]:
    """Return how the words of closed columns were read, the most frequent first."""
    found = []
    for column, which in choices.mapping.items():
        if SHAPES[which] not in CLOSED:
            continue
        counts: dict[str, int] = {}
        for row in source.rows:
            text = row.cell(column)
            if text and (row.number, column) not in choices.edits:
                counts[text] = counts.get(text, 0) + 1
        frequent = sorted(counts, key=lambda text: -counts[text])[:MOST_WORDS]
        for text in frequent:
            value = _value(choices.text_of(-1, column, text), which, around)
            if value is not None:
                header = source.names[column] if column < len(source.names) else ""
                shape = SHAPES[which]
                found.append(WordRead(column, header, shape, text, value, counts[text]))
    return found


def _value(text: str, which: ImportField, around: Surroundings) -> object:
    try:
        return read_cell(Asked(text, which, None, around)) if text else None
    except Fault:
        return None


def _key(problem: Problem) -> tuple[object, ...]:
    if problem.kind is ProblemKind.AMBIGUOUS_DATE:
        return (problem.column,)
    if problem.kind in _BY_WORD and problem.column is not None and problem.found:
        return (problem.column, problem.found.casefold())
    return (problem.column, problem.row)


def _line(kind: ProblemKind, several: list[Problem]) -> Line:
    first = several[0]
    rows = tuple(problem.row for problem in several)
    if kind is ProblemKind.AMBIGUOUS_DATE:
        return Line("order", f"{first.column}", first, rows)
    if kind is ProblemKind.SAME_COMPANY:
        return Line("same", f"{first.row}", first, rows)
    if first.column is None:
        return Line("skip", f"{first.row}", first, rows)
    way = "word" if kind in _BY_WORD and first.found else "cell"
    return Line(way, f"{first.row}-{first.column}", first, rows)
