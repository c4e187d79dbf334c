"""The columns of a list of vendors as a file: one set of names for writing and reading. Pure."""

from collections.abc import Mapping
from datetime import date

NAME = "Name"
REFERENCE = "Reference"
LEGAL_NAME = "Legal name"
WEBSITE = "Website"
COUNTRY = "Country"
CATEGORY = "Category"
PURPOSE = "What they do"
OWNER = "Owner (mail)"
UNIT = "Unit"
TAGS = "Tags"
TIER = "Tier"
STATE = "State"
LAST_DECISION = "Last decision"
DECIDED_ON = "Decided on"
NEXT_REVIEW = "Next review"

COLUMNS = (
    NAME,
    REFERENCE,
    LEGAL_NAME,
    WEBSITE,
    COUNTRY,
    CATEGORY,
    PURPOSE,
    OWNER,
    UNIT,
    TAGS,
    TIER,
    STATE,
    LAST_DECISION,
    DECIDED_ON,
    NEXT_REVIEW,
)
"""The order of the columns in every file we write."""

BETWEEN_TAGS = "; "

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")

Record = Mapping[str, str | int | date | None]
"""A vendor by column; None is nothing known."""


def neutral(text: str) -> str:
    """Return a text no spreadsheet takes for a formula: a quote goes before what could be one.

    A text that begins with such a quote gets another, so that reading gives back what was written.
    """
    if text[:1].isalnum():
        return text
    bare = text.lstrip("'")
    is_risky = bare.startswith(_STARTS_FORMULA) or bare.lstrip().startswith(_STARTS_FORMULA)
    return f"'{text}" if is_risky else text


def restored(text: str) -> str:
    """Return what `neutral` was given."""
    return text[1:] if text.startswith("'") and neutral(text[1:]) == text else text


def cell(value: str | int | date | None) -> str:
    """Return a value as a cell of text; a date is written 2026-12-31, nothing known stays empty."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else neutral(value)
