"""Working days: which days count, as the organisation's settings say."""

from collections.abc import Iterable
from datetime import date

from foundation.dates import Calendar

__all__ = ["Calendar", "calendar_of"]

DAY = len("2026-08-14")


def calendar_of(weekend: Iterable[int], holidays: Iterable[str]) -> Calendar:
    """Return the calendar the settings describe; a holiday is YYYY-MM-DD and perhaps its name."""
    days = (date.fromisoformat(line[:DAY]) for line in holidays)
    return Calendar(frozenset(weekend), frozenset(days))
