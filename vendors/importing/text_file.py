"""Reading lists kept as text: CSV with any usual separator, Markdown tables and bullets, pastes."""

import csv
import io
import re
from collections.abc import Iterator

from foundation.errors import Refused
from vendors.importing.markdown import looks_like_markdown, markdown_sheets
from vendors.importing.table import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Reading, sheet_of

SEPARATORS = (",", ";", "\t", "|")
_LOOKED_AT = 40
_LINE_ENDS = re.compile(r"\r\n|\r|\n")


def read_text(payload: bytes, name: str) -> Reading:
    """Read a text file. Raises Refused with the place and the way to mend it."""
    text = decoded(payload)
    where = text.find("\0")
    if where >= 0:
        line = len(_LINE_ENDS.findall(text[:where])) + 1
        raise Refused(
            f"Line {line} holds a NUL character, so this is not a clean text file. "
            "Open it in the program it comes from and save it again as CSV (UTF-8)."
        )
    if not text.strip():
        raise Refused("There is nothing in this list. Choose a file with a row for each vendor.")
    if _is_markup(text):
        raise Refused(
            "This is a web page, not a list. Open it in a spreadsheet program and save it as XLSX."
        )
    if name.lower().endswith((".md", ".markdown")) or looks_like_markdown(text):
        sheets = markdown_sheets(text)
        if sheets:
            return Reading("markdown", sheets)
    return _separated(text)


def decoded(payload: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or Windows-1252."""
    if payload[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encoding = "utf-16"
    elif len(payload) > 3 and payload[:200:2].count(0) > len(payload[:200:2]) * 0.7:
        encoding = "utf-16-be"
    elif len(payload) > 3 and payload[1:200:2].count(0) > len(payload[1:200:2]) * 0.7:
        encoding = "utf-16-le"
    else:
        encoding = "utf-8"
    try:
        return payload.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError:
        pass
    if encoding != "utf-8":
        raise Refused(
            "This file is cut off in the middle of a character. Save it again as CSV (UTF-8)."
        )
    return payload.decode("cp1252", errors="replace")


def _is_markup(text: str) -> bool:
    start = text[:2000].lstrip().lower()
    return start.startswith(("<!doctype html", "<html", "<?xml", "<table", "<meta"))


def _separated(text: str) -> Reading:
    separator = _separator(text)
    csv.field_size_limit(LONGEST_CELL * 40)
    rows = _records(text, separator) if separator else _lines(text)
    kind = "csv" if separator else "list"
    return Reading(kind, (sheet_of("List", rows),))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(_LINE_ENDS.split(text), 1):
        if number > MOST_ROWS * 5:
            break
        yield number, [line.strip().strip('"')]


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        started = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refused(_broken(error, started)) from error
        yield number, cells[: MOST_COLUMNS * 200]


def _broken(error: csv.Error, line: int) -> str:
    if "field larger" in str(error):
        return (
            f"A cell that begins in line {line} is far too long; {LONGEST_CELL:,} characters fit "
            "in a cell. Shorten it and choose the file again."
        )
    return (
        f'A cell that begins in line {line} opens a quotation mark (") that is not closed as it '
        'should be. Close it, or write a mark inside a cell twice ("").'
    )


def _separator(text: str) -> str | None:
    """Return the separator under which the first records agree best on how many cells they have."""
    best, best_score = None, 1.0
    for separator in SEPARATORS:
        widths = _widths(text, separator)
        if not widths:
            continue
        common = max(set(widths), key=lambda width: (widths.count(width), width))
        if common < 2:
            continue
        score = widths.count(common) / len(widths) * 10 + min(common, 30) / 10
        if separator == "\t":
            score += 2  # nobody types tabs: they come from a spreadsheet
        if score > best_score:
            best, best_score = separator, score
    return best or _rare(text)


def _widths(text: str, separator: str) -> list[int]:
    found: list[int] = []
    reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=separator)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append(len(cells))
            if len(found) >= _LOOKED_AT:
                break
    except csv.Error:
        pass
    return found


def _rare(text: str) -> str | None:
    """Return a comma when the text quotes its cells; else every line is one cell."""
    return "," if text.lstrip().startswith('"') else None
