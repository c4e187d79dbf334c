"""The renewals board: contracts by the day on which somebody must speak, and what is open there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from contracts.listing import ContractRow, contracts_by_id
from reports.dates.gathering import gather
from reports.dates.row import DateKind, DateRow, Wanted
from reviews.models import Finding, Review
from reviews.rules import FindingState, ReviewState, Severity
from vendors.models import Vendor
from vendors.rules import VendorState

EDGES = (30, 60, 90)
"""Days from today; the last is how far the board looks."""
LATE = 0
"""The pile of what is past its day, or renews itself and can no longer be stopped."""
MOST = 1000
_KINDS = (DateKind.NOTICE, DateKind.RENEWAL, DateKind.CONTRACT_END)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the vendor of a contract stands."""

    next_review_on: date | None = None
    is_used: bool = False
    is_review_open: bool = False
    findings: dict[Severity, int] = field(default_factory=dict)
    """Open ones by severity, the worst first."""


@dataclass(frozen=True, slots=True)
class Renewing:
    """One contract of the board: the day that counts, its facts, and its vendor's standing."""

    date: DateRow
    contract: ContractRow
    standing: Standing

    @property
    def may_start(self) -> bool:
        """Whether a reassessment can begin: the vendor is in use and no review is open."""
        return self.standing.is_used and not self.standing.is_review_open


def renewals_of(
    session: Session, viewer_id: UUID, today: date, *, own: bool
) -> dict[int, list[Renewing]]:
    """Return contracts by pile: late, then within 30, 60 and 90 days; five statements at most."""
    wanted = Wanted(
        viewer_id=viewer_id,
        today=today,
        last=today + timedelta(days=EDGES[-1]),
        own=own,
        most=MOST,
    )
    days = _first_days(gather(session, wanted, _KINDS).rows)
    piles: dict[int, list[Renewing]] = {edge: [] for edge in (LATE, *EDGES)}
    if not days:
        return piles
    facts = contracts_by_id(session, days, today=today)
    standings = _standings(session, {day.vendor_id for day in days.values()})
    for contract_id, day in days.items():
        one = Renewing(day, facts[contract_id], standings[day.vendor_id])
        piles[_pile(one, today)].append(one)
    return piles


def _first_days(rows: Iterable[DateRow]) -> dict[UUID, DateRow]:
    """Keep the first day of each contract: its notice, or else its end."""
    found: dict[UUID, DateRow] = {}
    for row in rows:
        found.setdefault(row.about, row)
    return found


def _pile(one: Renewing, today: date) -> int:
    renewal = one.contract.renewal
    is_lost = one.date.kind is DateKind.RENEWAL and renewal is not None and renewal.is_settled
    if one.date.on is None or one.date.is_overdue(today) or is_lost:
        return LATE
    ahead = (one.date.on - today).days
    return next(edge for edge in EDGES if ahead <= edge)


def _standings(session: Session, vendor_ids: set[UUID]) -> dict[UUID, Standing]:
    is_open = exists().where(Review.vendor_id == Vendor.id, Review.state != ReviewState.DECIDED)
    chosen = select(Vendor.id, Vendor.next_review_on, Vendor.state, is_open)
    findings = _findings(session, vendor_ids)
    return {
        vendor_id: Standing(
            next_review_on, state is VendorState.ACTIVE, bool(is_open), findings[vendor_id]
        )
        for vendor_id, next_review_on, state, is_open in session.execute(
            chosen.where(Vendor.id.in_(vendor_ids))
        )
    }


def _findings(session: Session, vendor_ids: set[UUID]) -> dict[UUID, dict[Severity, int]]:
    chosen = (
        select(Finding.vendor_id, Finding.severity, func.count())
        .where(Finding.vendor_id.in_(vendor_ids), Finding.state == FindingState.OPEN)
        .group_by(Finding.vendor_id, Finding.severity)
    )
    found: dict[UUID, dict[Severity, int]] = defaultdict(dict)
    for vendor_id, severity, number in session.execute(chosen):
        found[vendor_id][severity] = number
    return defaultdict(
        dict,
        {key: {s: counts[s] for s in Severity if s in counts} for key, counts in found.items()},
    )
