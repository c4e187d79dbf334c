"""What is still to be settled with a vendor nobody is reviewing: its checklist, its conditions."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews.attestation_queries import AttestationRow, attestations_of
from reviews.decision_models import Condition
from reviews.rows import DecisionRow
from reviews.rules import Outcome
from vendors.models import Vendor
from vendors.offboarding import CHECKLIST
from vendors.offboarding_models import OffboardingLine
from vendors.rules import VendorState


@dataclass(frozen=True, slots=True)
class LooseEnds:
    """What is unsettled."""

    late_condition: UUID | None
    """The condition in force that is the longest past its date."""
    checklist: tuple[int, int] | None
    """Settled lines of the offboarding, and of how many; None unless it is being offboarded."""
    attestations: list[AttestationRow]
    """What it was asked between reviews, and said; the newest first."""


def loose_ends_of(
    session: Session, vendor: Vendor, decision: DecisionRow | None, today: date
) -> LooseEnds:
    """Return what is unsettled with a vendor, in three statements at most."""
    late = _late_condition_of(session, decision, today)
    return LooseEnds(late, _checklist_of(session, vendor), attestations_of(session, vendor.id))


def _checklist_of(session: Session, vendor: Vendor) -> tuple[int, int] | None:
    if vendor.state is not VendorState.OFFBOARDING:
        return None
    chosen = select(func.count()).where(
        OffboardingLine.vendor_id == vendor.id, OffboardingLine.is_past.is_(False)
    )
    return session.scalar(chosen) or 0, len(CHECKLIST)


def _late_condition_of(session: Session, decision: DecisionRow | None, today: date) -> UUID | None:
    if decision is None or decision.outcome is not Outcome.APPROVED_WITH_CONDITIONS:
        return None
    chosen = (
        select(Condition.id)
        .where(
            Condition.decision_id == decision.decision_id,
            Condition.met_at.is_(None),
            Condition.due_on < today,
        )
        .order_by(Condition.due_on, Condition.id)
        .limit(1)
    )
    return session.scalars(chosen).first()
