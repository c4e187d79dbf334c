"""The columns of a list of vendors as a file: one set of names for writing and reading. Pure."""

from collections.abc import Mapping
from datetime import date

from foundation.cells import neutral

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

Record = Mapping[str, str | int | date | None]
"""A vendor by column; None is nothing known."""


def cell(value: str | int | date | None) -> str:
    """Return a value as a cell of text; a date is written 2026-12-31, nothing known stays empty."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else neutral(value)
