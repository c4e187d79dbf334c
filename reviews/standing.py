"""Where a vendor stands: tier, scores, residual risk, gates, findings, clauses, decision."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from contracts.queries import Coverage
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from reviews import rows
from reviews.case import Case, case_of
from reviews.facts import Facts, gather
from reviews.gates import GateResult
from reviews.models import Review, ReviewAssessment
from reviews.residual import Band
from reviews.rows import DecisionRow, FindingRow
from reviews.rules import Blocker, Outcome
from reviews.weighing import standing_in_the_way
from vendors.models import Vendor


@dataclass(frozen=True, slots=True)
class Standing:
    """A vendor as of a day; None is "not assessed yet". Claimed to proven are 0 to 1.

    `assurance_gap` is in points of residual risk: how much less the claims alone would show.
    """

    vendor_id: UUID
    review_id: UUID | None
    tier: int | None
    is_tier_provisional: bool
    computed_tier: int | None
    inherent: float | None
    claimed: float | None
    evidenced: float | None
    coverage: float | None
    proven: float | None
    residual: float | None
    claimed_residual: float | None
    assurance_gap: float | None
    band: Band | None
    raised_by: tuple[GateResult, ...]
    """The failed gates for which the band is shown higher than its number."""
    has_answers: bool
    gates: tuple[GateResult, ...]
    blockers: tuple[Blocker, ...]
    """What stands against a plain approval today."""
    open_findings: tuple[FindingRow, ...]
    late_findings: tuple[FindingRow, ...]
    clauses: Coverage
    decision: DecisionRow | None
    """The decision in force: the newest final one that decided anything."""


def standing_of(session: Session, vendor_id: UUID, on: date) -> Standing:
    """Return where a vendor stands on a day. Raises NoResultFound for no vendor."""
    vendor = session.get_one(Vendor, vendor_id)
    facts = gather(session, vendor, telling_review(session, vendor_id), on)
    decision = decision_in_force(session, vendor_id)
    return standing_from(facts, case_of(facts), decision)


def telling_review(session: Session, vendor_id: UUID) -> Review | None:
    """Return the newest review with submitted answers, or else the newest."""
    chosen = (
        select(Review)
        .where(Review.vendor_id == vendor_id)
        .order_by(_has_answers().desc(), Review.cycle.desc())
        .limit(1)
    )
    return session.scalars(chosen).first()


def _has_answers() -> ColumnElement[bool]:
    return (
        exists()
        .where(ReviewAssessment.review_id == Review.id)
        .where(Assessment.id == ReviewAssessment.assessment_id)
        .where(Assessment.submitted_at.is_not(None))
        .where(Assessment.state != AssessmentState.WITHDRAWN)
    )


@dataclass(frozen=True, slots=True)
class Cycles:
    """A vendor's reviews, and the one among them that tells most."""

    telling: Review | None
    every: tuple[Review, ...]


def cycles_of(session: Session, vendor_id: UUID) -> Cycles:
    """Return a vendor's reviews in one statement."""
    chosen = (
        select(Review)
        .where(Review.vendor_id == vendor_id)
        .order_by(_has_answers().desc(), Review.cycle.desc())
    )
    found = tuple(session.scalars(chosen))
    return Cycles(telling=found[0] if found else None, every=found)


def decision_in_force(session: Session, vendor_id: UUID) -> DecisionRow | None:
    """Return the newest final decision that approved or rejected, or None."""
    return next(
        (
            decision
            for decision in rows.decisions_of(session, vendor_id)
            if decision.is_final and decision.outcome is not Outcome.MORE_NEEDED
        ),
        None,
    )


def standing_from(facts: Facts, case: Case, decision: DecisionRow | None) -> Standing:
    """Return the standing that facts already read make."""
    effect, left, by_word = case.effect, case.residual, case.claimed_residual
    return Standing(
        vendor_id=facts.vendor.id,
        review_id=facts.review.id if facts.review else None,
        tier=facts.vendor.tier,
        is_tier_provisional=case.is_tier_provisional,
        computed_tier=facts.vendor.computed_tier,
        inherent=case.inherent,
        claimed=effect.claimed if effect else None,
        evidenced=effect.evidenced if effect else None,
        coverage=effect.coverage if effect else None,
        proven=effect.proven if effect else None,
        residual=left.score if left else None,
        claimed_residual=by_word.score if by_word else None,
        assurance_gap=round(left.score - by_word.score, 1) if left and by_word else None,
        band=case.band,
        raised_by=tuple(line.result for line in case.raised_by),
        has_answers=case.has_answers,
        gates=tuple(line.result for line in case.gates),
        blockers=standing_in_the_way(case, Outcome.APPROVED),
        open_findings=tuple(each for each in facts.findings if each.is_open(facts.on)),
        late_findings=tuple(each for each in facts.findings if each.is_overdue(facts.on)),
        clauses=facts.clauses,
        decision=decision,
    )
