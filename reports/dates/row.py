"""One thing with a date, and what is asked for when dates are gathered."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum, StrEnum
from uuid import UUID

from accounts.permissions import Permission


class DateKind(StrEnum):
    """What falls on a day. Stored in feeds and part of an event's name, so never renamed."""

    NOTICE = "notice"
    RENEWAL = "renewal"
    CONTRACT_END = "contract-end"
    REVIEW = "review"
    ANSWERS = "answers"
    FINDING = "finding"
    CONDITION = "condition"
    EVIDENCE = "evidence"
    EXEMPTION = "exemption"
    MATRIX = "matrix"
    WORD = "attestation"
    CHANGE = "change"


RIGHTS: dict[DateKind, Permission] = {
    DateKind.NOTICE: Permission.CONTRACT_READ,
    DateKind.RENEWAL: Permission.CONTRACT_READ,
    DateKind.CONTRACT_END: Permission.CONTRACT_READ,
    DateKind.REVIEW: Permission.REVIEW_READ,
    DateKind.ANSWERS: Permission.REVIEW_READ,
    DateKind.FINDING: Permission.REVIEW_READ,
    DateKind.CONDITION: Permission.REVIEW_READ,
    DateKind.EVIDENCE: Permission.EVIDENCE_READ,
    DateKind.EXEMPTION: Permission.REVIEW_READ,
    DateKind.MATRIX: Permission.CONTRACT_READ,
    DateKind.WORD: Permission.REVIEW_READ,
    DateKind.CHANGE: Permission.REVIEW_READ,
}
"""What a role must grant for dates of a kind to be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which dates somebody asks for; None is no bound and no filter."""

    viewer_id: UUID
    today: date
    last: date
    first: date | None = None
    own: bool = False
    """Only what is the viewer's: their vendors, and what they answer for themselves."""
    unit_id: UUID | None = None
    """With every unit below it."""
    tag: str = ""
    about: UUID | None = None
    """One thing alone."""
    is_work: bool = False
    """As work to do: findings mended but not checked too, no review that is under way."""
    most: int = 300
    """Rows of a reader; the latest are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRow:
    """One thing with a date."""

    kind: DateKind
    about: UUID
    on: date | None
    """None only for work without a date."""
    vendor_id: UUID
    vendor: str
    vendor_reference: str
    tier: int | None
    is_provisional: bool
    is_need_to_know: bool
    vendor_owner_id: UUID
    reference: str
    detail: str
    owner_id: UUID | None = None
    """Who answers for the thing itself."""
    also_id: UUID | None = None
    """Who raised, approved or sent it."""
    holder: str = ""
    word: Enum | None = None
    is_mended: bool = False
    more: int = 0
    """How many others like it, on the same day and of the same vendor, stand behind it."""
    made_at: datetime
    times_moved: int = 0
    moved_at: datetime | None = None

    def is_overdue(self, today: date) -> bool:
        """Say whether its day has passed."""
        return self.on is not None and self.on < today


def kinds_for(may: Callable[[Permission], bool]) -> frozenset[DateKind]:
    """Return the kinds of dates somebody's roles let them see."""
    return frozenset(kind for kind, right in RIGHTS.items() if may(right))


def together(rows: Iterable[DateRow]) -> list[DateRow]:
    """Put the files of a vendor that end on one day into one row: they are one thing to do."""
    found: dict[object, DateRow] = {}
    for row in rows:
        is_file = row.kind is DateKind.EVIDENCE
        key = (row.vendor_id, row.on) if is_file else (row.kind, row.about)
        first = found.get(key)
        found[key] = row if first is None else replace(first, more=first.more + 1)
    return list(found.values())
