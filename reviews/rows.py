"""Verdicts, findings, judgements and decisions read as columns, with the names of people."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from accounts.rules import Role
from identity.models import Person
from reviews.decision_models import Decision, GateJudgement, SignOff
from reviews.gates import Gate, GateStatus
from reviews.models import Finding, Review, Verdict
from reviews.residual import Band
from reviews.rules import FindingState, Outcome, Severity, VerdictOutcome
from vendors.inventory_models import Exemption
from vendors.models import Vendor


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """What somebody made of one answer."""

    assessment_id: UUID
    code: str
    outcome: VerdictOutcome
    answer_version: int
    is_contradicted: bool
    note: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """A gate answered by hand."""

    gate: Gate
    status: GateStatus
    note: str
    by_name: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as lists and gates see it."""

    finding_id: UUID
    reference: str
    title: str
    severity: Severity
    state: FindingState
    due_on: date | None
    owner_id: UUID
    owner: str
    vendor_id: UUID
    vendor: str
    review_id: UUID
    assessment_id: UUID | None
    code: str | None
    accepted_until: date | None
    tier: int | None = None

    def is_open(self, on: date) -> bool:
        """Say whether it still stands: an acceptance that has ended no longer covers it."""
        if self.state is FindingState.ACCEPTED:
            return self.accepted_until is None or self.accepted_until < on
        return self.state is not FindingState.CLOSED

    def is_overdue(self, on: date) -> bool:
        """Say whether it is open past its date."""
        return self.is_open(on) and self.due_on is not None and self.due_on < on


@dataclass(frozen=True, slots=True)
class SignOffRow:
    """One signature."""

    person_id: UUID
    name: str
    role: Role
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision with the numbers frozen in it; claimed and evidenced are 0 to 1."""

    decision_id: UUID
    review_id: UUID
    round: int
    outcome: Outcome
    note: str
    proposed_by_id: UUID
    proposed_by: str
    proposed_at: datetime
    is_final: bool
    withdrawn_at: datetime | None
    decided_at: datetime | None
    tier: int
    residual: float | None
    band_value: str | None
    basis: dict[str, Any]
    valid_until: date | None
    next_review_on: date | None

    @property
    def band(self) -> Band | None:
        """The remaining risk it rested on."""
        return Band(self.band_value) if self.band_value else None

    @property
    def conditions(self) -> tuple[tuple[str, date], ...]:
        """What it depends on, and until when."""
        kept = self.basis["conditions"]
        return tuple((each["text"], date.fromisoformat(each["due_on"])) for each in kept)

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for signatures."""
        return not self.is_final and self.withdrawn_at is None


def verdict_rows(session: Session, review_id: UUID) -> list[VerdictRow]:
    """Return the verdicts of a review."""
    chosen = (
        select(
            Verdict.assessment_id,
            Verdict.code,
            Verdict.outcome,
            Verdict.answer_version,
            Verdict.is_contradicted,
            Verdict.note,
            Person.name,
            Verdict.at,
        )
        .join(Person, Person.id == Verdict.by_id)
        .where(Verdict.review_id == review_id)
    )
    return [VerdictRow(*row) for row in session.execute(chosen)]


def judgement_rows(session: Session, review_id: UUID) -> dict[Gate, JudgementRow]:
    """Return the gates answered by hand in a review."""
    chosen = (
        select(
            GateJudgement.gate,
            GateJudgement.status,
            GateJudgement.note,
            Person.name,
            GateJudgement.at,
            GateJudgement.version,
        )
        .join(Person, Person.id == GateJudgement.by_id)
        .where(GateJudgement.review_id == review_id)
    )
    found: list[tuple[Any, ...]] = [tuple(row) for row in session.execute(chosen)]
    return {Gate(gate): JudgementRow(Gate(gate), *rest) for gate, *rest in found}


def finding_select() -> Select[*tuple[Any, ...]]:
    """Return the statement findings are read with."""
    return (
        select(
            Finding.id,
            Finding.reference,
            Finding.title,
            Finding.severity,
            Finding.state,
            Finding.due_on,
            Finding.owner_id,
            Person.name,
            Vendor.id,
            Vendor.name,
            Finding.review_id,
            Finding.assessment_id,
            Finding.code,
            Exemption.ends_on,
            Vendor.tier,
        )
        .join(Person, Person.id == Finding.owner_id)
        .join(Vendor, Vendor.id == Finding.vendor_id)
        .outerjoin(
            Exemption, (Exemption.id == Finding.exemption_id) & Exemption.revoked_at.is_(None)
        )
    )


def findings_of(session: Session, vendor_id: UUID) -> list[FindingRow]:
    """Return every finding of a vendor, the soonest due first."""
    chosen = finding_select().where(Finding.vendor_id == vendor_id)
    ordered = chosen.order_by(Finding.due_on.asc().nulls_last(), Finding.reference)
    return [FindingRow(*row) for row in session.execute(ordered)]


def sign_offs_of(session: Session, decision_id: UUID) -> list[SignOffRow]:
    """Return the signatures under a decision, in order."""
    chosen = (
        select(SignOff.person_id, Person.name, SignOff.role, SignOff.at, SignOff.note)
        .join(Person, Person.id == SignOff.person_id)
        .where(SignOff.decision_id == decision_id)
        .order_by(SignOff.at, SignOff.id)
    )
    return [SignOffRow(*row) for row in session.execute(chosen)]


def decisions_of(session: Session, vendor_id: UUID) -> list[DecisionRow]:
    """Return every proposal and decision about a vendor, the newest first."""
    return _decisions(session, _decision_select().where(Review.vendor_id == vendor_id))


def decisions_of_review(session: Session, review_id: UUID) -> list[DecisionRow]:
    """Return every proposal and decision of a review, the newest first."""
    return _decisions(session, _decision_select().where(Decision.review_id == review_id))


def _decision_select() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Decision.id,
            Decision.review_id,
            Decision.round,
            Decision.outcome,
            Decision.note,
            Decision.proposed_by_id,
            Person.name,
            Decision.proposed_at,
            Decision.is_final,
            Decision.withdrawn_at,
            Decision.decided_at,
            Decision.tier,
            Decision.residual,
            Decision.band,
            Decision.basis,
            Decision.valid_until,
            Decision.next_review_on,
        )
        .join(Review, Review.id == Decision.review_id)
        .join(Person, Person.id == Decision.proposed_by_id)
        .order_by(Review.cycle.desc(), Decision.round.desc())
    )


def _decisions(session: Session, chosen: Select[*tuple[Any, ...]]) -> list[DecisionRow]:
    return [DecisionRow(*row) for row in session.execute(chosen)]
