"""Words of closed lists, as the dossier keeps them beside their values."""

from datetime import date
from enum import StrEnum

from foundation import labels
from reports.dossier_parts import Word


def word(member: StrEnum) -> Word:
    """Return a member with what people read for it."""
    return Word(value=member.value, text=labels.label(member), tone=labels.tone(member))


def said_day(value: date) -> str:
    """Write a date as 18 December 2026, as the report does everywhere."""
    return f"{value.day} {value:%B %Y}"
