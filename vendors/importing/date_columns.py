"""Columns of dates: which of two numbers is the day, and what is worth saying about it. Pure."""

from collections.abc import Iterator, Mapping

from vendors.importing.dates import DateOrder, order_of, read_date
from vendors.importing.fields import SHAPES, Shape
from vendors.importing.outcome import Choices, Remark
from vendors.importing.table import Source

_WORDS = {DateOrder.DAY_FIRST: "the day first", DateOrder.MONTH_FIRST: "the month first"}


def orders_of(source: Source, choices: Choices) -> dict[int, DateOrder]:
    """Return the order of each column of dates: as chosen, else as its other dates give away."""
    found = dict(choices.orders)
    for column in _columns(choices):
        told = order_of(row.cell(column) for row in source.rows)
        if column not in found and told is not None:
            found[column] = told
    return found


def remarks_on_dates(
    source: Source, choices: Choices, orders: Mapping[int, DateOrder]
) -> Iterator[Remark]:
    """Say once for each column what was made of dates that could be read in two ways."""
    for column in _columns(choices):
        header = source.names[column] if column < len(source.names) else ""
        reads = [
            (row.number, text, read_date(text)) for row in source.rows if (text := row.cell(column))
        ]
        serial = next(((n, text, read.on) for n, text, read in reads if read.is_serial), None)
        if serial is not None:
            text = f"{header}: {serial[1]} was read as {serial[2]}, as a spreadsheet counts days."
            yield Remark(serial[0], text)
        unsure = next((n for n, _, read in reads if read.is_ambiguous), None)
        if unsure is not None and column in orders and column not in choices.orders:
            words = _WORDS[orders[column]]
            yield Remark(unsure, f"{header}: dates were read with {words}, as others in it show.")


def _columns(choices: Choices) -> list[int]:
    return [column for column, which in choices.mapping.items() if SHAPES[which] is Shape.DATE]
