"""A long list of vendors with planted faults, the same at every run: for the bench and its test."""

import csv
import io
from dataclasses import dataclass

import xlsxwriter

HEADER = (
    "Vendor", "Website", "Country", "Category", "What they do", "Owner", "Contact email",
    "Status", "Risk tier", "Last decision", "Decision date", "Next review", "Tax number",
    "LEI", "Card data", "Parent company", "Notes",
)  # fmt: skip
COUNTRIES = ("Pakistan", "DE", "United Kingdom", "United States", "Singapore", "UAE")
CATEGORIES = ("Hosting", "Payments", "Cleaning", "Consulting", "Telecoms")
STATES = ("Active", "Live", "Pending", "Terminated")
DECISIONS = ("Approved", "Approved with conditions", "")
SYLLABLES = (
    "al", "bor", "cen", "dar", "el", "fen", "gal", "hor", "in", "jat", "kor", "lum",
    "mar", "nor", "or", "par", "quan", "ras", "sol", "tor", "ul", "ver", "wes", "zan",
)  # fmt: skip
FIRST_ROW = 5
"""The header stands in row 4, under a title, as lists of companies have it."""


@dataclass(frozen=True)
class Planted:
    """A fault: where it stands and which kind of problem must name it."""

    row: int
    column: str
    kind: str


def _name(number: int) -> str:
    parts, rest = [], number + 24**2
    while rest:
        rest, digit = divmod(rest, 24)
        parts.append(SYLLABLES[digit])
    return "".join(parts).capitalize() + " Services"


def _row(number: int) -> list[str]:
    day, month = number % 28 + 1, number % 12 + 1
    decision = DECISIONS[number % 3]
    return [
        _name(number),
        f"{_name(number).split()[0].lower()}{number}.example",
        COUNTRIES[number % 6],
        CATEGORIES[number % 5],
        f"Provides {CATEGORIES[number % 5].lower()} for the office in quarter {number % 4 + 1}",
        "",
        f"contact{number}@vendor{number}.example",
        STATES[number % 4],
        str(number % 4 + 1),
        decision,
        f"2025-{month:02d}-{day:02d}" if decision else "",
        f"2027-{month:02d}-{day:02d}" if decision else "",
        f"0{1_000_000 + number}-{number % 10}",
        "",
        "no" if number % 7 else "",
        "",
        "Renews each year." if number % 2 else "",
    ]


FAULTS: tuple[tuple[str, str, str], ...] = (
    ("Decision date", "31/02/2025", "bad_date"),
    ("Next review", "soon", "bad_date"),
    ("Next review", "05/1{parity}/2027", "ambiguous_date"),
    ("Country", "Atlantis {n}", "unknown_word"),
    ("Contact email", "somebody at vendor{n}", "bad_value"),
    ("Website", "not a web address", "bad_value"),
    ("Status", "Zombie {n}", "unknown_word"),
    ("Last decision", "Ask Bob", "unknown_word"),
    ("Owner", "nobody{n}@elsewhere.example", "unknown_word"),
    ("LEI", "529900T8BM49AURSDO56", "bad_value"),
    ("Card data", "1,5", "unknown_word"),
    ("Notes", "Paid with 4111 1111 1111 1111", "card"),
    ("Category", "#REF!", "formula"),
    ("Parent company", "Nobody Knows {n}", "unknown_vendor"),
    ("Decision date", "2099-01-01", "bad_date"),
    ("Category", "x" * 201, "too_long"),
    ("What they do", "bell \x07 rings", "bad_value"),
    ("Vendor", "", "missing_name"),
    ("Vendor", "***", "missing_name"),
    ("Website", "{earlier}.example", "same_company"),
)
"""Column, text and kind of problem; a text may name the number of its row."""


def rows_with_faults(count: int, faults: int) -> tuple[list[list[str]], list[Planted]]:
    """Return so many rows, and what is wrong with so many of them, spread evenly."""
    rows = [_row(number) for number in range(count)]
    planted = []
    for fault in range(faults):
        number = (fault + 1) * count // (faults + 1)
        column, text, kind = FAULTS[fault % len(FAULTS)]
        earlier = rows[number - 1][1].removesuffix(".example")
        told = text.format(n=number, parity=number % 2, earlier=earlier)
        rows[number][HEADER.index(column)] = told
        where = "Vendor" if kind == "same_company" else column
        planted.append(Planted(number + FIRST_ROW, where, kind))
    return rows, planted


def as_csv(count: int, faults: int) -> tuple[bytes, list[Planted]]:
    """Return the list as CSV, with the same rows in the same places."""
    rows, planted = rows_with_faults(count, faults)
    out = io.StringIO()
    csv.writer(out).writerows([["Vendor master list"], ["As of March"], [], HEADER, *rows])
    return out.getvalue().encode(), planted


def workbook(count: int, faults: int) -> tuple[bytes, list[Planted]]:
    """Return the list as a workbook."""
    rows, planted = rows_with_faults(count, faults)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_urls": False,
            "strings_to_formulas": False,
        },
    )
    sheet = book.add_worksheet("Vendors")
    sheet.write(0, 0, "Vendor master list")
    sheet.write(1, 0, "As of March")
    sheet.write_row(FIRST_ROW - 2, 0, HEADER)
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(FIRST_ROW - 1 + place, column, text)
    book.close()
    return out.getvalue(), planted
