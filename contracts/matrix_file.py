"""Writing a responsibility matrix as CSV or XLSX, to be filled in elsewhere. Pure."""

import io
from collections.abc import Iterable

import xlsxwriter

from contracts.matrix_rules import NAMES, Line, Share
from foundation.cells import as_csv

COLUMNS = ("Requirement", "In our words", "Who meets it", "Note")
_WIDTHS = (14, 40, 18, 70)
SHARE_WORDS = {
    Share.VENDOR: "vendor",
    Share.OURS: "we",
    Share.SHARED: "shared",
    Share.NOT_APPLICABLE: "does not apply",
}
"""What stands in a file for each owner; reading knows these and others."""


def matrix_csv(lines: Iterable[Line]) -> bytes:
    """Return the matrix as CSV in UTF-8."""
    return as_csv([COLUMNS, *_rows(lines)]).encode()


def matrix_xlsx(lines: Iterable[Line]) -> bytes:
    """Return the matrix as a workbook; numbers are texts, so that 3.10 stays what it is."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("Responsibilities")
    bold = book.add_format({"bold": True, "bottom": 1})
    as_text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    rows = _rows(lines)
    for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width, as_text)
        sheet.write_string(0, column, name, bold)
    for place, row in enumerate(rows, 1):
        for column, text in enumerate(row):
            sheet.write_string(place, column, text, as_text)
    who = COLUMNS.index("Who meets it")
    choices = list(SHARE_WORDS.values())
    sheet.data_validation(1, who, len(rows), who, {"validate": "list", "source": choices})
    sheet.freeze_panes(1, 1)
    book.close()
    return out.getvalue()


def _rows(lines: Iterable[Line]) -> list[tuple[str, str, str, str]]:
    return [
        (
            one.number,
            NAMES.get(one.number, ""),
            SHARE_WORDS[one.share] if one.share else "",
            one.note,
        )
        for one in lines
    ]


FORMATS = {
    "csv": ("text/csv; charset=utf-8", matrix_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", matrix_xlsx),
}
"""Each format by its ending: its media type and its writer."""
