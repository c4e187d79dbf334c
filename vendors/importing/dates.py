"""Reading dates as people write them, and saying when day and month could be swapped. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june",
            "jul july", "aug august", "sep sept september", "oct october", "nov november",
            "dec december",
        ),
        1,
    )
    for month in names.split()
}  # fmt: skip
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
_SIGNED = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?: \d.*)?$")
_DAY_FIRST = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[\s\-/.]+([a-z]+)\.?[\s\-/.,]+(\d{4}|\d{2})$")
_MONTH_FIRST = re.compile(r"^([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")
_EPOCH = date(1899, 12, 30)
"""Day 0 of a spreadsheet; its 29 February 1900 never was, which matters to no date of ours."""
FIRST_YEAR, LAST_YEAR = 1970, 2099


class DateOrder(StrEnum):
    """Which of two numbers is the day."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True, slots=True)
class DateRead:
    """What a text came to: a date, two possible ones, an impossible one, or no date at all."""

    on: date | None = None
    is_ambiguous: bool = False
    is_impossible: bool = False
    tells: DateOrder | None = None
    """The order that a date such as 31/12/2025 gives away."""
    is_serial: bool = False

    @property
    def is_date_like(self) -> bool:
        """Whether it was meant as a date."""
        return self.on is not None or self.is_ambiguous or self.is_impossible


def read_date(text: str, order: DateOrder | None = None) -> DateRead:
    """Read a date; without an order, 03/04/2025 stays ambiguous."""
    plain = " ".join(text.casefold().split())
    found = _ISO.match(plain)
    if found:
        return _made(int(found[1]), int(found[2]), int(found[3]))
    found = _SIGNED.match(plain)
    if found:
        return _signed(int(found[1]), int(found[3]), _year(found[4]), found[2], order)
    found = _DAY_FIRST.match(plain)
    if found and found[2] in _MONTHS:
        return _made(_year(found[3]), _MONTHS[found[2]], int(found[1]))
    found = _MONTH_FIRST.match(plain)
    if found and found[1] in _MONTHS:
        return _made(int(found[3]), _MONTHS[found[1]], int(found[2]))
    if _SERIAL.match(plain):
        on = _EPOCH + timedelta(days=int(float(plain)))
        if FIRST_YEAR <= on.year <= LAST_YEAR:
            return DateRead(on, is_serial=True)
    return DateRead()


def order_of(texts: Iterable[str]) -> DateOrder | None:
    """Return the order that the dates of a column give away; None when none or both do."""
    told = {read.tells for text in texts if (read := read_date(text)).tells}
    return told.pop() if len(told) == 1 else None


def _signed(first: int, second: int, year: int, sign: str, order: DateOrder | None) -> DateRead:
    if first > 12 >= second or (sign == "." and second <= 12):
        read = _made(year, second, first)
        tells = DateOrder.DAY_FIRST if first > 12 and not read.is_impossible else None
        return DateRead(read.on, is_impossible=read.is_impossible, tells=tells)
    if second > 12 >= first:
        read = _made(year, first, second)
        tells = None if read.is_impossible else DateOrder.MONTH_FIRST
        return DateRead(read.on, is_impossible=read.is_impossible, tells=tells)
    if first > 12:
        return DateRead(is_impossible=True)
    if order is DateOrder.DAY_FIRST:
        return _made(year, second, first)
    if first == second or order is DateOrder.MONTH_FIRST:
        return _made(year, first, second)
    return DateRead(is_ambiguous=True)


def _made(year: int, month: int, day: int) -> DateRead:
    try:
        made = date(year, month, day)
    except ValueError:
        return DateRead(is_impossible=True)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return DateRead(is_impossible=True)
    return DateRead(made)


def _year(text: str) -> int:
    number = int(text)
    return number if len(text) == 4 else 2000 + number if number < 70 else 1900 + number
