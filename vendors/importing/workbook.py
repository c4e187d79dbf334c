"""Reading workbooks (XLSX, XLSM, ODS) inside the sandbox; the zip is looked through before.

The reader behind it reserves memory from the first to the last cell, so that one cell in the far
corner of a sheet would take the process down, and it drops errors: both are found in the zip first.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from html import unescape
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook
from python_calamine import SheetVisibleEnum as Visible

from foundation.errors import Refused
from vendors.importing.table import (
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    Reading,
    Sheet,
    sheet_of,
)

MOST_UNPACKED = 200_000_000
MOST_PARTS = 2_000
_MOST_MERGED = 20_000
_CELL = re.compile(
    rb'<c\b(?=[^>]*?\br="([A-Z]{1,3})(\d{1,7})")([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL
)
_VALUE = re.compile(rb"<v[^>]*>([^<]*)</v>")
_REPEATED = re.compile(rb'number-(columns|rows)-repeated="(\d+)"')
_AGAIN = "Open it in a spreadsheet program and save it again as XLSX."


@dataclass
class _Prescan:
    """What the zip tells before anything is parsed: cells whose formula has no value."""

    overlay: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    """For each sheet by name: row and column to the error shown."""


def read_workbook(payload: bytes) -> Reading:
    """Read every sheet of a workbook. Raises Refused with the way to mend it."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(payload))
    except (zipfile.BadZipFile, ValueError) as error:
        raise Refused(f"This workbook is damaged or only half here. {_AGAIN}") from error
    with archive:
        kind = _kind(archive)
        scan = _prescan(archive, kind)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(payload))
        sheets = tuple(_sheets(book, scan))
    except (CalamineError, ValueError, OverflowError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(f"This workbook cannot be read; a part of it is damaged. {_AGAIN}") from error
    if not any(sheet.rows for sheet in sheets):
        raise Refused("There is nothing in this workbook. Choose one with a row for each vendor.")
    return Reading(kind, sheets)


def _kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype")[:200]:
        return "ods"
    raise Refused(f"This is a zip file, but no workbook with sheets that we can read. {_AGAIN}")


def _prescan(archive: zipfile.ZipFile, kind: str) -> _Prescan:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused(
            f"Unpacked, this workbook is larger than {MOST_UNPACKED // 1_000_000} MB. "
            "Copy the rows about vendors into a new workbook."
        )
    scan = _Prescan()
    by_part: dict[str, dict[tuple[int, int], str]] = {}
    for part in parts:
        if not part.filename.endswith((".xml", ".rels")):
            continue
        try:
            data = archive.read(part)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
            raise Refused(f"A part of this workbook is damaged or locked. {_AGAIN}") from error
        plain = data.replace(b"\0", b"")  # the same in UTF-16
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise Refused(f"This workbook holds definitions that no spreadsheet writes. {_AGAIN}")
        if kind == "xlsx" and part.filename.startswith("xl/worksheets/sheet"):
            by_part[part.filename] = dict(_errors(data))
        elif kind == "ods" and part.filename == "content.xml":
            _check_repeats(data)
    names = _names_of_parts(archive) if kind == "xlsx" else {}
    scan.overlay = {names[part]: found for part, found in by_part.items() if part in names}
    return scan


def _names_of_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the name of the sheet that each part of the zip holds."""
    try:
        book = archive.read("xl/workbook.xml")
        links = archive.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return {}
    targets = {
        _attribute(one, b"Id"): _attribute(one, b"Target")
        for one in re.findall(rb"<Relationship\b[^>]*>", links)
    }
    return {
        "xl/" + targets.get(_attribute(one, b"r:id"), "").removeprefix("/xl/"): unescape(
            _attribute(one, b"name")
        )
        for one in re.findall(rb"<sheet\b[^>]*>", book)
    }


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\b" + name + rb'="([^"]*)"', tag)
    return found[1].decode(errors="replace") if found else ""


def _errors(data: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield cells that show an error or a formula without a value; refuse far-away cells."""
    for letters, number, attributes, inside in _CELL.findall(data):
        if not inside:
            continue
        row, column = int(number), _column(letters)
        if column >= MOST_COLUMNS or row > MOST_ROWS * 5:
            raise Refused(
                f"A sheet reaches to cell {letters.decode()}{row}; {MOST_COLUMNS} columns can be "
                "read. Delete the cells beside and below the list, then choose the file again."
            )
        value = _VALUE.search(inside)
        if b't="e"' in attributes:
            yield (row, column), unescape(value[1].decode()) if value else "#NO RESULT!"
        elif b"<f" in inside and (value is None or not value[1]) and b"<is>" not in inside:
            yield (row, column), "#NO RESULT!"


def _column(letters: bytes) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + letter - 64
    return found - 1


def _check_repeats(data: bytes) -> None:
    """Refuse a table that repeats filled cells endlessly: a few bytes that unpack to millions."""
    for cell in re.findall(rb"<table:table-cell[^>]*(?<!/)>", data):
        for _, times in _REPEATED.findall(cell):
            if int(times) > MOST_COLUMNS:
                raise Refused(
                    f"A sheet repeats a filled cell {int(times):,} times. "
                    "Delete the cells beside the list, then choose the file again."
                )


def _sheets(book: CalamineWorkbook, scan: _Prescan) -> Iterator[Sheet]:
    found = [one for one in book.sheets_metadata if str(one.typ).endswith("WorkSheet")]
    if len(found) > MOST_SHEETS:
        raise Refused(
            f"This workbook has {len(found)} sheets; {MOST_SHEETS} can be read. "
            "Copy the list of vendors into a new workbook."
        )
    for meta in found:
        sheet = book.get_sheet_by_name(meta.name)
        overlay = scan.overlay.get(meta.name, {})
        yield sheet_of(meta.name, _rows(sheet, overlay), is_hidden=meta.visible != Visible.Visible)


def _rows(
    sheet: CalamineSheet, overlay: dict[tuple[int, int], str]
) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with what merged cells and failed formulas show."""
    if sheet.height > MOST_ROWS * 5:
        raise Refused(
            f"The sheet {sheet.name} reaches to row {sheet.height:,}; {MOST_ROWS:,} rows can be "
            "read. Split the list into several files."
        )
    merged = _merged(sheet)
    values: dict[tuple[int, int], str] = {}
    for number, cells in enumerate(_filled_up(sheet.to_python(skip_empty_area=False), overlay), 1):
        found = [written(cell) for cell in cells]
        for column in range(len(found)):
            found[column] = overlay.get((number, column), found[column])
            origin = merged.get((number - 1, column))
            if origin == (number - 1, column):
                values[origin] = found[column]
            elif origin is not None:
                found[column] = values.get(origin, "")
        yield number, found


def _filled_up(rows: list[list[Any]], overlay: dict[tuple[int, int], str]) -> list[list[Any]]:
    """Make room for failed formulas below and beside the last value."""
    height = max((row for row, _ in overlay), default=0)
    rows += [[] for _ in range(height - len(rows))]
    for row, column in overlay:
        rows[row - 1] += [""] * (column + 1 - len(rows[row - 1]))
    return rows


def _merged(sheet: CalamineSheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Return for each cell of a merged range where its text stands."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if (bottom - top + 1) * (right - left + 1) + len(found) > _MOST_MERGED:
            continue
        for row in range(top, bottom + 1):
            for column in range(left, min(right, MOST_COLUMNS) + 1):
                found[row, column] = (top, left)
    return found


def written(cell: object) -> str:
    """Return a cell's value as text: whole numbers without a point, dates as 2026-03-02."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)
