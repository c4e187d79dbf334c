"""The clauses of a contract as its page lays them out: what needs a look, then what stands."""

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.coverage import ClauseRow
from contracts.rules import ClauseStatus


@dataclass(frozen=True, slots=True)
class ClauseGroups:
    """Clauses by what is to be done about them, each group in the order they were demanded."""

    short: tuple[ClauseRow, ...]
    """Somebody looked, and what stands there is not enough."""
    unchecked: tuple[ClauseRow, ...]
    settled: tuple[ClauseRow, ...]
    former: tuple[ClauseRow, ...]
    """Needed once, and no more."""

    @property
    def required(self) -> int:
        """How many clauses the contract must have."""
        return len(self.short) + len(self.unchecked) + len(self.settled)

    @property
    def n_open(self) -> int:
        """How many of them are not settled."""
        return len(self.short) + len(self.unchecked)

    @property
    def waived(self) -> int:
        """How many are settled by a waiver."""
        return sum(row.status is ClauseStatus.WAIVED for row in self.settled)


def grouped(rows: Iterable[ClauseRow]) -> ClauseGroups:
    """Lay clauses out by what is to be done about them."""
    every = tuple(rows)
    needed = [row for row in every if row.is_required]
    left = [row for row in needed if row.gap]
    return ClauseGroups(
        short=tuple(row for row in left if row.status is not ClauseStatus.OPEN),
        unchecked=tuple(row for row in left if row.status is ClauseStatus.OPEN),
        settled=tuple(row for row in needed if not row.gap),
        former=tuple(row for row in every if not row.is_required),
    )


def next_open(rows: Iterable[ClauseRow], code: str) -> str | None:
    """Return the clause to go to after this one was noted; None when every one is settled.

    One that still falls short is the next itself, so that its reason is read.
    """
    needed = [row for row in rows if row.is_required]
    at = next((place for place, row in enumerate(needed) if row.code == code), 0)
    ahead = (*needed[at:], *needed[:at])
    return next((row.code for row in ahead if row.gap), None)
