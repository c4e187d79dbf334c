"""What a vendor's contracts say, as gates and decisions need it; one statement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from contracts.library import find_clause
from contracts.models import ClauseCheck, Contract
from contracts.rules import ClauseStatus, ContractState
from vendors.inventory_models import Exemption

S = ClauseStatus
_WORST_FIRST = (S.MISSING, S.PARTIAL, S.WAIVED, S.NEGOTIATING, S.OPEN, S.PRESENT, S.NOT_APPLICABLE)
_OPEN = {
    S.OPEN: "nobody has checked it yet",
    S.PARTIAL: "the contract says only part of it",
    S.MISSING: "the contract does not have it",
    S.NEGOTIATING: "it is still being negotiated",
    S.WAIVED: "its waiver has ended",
}


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One required clause of one contract; `waived_until` is None without a waiver in force."""

    code: str
    title: str
    status: ClauseStatus
    waived_until: date | None = None


@dataclass(frozen=True, slots=True)
class ClauseFacts:
    """The required clauses of contracts that have not ended, and what is still open in them."""

    rows: tuple[ClauseRow, ...] = ()
    on: date = date.min

    @property
    def statuses(self) -> Mapping[str, ClauseStatus]:
        """The status of each clause by its id; of several contracts the worst counts."""
        found: dict[str, ClauseStatus] = {}
        for row in self.rows:
            known = found.get(row.code, row.status)
            found[row.code] = min(known, row.status, key=_WORST_FIRST.index)
        return found

    @property
    def open_sentences(self) -> tuple[str, ...]:
        """One sentence for each clause that is still open."""
        return tuple(
            f"{row.title} ({row.code}): {_OPEN[row.status]}."
            for row in self.rows
            if self._is_open(row)
        )

    @property
    def required(self) -> int:
        """How many clauses are required."""
        return len(self.rows)

    @property
    def open(self) -> int:
        """How many of them are still open."""
        return sum(self._is_open(row) for row in self.rows)

    def _is_open(self, row: ClauseRow) -> bool:
        if row.status is S.WAIVED:
            return row.waived_until is None or row.waived_until < self.on
        return row.status in _OPEN


def clause_facts(session: Session, vendor_id: UUID, on: date) -> ClauseFacts:
    """Return the required clauses of a vendor's contracts; one that misses its value is partial."""
    chosen = (
        select(
            ClauseCheck.clause_code,
            ClauseCheck.status,
            ClauseCheck.meets,
            Exemption.ends_on,
            Exemption.revoked_at,
        )
        .join(Contract, Contract.id == ClauseCheck.contract_id)
        .outerjoin(Exemption, Exemption.id == ClauseCheck.exemption_id)
        .where(
            Contract.vendor_id == vendor_id,
            Contract.state != ContractState.ENDED,
            ClauseCheck.is_required.is_(True),
        )
        .order_by(ClauseCheck.clause_code, ClauseCheck.id)
    )
    return ClauseFacts(tuple(_rows(session.execute(chosen).tuples())), on)


def _rows(
    found: Iterable[tuple[str, ClauseStatus, bool | None, date | None, object]],
) -> Iterable[ClauseRow]:
    for code, status, meets, ends_on, revoked_at in found:
        is_short = status is S.PRESENT and meets is False
        clause = find_clause(code)
        yield ClauseRow(
            code,
            clause.title if clause else code,
            S.PARTIAL if is_short else status,
            ends_on if revoked_at is None else None,
        )
