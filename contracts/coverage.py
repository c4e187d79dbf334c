"""Coverage: clauses as pages and gates see them, and how far they hold what they must."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.rules import ClauseStatus, Parameter, wanted

S = ClauseStatus
_WORST_FIRST = (S.MISSING, S.PARTIAL, S.OPEN, S.NEGOTIATING, S.WAIVED, S.PRESENT, S.NOT_APPLICABLE)
_INSTEAD = {S.PRESENT: S.PARTIAL, S.WAIVED: S.MISSING, S.NOT_APPLICABLE: S.OPEN}
"""What a status counts as while its clause has a gap."""


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause of a contract as pages and the report show it; `gap` says why it is open."""

    code: str
    title: str
    says: str
    refs: tuple[str, ...]
    parameter: Parameter
    why: str = ""
    check_id: UUID | None = None
    """None: the clause is needed now, and no row of the contract says so yet."""
    contract_id: UUID | None = None
    contract_reference: str = ""
    version: int = 0
    is_required: bool = True
    status: ClauseStatus = ClauseStatus.OPEN
    found_value: str = ""
    meets: bool | None = None
    deviation: str = ""
    page: str = ""
    note: str = ""
    checked_by: str = ""
    checked_at: datetime | None = None
    waived_until: date | None = None
    waiver_reason: str = ""
    gap: str | None = None
    wants: str = ""

    @property
    def required(self) -> str:
        """What the clause must say, in words."""
        return wanted(self.wants, self.parameter)

    @property
    def is_missing(self) -> bool:
        """Whether the clause is known not to stand in any contract."""
        return self.gap is not None and (self.contract_id is None or self.status is S.MISSING)

    @property
    def counts_as(self) -> ClauseStatus:
        """The status gates look at: one that falls short counts as less."""
        return _INSTEAD.get(self.status, self.status) if self.gap else self.status


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a vendor's contracts hold what they must: required = met + open + waived + missing.

    `missing` also counts the clauses of services that no contract covers.
    """

    rows: tuple[ClauseRow, ...]
    uncovered: tuple[str, ...]
    """Names of services that no contract covers."""

    @property
    def required(self) -> int:
        """How many clauses are needed."""
        return len(self.rows)

    @property
    def met(self) -> int:
        """How many stand there as needed, or do not apply for a reason."""
        return sum(row.gap is None and row.status is not S.WAIVED for row in self.rows)

    @property
    def waived(self) -> int:
        """How many are waived today."""
        return sum(row.gap is None and row.status is S.WAIVED for row in self.rows)

    @property
    def missing(self) -> int:
        """How many are known not to stand there."""
        return sum(row.is_missing for row in self.rows)

    @property
    def open(self) -> int:
        """How many are not settled in another way."""
        return self.required - self.met - self.waived - self.missing

    @property
    def statuses(self) -> Mapping[str, ClauseStatus]:
        """The worst status of each clause, as the gates take it."""
        found: dict[str, ClauseStatus] = {}
        for row in self.rows:
            known = found.get(row.code, row.counts_as)
            found[row.code] = min(known, row.counts_as, key=_WORST_FIRST.index)
        return found

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is still open, one sentence for each clause or uncovered service."""
        lines = [f"No contract covers {name}. Enter the contract." for name in self.uncovered]
        return (
            *lines,
            *(
                f"{row.title} ({row.code}, {row.contract_reference}): {row.gap}"
                for row in self.rows
                if row.gap and row.contract_id
            ),
        )
