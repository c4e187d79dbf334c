"""A cell that is asked for a value, and the fault that says why it gave none. Pure."""

from dataclasses import dataclass
from unicodedata import category

from vendors.importing.dates import DateOrder
from vendors.importing.fields import ImportField, Shape
from vendors.importing.outcome import ProblemKind, Surroundings
from vendors.importing.table import CARD_REMOVED, ERRORS
from vendors.wording import LONGEST_NAME, LONGEST_TEXT

MOST_IN_LIST = 30
_LONGEST = {Shape.NAME: LONGEST_NAME, Shape.NUMBER: 60, Shape.EMAIL: 254, Shape.WEBSITE: 500}
SHORT = frozenset(
    {
        ImportField.CATEGORY,
        ImportField.CONTACT_NAME,
        ImportField.CONTACT_ROLE,
        ImportField.DECIDED_BY,
        ImportField.PARENT,
        ImportField.SUB_PROCESSOR_OF,
        ImportField.REFERENCE,
        ImportField.TIER,
    }
)
"""Texts of one line, as long as a name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One cell: its text, its field, the order of its column's dates, and what we know."""

    text: str
    field: ImportField
    order: DateOrder | None
    around: Surroundings


class Fault(Exception):  # noqa: N818  it is found, not raised as an error of ours
    """A cell that cannot be taken as it is."""

    def __init__(self, kind: ProblemKind, expected: str, fix: str) -> None:
        super().__init__(expected)
        self.kind, self.expected, self.fix = kind, expected, fix


def check_text(asked: Asked, shape: Shape) -> None:
    """Refuse what no cell may hold: card numbers, failed formulas, overlong or hidden text."""
    text = asked.text
    if text.startswith(CARD_REMOVED):
        raise Fault(
            ProblemKind.CARD,
            "no card number",
            "Write the cell again without it: Duly never stores card numbers.",
        )
    if text.startswith("#") and text.upper() in ERRORS:
        raise Fault(
            ProblemKind.FORMULA,
            "a value",
            "The formula in this cell has no result. Write the value, or leave the cell empty.",
        )
    longest = LONGEST_NAME if asked.field in SHORT else _LONGEST.get(shape, LONGEST_TEXT)
    if len(text) > longest:
        raise Fault(
            ProblemKind.TOO_LONG,
            f"at most {longest:,} characters",
            f"The cell has {len(text):,} characters. Shorten it.",
        )
    if not text.isprintable() and any(
        category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in text
    ):
        raise Fault(
            ProblemKind.BAD_VALUE,
            "plain text",
            "The cell holds invisible control characters. Type it again.",
        )
