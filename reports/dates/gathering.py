"""Gathering dates of every kind: the one place that home, the calendar and the feeds ask."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from reports.dates.answers import answers
from reports.dates.approval_conditions import conditions
from reports.dates.attestations import attestations
from reports.dates.contracts import contracts
from reports.dates.evidence import proof
from reports.dates.exemptions import exemptions
from reports.dates.findings import findings
from reports.dates.matrices import matrices
from reports.dates.reviews import reviews
from reports.dates.row import DateKind, DateRow, Wanted

_READERS: tuple[tuple[Callable[[Session, Wanted], Iterable[DateRow]], frozenset[DateKind]], ...] = (
    (contracts, frozenset({DateKind.NOTICE, DateKind.RENEWAL, DateKind.CONTRACT_END})),
    (reviews, frozenset({DateKind.REVIEW})),
    (answers, frozenset({DateKind.ANSWERS})),
    (findings, frozenset({DateKind.FINDING})),
    (conditions, frozenset({DateKind.CONDITION})),
    (proof, frozenset({DateKind.EVIDENCE})),
    (exemptions, frozenset({DateKind.EXEMPTION})),
    (matrices, frozenset({DateKind.MATRIX})),
    (attestations, frozenset({DateKind.WORD, DateKind.CHANGE})),
)
_ORDER = {kind: place for place, kind in enumerate(DateKind)}


@dataclass(frozen=True, slots=True)
class Gathered:
    """The dates found, the earliest first, and whether there were more than are read."""

    rows: tuple[DateRow, ...]
    is_cut: bool


def gather(session: Session, wanted: Wanted, kinds: Iterable[DateKind]) -> Gathered:
    """Return the dates of these kinds; one statement for each noun, however many there are."""
    chosen = frozenset(kinds)
    found: list[DateRow] = []
    is_cut = False
    for read, offered in _READERS:
        if offered & chosen:
            rows = list(read(session, wanted))
            is_cut = is_cut or len(rows) >= wanted.most
            found += (row for row in rows if row.kind in chosen)
    found.sort(key=_place)
    return Gathered(tuple(found), is_cut)


def _place(row: DateRow) -> tuple[date, int, str, str]:
    return row.on or date.max, _ORDER[row.kind], row.vendor.casefold(), str(row.about)
