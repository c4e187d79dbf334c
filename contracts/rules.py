"""Contracts: required clauses, what was found against what is required, and notice deadlines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from contracts.values import (
    Deviation,
    Direction,
    FoundValue,
    Parameter,
    ParameterKind,
    compare,
    say,
    wanted,
)
from foundation.dates import add_months

__all__ = [
    "Activation",
    "Circumstances",
    "ClauseStatus",
    "ContractState",
    "Deviation",
    "Direction",
    "FoundClause",
    "FoundValue",
    "Gap",
    "Parameter",
    "ParameterKind",
    "Renewal",
    "RequiredClause",
    "compare",
    "gaps",
    "may_activate",
    "notice_deadline",
    "renewal_of",
    "say",
    "wanted",
]


class ContractState(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    ENDED = "ended"


class ClauseStatus(StrEnum):
    OPEN = "open"
    PRESENT = "present"
    PARTIAL = "partial"
    MISSING = "missing"
    NEGOTIATING = "negotiating"
    NOT_APPLICABLE = "not_applicable"
    WAIVED = "waived"


@dataclass(frozen=True)
class Circumstances:
    """What decides which clauses a contract needs; an unknown class counts as the worst."""

    tier: int
    data_class: int | None = None
    is_pci: bool = False
    has_account_data: bool = False
    affects_cde: bool = False
    has_pii: bool = False
    has_phi: bool = False
    is_cross_border: bool = False
    is_ict: bool = True
    is_critical_function: bool = False
    is_pakistan_regulated: bool = False


@dataclass(frozen=True)
class RequiredClause:
    """A clause this contract must have, with the value it must state."""

    id: str
    title: str
    says: str
    refs: tuple[str, ...]
    area: str
    gate: str | None
    parameter: Parameter
    wants: str = ""
    """How the required value reads, `{amount}` standing for it; empty: as the value alone."""


@dataclass(frozen=True)
class FoundClause:
    """What somebody noted about one clause of one contract."""

    status: ClauseStatus = ClauseStatus.OPEN
    value: FoundValue | None = None
    reason: str = ""
    waived_until: date | None = None


@dataclass(frozen=True)
class Gap:
    """A required clause that is still open, and why."""

    clause_id: str
    title: str
    sentence: str


@dataclass(frozen=True)
class Activation:
    """Whether a contract may become active, with every reason why not; false when it may not."""

    is_allowed: bool
    reasons: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.is_allowed


def gaps(
    found: Mapping[str, FoundClause], required: Iterable[RequiredClause], *, today: date
) -> tuple[Gap, ...]:
    """List every required clause that is still open; `found` is by clause id."""
    checked = ((clause, found.get(clause.id, FoundClause())) for clause in required)
    return tuple(
        Gap(clause.id, clause.title, sentence)
        for clause, seen in checked
        if (sentence := _gap(clause, seen, today))
    )


def may_activate(
    state: ContractState, open_clauses: Iterable[Gap], *, starts_on: date | None
) -> Activation:
    """Say whether a contract may become active: never with an open required clause."""
    reasons = [f"{gap.title} ({gap.clause_id}): {gap.sentence}" for gap in open_clauses]
    if starts_on is None:
        reasons.append("The contract has no start date. Enter it first.")
    if state is ContractState.ACTIVE:
        reasons.append("The contract is already active.")
    if state is ContractState.ENDED:
        reasons.append("The contract has ended. Enter the new one as a new contract.")
    return Activation(is_allowed=not reasons, reasons=tuple(reasons))


def notice_deadline(
    ends_on: date | None,
    notice_days: int | None,
    *,
    auto_renews: bool,
    renewal_months: int | None,
    today: date,
) -> date | None:
    """Return the last day to give notice; None where there is no end, no notice or it is over.

    A renewing contract rolls on: once this term's day has passed, it is the next term's.
    Terms are counted from the first end, so 31 January stays the last day of each month.
    """
    if ends_on is None or notice_days is None or notice_days < 0:
        return None
    ahead = timedelta(days=notice_days)
    if not auto_renews or not renewal_months or renewal_months < 1:
        return ends_on - ahead if today <= ends_on else None
    wanted = today + ahead
    months = (wanted.year - ends_on.year) * 12 + wanted.month - ends_on.month
    term = max(0, months // renewal_months - 1)
    while (end := add_months(ends_on, term * renewal_months)) < wanted:
        if end == date.max:
            return None
        term += 1
    return end - ahead


@dataclass(frozen=True, slots=True)
class Renewal:
    """The day a contract renews itself, until when, and whether notice can no longer stop it."""

    on: date
    until: date
    is_settled: bool


def renewal_of(
    ends_on: date | None, notice_days: int | None, renewal_months: int | None, *, today: date
) -> Renewal | None:
    """Return the next renewal of a contract that renews itself; None where it has no term."""
    if ends_on is None or not renewal_months or renewal_months < 1:
        return None
    months = (today.year - ends_on.year) * 12 + today.month - ends_on.month
    term = max(0, months // renewal_months - 1)
    while (on := add_months(ends_on, term * renewal_months)) < today and on != date.max:
        term += 1
    until = add_months(ends_on, (term + 1) * renewal_months)
    is_settled = notice_days is not None and on - timedelta(days=max(notice_days, 0)) < today
    return Renewal(on, until, is_settled)


def _gap(clause: RequiredClause, seen: FoundClause, today: date) -> str | None:
    if seen.status is ClauseStatus.PRESENT:
        deviation = compare(seen.value, clause.parameter)
        return None if deviation.meets else deviation.sentence
    if seen.status is ClauseStatus.WAIVED:
        return _waiver_gap(seen.waived_until, today)
    if seen.status is ClauseStatus.NOT_APPLICABLE:
        return None if seen.reason.strip() else "It is marked as not applicable without a reason."
    return _OPEN[seen.status]


_OPEN = {
    ClauseStatus.OPEN: "Nobody has checked it yet.",
    ClauseStatus.PARTIAL: "The contract has only part of it.",
    ClauseStatus.MISSING: "The contract does not have it.",
    ClauseStatus.NEGOTIATING: "It is still being negotiated.",
}


def _waiver_gap(until: date | None, today: date) -> str | None:
    if until is None:
        return "Its waiver has no end date."
    return None if today <= until else "Its waiver has ended."
