"""Finding the header of a sheet, in row 4 or over two rows, and the sheet worth reading. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from vendors.importing.fields import SYNONYMS, ImportField, plain_words, shorter_headers
from vendors.importing.table import Reading, Row, Sheet, column_letter

LOOKED_AT = 25
"""How many rows from the top can hold the header."""
_LONGEST_HEADER = 120


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands. `rows` counts its rows: 0 when there is none."""

    first: int
    """Number of its first row; of the first row of the list when there is no header."""
    rows: int
    names: tuple[str, ...]

    @property
    def signature(self) -> str:
        """Under which the mapping of such a list is remembered."""
        words = "\n".join(plain_words(name) for name in self.names)
        return hashlib.sha256(words.encode()).hexdigest()


def best_sheet(reading: Reading) -> int:
    """Return the sheet that looks most like a list of vendors; hidden ones come last."""
    scored = [
        (not sheet.is_hidden, _score_of_sheet(sheet), -place)
        for place, sheet in enumerate(reading.sheets)
    ]
    return -max(scored)[2]


def guess_header(sheet: Sheet) -> Header:
    """Return where the header most likely stands."""
    best, best_score = 0, 0.0
    top = sheet.rows[:LOOKED_AT]
    for place, row in enumerate(top):
        score = _score(row.cells) - place * 0.01
        if score > best_score:
            best, best_score = place, score
    if not top:
        return Header(1, 0, ())
    if best_score < 1:
        return _without_words(sheet)
    over = _joined(top[best - 1], top[best]) if best else ()
    under = _joined(top[best], top[best + 1]) if best + 1 < len(top) else ()
    alone = _score(top[best].cells)
    if over and _score(over) > alone and top[best - 1].number == top[best].number - 1:
        return header_at(sheet, top[best - 1].number, 2)
    if under and _score(under) > alone and _is_second_row(top[best], top[best + 1]):
        return header_at(sheet, top[best].number, 2)
    return header_at(sheet, top[best].number, 1)


def header_at(sheet: Sheet, number: int, rows: int) -> Header:
    """Return the header that stands in a row; with no rows, columns are called by their letter."""
    found = [row for row in sheet.rows if number <= row.number < number + rows]
    width = sheet.width
    if not rows or not found:
        return Header(number, 0, tuple(f"Column {column_letter(i)}" for i in range(width)))
    names = found[0].cells if len(found) == 1 else _joined(found[0], found[1])
    padded = [" ".join(name.split())[:_LONGEST_HEADER] for name in names]
    padded += [""] * (width - len(padded))
    return Header(number, rows, tuple(padded))


def data_rows(sheet: Sheet, header: Header) -> tuple[Row, ...]:
    """Return the rows of the list itself."""
    return tuple(row for row in sheet.rows if row.number >= header.first + header.rows)


def field_named(header: str) -> ImportField | None:
    """Return the field that a header names outright, or None."""
    for text in shorter_headers(header):
        found = SYNONYMS.get(text)
        if found is not None:
            return found
    return None


def _score(cells: Sequence[str]) -> float:
    """Return how much a row looks like a header: its known words, its short texts."""
    filled = [cell for cell in cells if cell]
    known = {
        found for cell in filled if len(cell) <= _LONGEST_HEADER and (found := field_named(cell))
    }
    if not known or len(known) * 5 < len(filled):
        return 0.0
    has_name = 0.5 if ImportField.NAME in known else 0.0
    return len(known) + has_name


def _score_of_sheet(sheet: Sheet) -> float:
    top = sheet.rows[:LOOKED_AT]
    best = max((_score(row.cells) for row in top), default=0.0)
    return best * 1000 + min(len(sheet.rows), 900)


def _joined(over: Row, under: Row) -> tuple[str, ...]:
    width = max(len(over.cells), len(under.cells))
    pairs = ((over.cell(i), under.cell(i)) for i in range(width))
    return tuple(a if a == b else f"{a} {b}".strip() for a, b in pairs)


def _is_second_row(first: Row, second: Row) -> bool:
    """Say whether the row below is part of the header: it fills what is empty or merged above."""
    if second.number != first.number + 1:
        return False
    named = [cell for cell in second.cells if cell]
    return bool(named) and all(
        len(cell) <= 60 and not any(c.isdigit() for c in cell) for cell in named
    )


def _without_words(sheet: Sheet) -> Header:
    """Return the header of a list whose words we do not know: its first full row of texts."""
    if sheet.width < 2:
        return header_at(sheet, sheet.rows[0].number, 0)
    widest = sheet.width
    for row in sheet.rows[:LOOKED_AT]:
        filled = [cell for cell in row.cells if cell]
        if len(filled) * 2 >= widest and all(len(cell) <= _LONGEST_HEADER for cell in filled):
            is_text = not any(cell[0].isdigit() or "@" in cell or "://" in cell for cell in filled)
            return header_at(sheet, row.number, 1 if is_text else 0)
    return header_at(sheet, sheet.rows[0].number, 0)
