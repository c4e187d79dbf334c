"""What reading a file comes to: sheets of numbered rows of text. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from foundation.cards import find_card_number
from foundation.cells import restored
from foundation.errors import Refused

MOST_BYTES = 10_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CELLS = 600_000
MOST_SHEETS = 60
LONGEST_CELL = 32_767
"""What one cell of a spreadsheet can hold."""

CARD_REMOVED = "card number removed: "
"""Stands in place of a cell that held a card number; what follows are its last digits."""
ERRORS = frozenset(
    {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#NO RESULT!"}
)
"""What a spreadsheet shows for a formula that has no value; the last one is our own word."""

_MANY_DIGITS = re.compile(r"(?:\d\D{0,3}){13}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the file; the number is the one the program it is from shows."""

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        """Return a cell; nothing where the row is shorter."""
        return self.cells[column] if column < len(self.cells) else ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a file."""

    name: str
    rows: tuple[Row, ...]
    is_hidden: bool = False

    @property
    def width(self) -> int:
        """How many columns the widest row has."""
        return max((len(row.cells) for row in self.rows), default=0)


@dataclass(slots=True, kw_only=True)
class Source:
    """The rows of one sheet and what its columns are called."""

    sheet: str
    names: Sequence[str]
    rows: Sequence[Row]
    is_ragged: bool = False
    """Whether a row with more cells than the header is a sign of shifted columns."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a file held. `kind`: csv, xlsx, ods, markdown, list."""

    kind: str
    sheets: tuple[Sheet, ...]


def column_letter(column: int) -> str:
    """Return how a spreadsheet calls a column: 0 is A, 27 is AB."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def kept(text: str) -> str:
    """Return a cell's text, trimmed; a card number never gets further than this."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").strip()
    plain = restored(plain)
    if len(plain) >= 13 and _MANY_DIGITS.search(plain):
        card = find_card_number(plain)
        if card is not None:
            return CARD_REMOVED + card
    return plain


def sheet_of(
    name: str, rows: Iterable[tuple[int, Iterable[str]]], *, is_hidden: bool = False
) -> Sheet:
    """Return a sheet of numbered rows. Raises Refused beyond our limits, naming the place."""
    found = tuple(_checked(name, rows))
    if sum(len(row.cells) for row in found) > MOST_CELLS:
        raise Refused(
            f"{name} holds more than {MOST_CELLS:,} cells. Split the list into several files, "
            "or delete the columns that are not about vendors."
        )
    return Sheet(name, found, is_hidden)


def _checked(name: str, rows: Iterable[tuple[int, Iterable[str]]]) -> Iterator[Row]:
    counted = 0
    for number, cells in rows:
        row = Row(
            number, _without_tail([_fitting(name, number, i, c) for i, c in enumerate(cells)])
        )
        if len(row.cells) > MOST_COLUMNS:
            raise Refused(
                f"{name}, row {number} has {len(row.cells):,} columns; {MOST_COLUMNS} can be read. "
                "Delete the columns that are not about vendors."
            )
        if row.is_empty:
            continue
        counted += 1
        if counted > MOST_ROWS:
            raise Refused(
                f"{name} has more than {MOST_ROWS:,} rows. Split the list into several files."
            )
        yield row


def _fitting(name: str, number: int, column: int, text: str) -> str:
    if len(text) > LONGEST_CELL:
        raise Refused(
            f"{name}, cell {column_letter(column)}{number} holds {len(text):,} characters; "
            f"{LONGEST_CELL:,} fit in a cell. Shorten it and choose the file again."
        )
    return kept(text)


def _without_tail(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def packed(reading: Reading) -> bytes:
    """Return a reading as bytes that `unpacked` reads back."""
    plain = {
        "kind": reading.kind,
        "sheets": [
            {
                "name": sheet.name,
                "hidden": sheet.is_hidden,
                "rows": [[row.number, list(row.cells)] for row in sheet.rows],
            }
            for sheet in reading.sheets
        ],
    }
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def unpacked(data: bytes) -> Reading:
    """Read back what `packed` wrote; ValueError when the shape is not ours."""
    try:
        plain = json.loads(data)
        return Reading(
            str(plain["kind"]),
            tuple(
                Sheet(
                    str(sheet["name"]),
                    tuple(Row(int(n), tuple(map(str, cells))) for n, cells in sheet["rows"]),
                    bool(sheet["hidden"]),
                )
                for sheet in plain["sheets"]
            ),
        )
    except (KeyError, TypeError) as error:
        raise ValueError("This table is not in our shape.") from error
