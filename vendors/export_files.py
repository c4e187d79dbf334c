"""Writing a list of vendors as CSV, XLSX or JSON, some rows at a time."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from tempfile import TemporaryFile

import xlsxwriter

from foundation.cells import BYTE_ORDER_MARK
from vendors.columns import COLUMNS, Record, cell

Batches = Iterable[list[Record]]
PART = 256 * 1024

_WIDTHS = {"Name": 32, "Website": 28, "What they do": 40, "Legal name": 28, "Owner (mail)": 28}


def csv_parts(batches: Batches) -> Iterator[bytes]:
    """Yield a CSV file (RFC 4180) in UTF-8, its first line the names of the columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    text.write(BYTE_ORDER_MARK)
    writer.writerow(COLUMNS)
    for rows in batches:
        writer.writerows([cell(row[name]) for name in COLUMNS] for row in rows)
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()


def json_parts(batches: Batches) -> Iterator[bytes]:
    """Yield a JSON array with an object for each vendor; dates are texts like 2026-12-31."""
    yield b"["
    is_first = True
    for rows in batches:
        for row in rows:
            yield b"\n" if is_first else b",\n"
            is_first = False
            yield json.dumps({name: _plain(row[name]) for name in COLUMNS}).encode()
    yield b"\n]\n"


def xlsx_parts(batches: Batches) -> Iterator[bytes]:
    """Yield a workbook with one sheet; every text is a text, whatever it begins with."""
    with TemporaryFile() as file:
        book = xlsxwriter.Workbook(
            file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        sheet = book.add_worksheet("Vendors")
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for at, name in enumerate(COLUMNS):
            sheet.set_column(at, at, _WIDTHS.get(name, 14))
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, COLUMNS, bold)
        number = 0
        for rows in batches:
            for row in rows:
                number += 1
                _write(sheet, number, row, day)
        sheet.autofilter(0, 0, number, len(COLUMNS) - 1)
        book.close()
        file.seek(0)
        while part := file.read(PART):
            yield part


def _write(sheet: "xlsxwriter.worksheet.Worksheet", number: int, row: Record, day: object) -> None:
    for at, name in enumerate(COLUMNS):
        value = row[name]
        if value is None or value == "":
            continue
        if isinstance(value, date):
            sheet.write_datetime(number, at, value, day)
        elif isinstance(value, int):
            sheet.write_number(number, at, value)
        else:
            sheet.write_string(number, at, cell(value))


def _plain(value: str | int | date | None) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else value


FORMATS: dict[str, tuple[str, Callable[[Batches], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", csv_parts),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_parts),
    "json": ("application/json", json_parts),
}
"""Each format by its ending: its media type and its writer."""
