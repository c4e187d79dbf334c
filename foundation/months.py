"""Calendar months: the one addition of months in the house."""

from calendar import monthrange
from datetime import date


def add_months(start: date, months: int) -> date:
    """Return the same day that many months later; a day the month lacks becomes its last day.

    The years are those of `datetime.date`; beyond them the answer is the last or first date.
    """
    year, index = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    if year < date.min.year:
        return date.min
    month = index + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
