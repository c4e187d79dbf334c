"""The portfolio in numbers: how risky, whose move for how long, which findings, what is late.

Six statements, each an aggregate or a short list; need-to-know is part of every one.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from reports.ball_queries import count_by_turn, late_answers
from reviews.finding_queries import Sought, count_findings, list_findings
from reviews.list_standing import decided_bands
from reviews.residual import Band
from reviews.rules import Severity
from reviews.turns import Turn
from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.rules import VendorState

TIERS = (1, 2, 3, 4, None)
BANDS = (Band.CRITICAL, Band.HIGH, Band.MODERATE, Band.LOW, None)
"""The worst first; None is unknown, a column of its own and never low."""
BALL_EDGES = (7, 14, 30)
MOST_SHOWN = 10
_USED = (VendorState.ONBOARDING, VendorState.ACTIVE, VendorState.OFFBOARDING)


@dataclass(frozen=True, slots=True)
class Late:
    """Something past its date."""

    thing_id: UUID
    vendor_id: UUID
    vendor: str
    tier: int | None
    what: str
    due_on: date
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class LateList:
    """The longest past their date, and how many there are."""

    shown: tuple[Late, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What the page prints; counts by their two keys, what is not there is nought."""

    heat: dict[tuple[int | None, Band | None], int]
    ageing: dict[tuple[Turn, int], int]
    findings: dict[tuple[Severity, int], int]
    late_answers: LateList
    late_findings: LateList
    late_reviews: LateList

    @property
    def vendors(self) -> int:
        """How many vendors are in use or on their way."""
        return sum(self.heat.values())

    @property
    def rated(self) -> int:
        """How many of them somebody has decided about with a number."""
        return sum(count for (_, band), count in self.heat.items() if band is not None)


def portfolio_of(session: Session, viewer_id: UUID, at: datetime, today: date) -> Portfolio:
    """Return the portfolio as a person may see it."""
    edges = tuple(at - timedelta(days=days) for days in BALL_EDGES)
    sought = Sought(today=today, at=at)
    return Portfolio(
        heat=_heat(session, viewer_id),
        ageing=count_by_turn(session, viewer_id, edges),
        findings=count_findings(session, viewer_id, sought),
        late_answers=_answers(session, viewer_id, today),
        late_findings=_findings_late(session, viewer_id, sought),
        late_reviews=_late(session, _reviews_due(today), viewer_id),
    )


def _heat(session: Session, viewer_id: UUID) -> dict[tuple[int | None, Band | None], int]:
    decided = decided_bands()
    chosen = (
        select(Vendor.tier, decided.c.band, func.count())
        .outerjoin(decided, decided.c.vendor_id == Vendor.id)
        .where(visible_vendors(viewer_id), Vendor.archived_at.is_(None), Vendor.state.in_(_USED))
        .group_by(Vendor.tier, decided.c.band)
    )
    return {
        (tier, Band(band) if band else None): count for tier, band, count in session.execute(chosen)
    }


def _answers(session: Session, viewer_id: UUID, today: date) -> LateList:
    late = [
        Late(
            row.assessment_id,
            row.vendor_id,
            row.vendor,
            row.tier,
            row.assessment_reference or "",
            row.due_on,
        )
        for row in late_answers(session, viewer_id, today)
        if row.assessment_id is not None and row.due_on is not None
    ]
    return LateList(tuple(late[:MOST_SHOWN]), len(late))


def _findings_late(session: Session, viewer_id: UUID, sought: Sought) -> LateList:
    rows = list_findings(session, viewer_id, replace(sought, only_late=True))
    shown = tuple(
        Late(
            one.finding_id, one.vendor_id, one.vendor, one.tier, one.title, one.due_on, one.severity
        )
        for one in rows[:MOST_SHOWN]
        if one.due_on is not None
    )
    return LateList(shown, len(rows))


def _reviews_due(today: date) -> Select[Any]:
    """Return vendors used past the day of their next review; a test holds it to the one rule."""
    return (
        select(Vendor.id, Vendor.id, Vendor.name, Vendor.tier)
        .add_columns(Vendor.reference, Vendor.next_review_on)
        .where(Vendor.state == VendorState.ACTIVE, Vendor.next_review_on < today)
        .order_by(Vendor.next_review_on, Vendor.id)
    )


def _late(session: Session, chosen: Select[Any], viewer_id: UUID) -> LateList:
    shown = chosen.where(visible_vendors(viewer_id), Vendor.archived_at.is_(None))
    counted = shown.add_columns(func.count().over()).limit(MOST_SHOWN)
    rows = [tuple(row) for row in session.execute(counted)]
    return LateList(tuple(Late(*row[:-1]) for row in rows), rows[0][-1] if rows else 0)
