"""Understanding a filled matrix: rows of a sheet become lines, or are named. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from contracts.matrix_file import SHARE_WORDS
from contracts.matrix_rules import (
    LONGEST_NOTE,
    Line,
    Share,
    check_length,
    in_order,
    parse_number,
)
from contracts.matrix_words import (
    LEADING,
    MARKS,
    NO_MARK,
    NOBODY,
    NOTES,
    NUMBERS,
    OWNERS,
    SHARES,
    plain,
)
from foundation.errors import Refused
from vendors.importing.table import CARD_REMOVED, Reading, Row, Sheet, column_letter

LOOKED_AT = 25
"""How many rows from the top can hold the names of the columns."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand in a sheet; `marks` are columns of their own for each owner."""

    header: int
    number: int
    owner: int | None = None
    note: int | None = None
    marks: Mapping[int, Share] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    """The names of columns nothing is taken from."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a file says. With problems nothing of it is taken."""

    lines: tuple[Line, ...] = ()
    problems: tuple[str, ...] = ()
    """A sentence for each row that was not understood, by its number in the file."""
    headings: tuple[int, ...] = ()
    """Rows with nothing but a heading, which were passed over."""
    others: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    """The names of sheets that were not read."""


def understand(reading: Reading) -> Understood:
    """Return the lines of the first sheet that has the columns. Raises Refused when none has."""
    for sheet in sorted(reading.sheets, key=lambda sheet: sheet.is_hidden):
        columns = _columns_of(sheet)
        if columns is not None:
            unread = tuple(one.name for one in reading.sheets if one is not sheet and one.rows)
            return replace(_read(sheet, columns), sheets=unread)
    raise Refused(
        "No row names the columns. One column has the number of the requirement and is called "
        "“Requirement”, another says who meets it and is called “Who meets it”."
    )


def _columns_of(sheet: Sheet) -> Columns | None:
    found = (_as_header(row) for row in sheet.rows[:LOOKED_AT])
    return next((columns for columns in found if columns is not None), None)


def _as_header(row: Row) -> Columns | None:
    number = owner = note = None
    marks: dict[int, Share] = {}
    others = []
    for place, cell in enumerate(row.cells):
        word = plain(cell)
        if word in NUMBERS and number is None:
            number = place
        elif word in OWNERS and owner is None:
            owner = place
        elif word in NOTES and note is None:
            note = place
        elif word in SHARES and SHARES[word] not in marks.values():
            marks[place] = SHARES[word]
        elif cell:
            others.append(cell[:40])
    if number is None or (owner is None and len(marks) < 2):
        return None
    return Columns(row.number, number, owner, note, marks if owner is None else {}, tuple(others))


def _read(sheet: Sheet, columns: Columns) -> Understood:
    lines: dict[str, tuple[Line, int]] = {}
    problems, headings = [], []
    for row in sheet.rows:
        if row.number <= columns.header:
            continue
        if _is_heading(row, columns):
            headings.append(row.number)
            continue
        try:
            line = _line(row, columns)
        except Refused as refusal:
            problems.append(f"Row {row.number}: {refusal}")
            continue
        first = lines.setdefault(line.number, (line, row.number))[1]
        if first != row.number:
            problems.append(f"Row {row.number}: {_twice(line.number, first)}")
    if not (lines or problems):
        problems.append("There is no row below the names of the columns.")
    found = tuple(line for line, _row in lines.values())
    try:
        check_length(in_order(found))
    except Refused as refusal:
        problems.append(str(refusal))
    others = columns.others
    return Understood(() if problems else found, tuple(problems), tuple(headings), others)


def _is_heading(row: Row, columns: Columns) -> bool:
    """Say whether a row is one text without a number, such as the title of a group."""
    said = [place for place, cell in enumerate(row.cells) if cell]
    meaning = {columns.owner, columns.note, *columns.marks}
    is_numbered = any(char.isdigit() for char in row.cell(columns.number))
    return len(said) == 1 and not is_numbered and said[0] not in meaning


def _line(row: Row, columns: Columns) -> Line:
    note = row.cell(columns.note) if columns.note is not None else ""
    if any(CARD_REMOVED in cell for cell in row.cells):
        raise Refused("it held a card number. Duly never stores card numbers: take it out.")
    if len(note) > LONGEST_NOTE:
        raise Refused(f"the note has {len(note)} characters; {LONGEST_NOTE} fit. Shorten it.")
    return Line(_number(row, columns), _share(row, columns), note)


def _number(row: Row, columns: Columns) -> str:
    cell, where = row.cell(columns.number), f"{column_letter(columns.number)}{row.number}"
    if not cell:
        raise Refused(f"cell {where} is empty. The number of the requirement belongs there.")
    found = LEADING.match(cell)
    try:
        return parse_number(found[1] if found else cell)
    except Refused as refusal:
        raise Refused(f"in cell {where}, {refusal}") from None


def _share(row: Row, columns: Columns) -> Share | None:
    if columns.owner is not None:
        word = plain(row.cell(columns.owner))
        if word in NOBODY:
            return None
        if word in SHARES:
            return SHARES[word]
        where = f"{column_letter(columns.owner)}{row.number}"
        known = ", ".join(f"“{word}”" for word in SHARE_WORDS.values())
        raise Refused(f"cell {where} says “{word[:40]}”. Write one of {known}.")
    return _marked(set(_marks(row, columns)))


def _marks(row: Row, columns: Columns) -> Iterator[Share]:
    for place, share in columns.marks.items():
        word = plain(row.cell(place))
        if word in MARKS:
            yield share
        elif word not in NO_MARK:
            where = f"{column_letter(place)}{row.number}"
            raise Refused(f"cell {where} says “{word[:40]}”. Write an x or nothing.")


def _marked(found: set[Share]) -> Share | None:
    if len(found) < 2:
        return next(iter(found), None)
    if found <= {Share.VENDOR, Share.OURS, Share.SHARED}:
        return Share.SHARED  # both columns ticked is how many matrices say it
    raise Refused("it is marked as not applying and as somebody's. Keep one of the marks.")


def _twice(number: str, row: int) -> str:
    return (
        f"requirement {number} stands in row {row} already. Where 3.10 became 3.1, "
        "make the cells of that column text and type it again."
    )
