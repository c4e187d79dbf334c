"""What is still to be settled with a vendor: its checklist, its conditions, its proof."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ScalarSelect, and_, case, func, literal, select
from sqlalchemy.orm import Session

from evidence.models import Evidence
from reminders.standing import is_proof_needed
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
    """What is unsettled on a day."""

    late_condition: UUID | None
    """The condition in force that is the longest past its date."""
    checklist: tuple[int, int] | None
    """Settled lines of the offboarding, and of how many; None unless it is being offboarded."""
    attestations: list[AttestationRow]
    """What it was asked between reviews, and said; the newest first."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The files on record, and how many of them are past their validity.

    Only those count that something rests on, with nothing newer in their place: the same that the
    first page and the reminders speak of.
    """

    files: Mapping[UUID, str]
    """Their references."""
    over: int


def loose_ends_of(
    session: Session,
    vendor: Vendor,
    decision: DecisionRow | None,
    today: date,
    *,
    was_decided: bool,
) -> LooseEnds:
    """Return what is unsettled with a vendor, in two statements at most.

    Nobody is asked between reviews before a first decision, so none is looked for then.
    """
    is_asked = was_decided or vendor.cleared_on is not None
    words = attestations_of(session, vendor.id) if is_asked else []
    is_leaving = vendor.state is VendorState.OFFBOARDING
    is_conditional = decision and decision.outcome is Outcome.APPROVED_WITH_CONDITIONS
    if not is_leaving and not is_conditional:
        return LooseEnds(None, None, words)
    late = _late_condition_of(decision.decision_id, today) if decision else literal(None)
    condition_id, settled = session.execute(select(late, _settled_of(vendor.id))).one()
    return LooseEnds(
        condition_id if is_conditional else None,
        (settled, len(CHECKLIST)) if is_leaving else None,
        words,
    )


def proof_of(session: Session, vendor_id: UUID, today: date) -> Proof:
    """Return what is on record as proof, in one statement."""
    is_over = case((and_(Evidence.valid_until < today, is_proof_needed()), 1), else_=0)
    chosen = (
        select(Evidence.id, Evidence.reference, is_over)
        .join(Vendor, Vendor.id == Evidence.vendor_id)
        .where(Evidence.vendor_id == vendor_id, Evidence.erased_at.is_(None))
        .order_by(Evidence.id)
    )
    found = session.execute(chosen).all()
    return Proof({row[0]: row[1] for row in found}, sum(row[2] for row in found))


def _settled_of(vendor_id: UUID) -> ScalarSelect[int]:
    chosen = select(func.count(OffboardingLine.id)).where(
        OffboardingLine.vendor_id == vendor_id, OffboardingLine.is_past.is_(False)
    )
    return chosen.scalar_subquery()


def _late_condition_of(decision_id: UUID, today: date) -> ScalarSelect[UUID]:
    chosen = (
        select(Condition.id)
        .where(
            Condition.decision_id == decision_id,
            Condition.met_at.is_(None),
            Condition.due_on < today,
        )
        .order_by(Condition.due_on, Condition.id)
        .limit(1)
    )
    return chosen.scalar_subquery()
