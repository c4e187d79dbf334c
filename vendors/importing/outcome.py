"""What checking a list comes to: vendors to add or change, and problems to mend. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from vendors.importing.dates import DateOrder
from vendors.importing.dropped import Dropped
from vendors.importing.fields import ImportField
from vendors.importing.table import column_letter

Values = dict[ImportField, object]


class RowKind(StrEnum):
    """What importing a row would do."""

    NEW = "new"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    PROBLEM = "problem"
    SKIPPED = "skipped"


class Stayed(StrEnum):
    """Why something that an import wrote is still there after the import was undone."""

    CHANGED = "changed"
    USED = "used"
    MERGED = "merged"
    UNSEEN = "unseen"


class ProblemKind(StrEnum):
    """Problems grouped by the way to mend them."""

    SAME_COMPANY = "same_company"
    UNKNOWN_WORD = "unknown_word"
    AMBIGUOUS_DATE = "ambiguous_date"
    BAD_DATE = "bad_date"
    MISSING_NAME = "missing_name"
    BAD_VALUE = "bad_value"
    TOO_LONG = "too_long"
    CARD = "card"
    FORMULA = "formula"
    UNKNOWN_VENDOR = "unknown_vendor"
    TAKEN_NUMBER = "taken_number"
    TOO_MANY_CELLS = "too_many_cells"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that keeps a row from being imported."""

    kind: ProblemKind
    sheet: str
    row: int
    column: int | None = None
    header: str = ""
    field: ImportField | None = None
    found: str = ""
    expected: str
    fix: str
    options: tuple[tuple[str, str], ...] = ()
    """For SAME_COMPANY: value and words of each answer."""

    @property
    def where(self) -> str:
        """The place as people find it in their spreadsheet."""
        place = f"{self.sheet}, row {self.row}"
        if self.column is None:
            return place
        named = f" ({self.header})" if self.header else ""
        return f"{place}, column {column_letter(self.column)}{named}"

    @property
    def what(self) -> str:
        """One sentence: what was expected and what was found."""
        shown = self.found if len(self.found) <= 80 else self.found[:77] + "..."
        return f"Expected {self.expected}, found {f'“{shown}”' if shown else 'nothing'}."


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth knowing about a row that is imported all the same."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What becomes of one row."""

    row: int
    kind: RowKind
    name: str
    joins: int | None = None
    """The earlier row of the list that is the same company."""
    target_id: UUID | None = None
    target: str = ""
    """Reference and name of the vendor that is changed."""
    changes: tuple[ImportField, ...] = ()
    overwrites: tuple[tuple[ImportField, object, object], ...] = ()
    """Of those that stand on record with one value: what is there, and what comes."""


@dataclass(slots=True)
class Planned:
    """One vendor to add or change, from one row or several."""

    row: int
    values: Values
    target_id: UUID | None = None
    changes: list[ImportField] = field(default_factory=list)
    sub_processor_of: "Company | None" = None
    parent: "Company | None" = None


@dataclass(frozen=True, slots=True)
class Company:
    """A company named in a cell: one of the inventory, or one of another row."""

    vendor_id: UUID | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A dry run of the whole list."""

    sheet: str
    rows: tuple[RowOutcome, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[Remark, ...]
    planned: tuple[Planned, ...]
    dropped: tuple[Dropped, ...] = ()
    """Columns that no field was chosen for."""

    def count(self, kind: RowKind) -> int:
        """Return how many rows come to this."""
        return sum(row.kind is kind for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person decided about a list so far."""

    mapping: Mapping[int, ImportField]
    orders: Mapping[int, DateOrder] = field(default_factory=dict)
    replaced: Mapping[tuple[int, str], str] = field(default_factory=dict)
    """What to read instead of a text, in every cell of a column."""
    edits: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """What to read instead in one cell, by row and column."""
    skipped: frozenset[int] = frozenset()
    same: Mapping[int, str] = field(default_factory=dict)
    """Whether a row is the company it could be: new, a vendor's id, or row:7."""

    def text_of(self, row: int, column: int, text: str) -> str:
        """Return what counts as the text of a cell."""
        text = self.edits.get((row, column), text)
        return self.replaced.get((column, text.casefold()), text) if self.replaced else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What our side knows while cells are read."""

    today: date
    owners: Mapping[str, UUID]
    """By mail address and by name in lower case; a name two people share is left out."""
    units: Mapping[str, UUID]
    """By name in lower case."""
