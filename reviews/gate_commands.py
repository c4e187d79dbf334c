"""Answering gates by hand, and accepting for a time the risk of one that fails."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.queries import roles_at_work
from audit.actions import Action
from audit.commands import record
from foundation.dates import add_months
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from identity.rules import Author
from organisation.queries import day_of
from reviews.case import case_of
from reviews.commands import lock, refuse_unless_open
from reviews.decision_models import GateJudgement
from reviews.facts import gather
from reviews.gate_lines import GateLine, acceptance_id
from reviews.gates import TITLES, Gate, GateStatus
from reviews.models import Review
from vendors.exemption_commands import grant
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.rules import ExemptionKind
from vendors.wording import checked_text

BY_HAND = frozenset({GateStatus.PASSED, GateStatus.FAILED, GateStatus.NOT_APPLICABLE})
MONTHS_ACCEPTED = {1: 6}
_OTHER_MONTHS = 12


@dataclass(frozen=True, slots=True)
class HandAnswer:
    """A gate's answer by hand; `version` 0 means none was seen yet."""

    status: GateStatus
    note: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who bears a risk, why, what is done instead, and until when."""

    owner_id: UUID
    reason: str
    ends_on: date
    compensating_control: str


def judge_gate(
    session: Session, review: Review, gate: Gate, answer: HandAnswer, *, by: Author, at: datetime
) -> GateJudgement:
    """Store what a reviewer says of a gate. Raises Refused where the record itself answers."""
    lock(session, review)
    refuse_unless_open(review)
    note = checked_text(answer.note, what="The note")
    if not note:
        raise Refused("Write what you looked at: the note is part of the record.", where="note")
    if answer.status not in BY_HAND:
        raise Refused("Say whether the gate is passed, failed or does not apply.", where="status")
    _refuse_if_answered(_line(session, review, gate, day_of(session, at)))
    known = _find(session, review, gate)
    if answer.version != (known.version if known else 0):
        raise Conflict("Somebody else answered this gate meanwhile. Reload the page.")
    judged = known or GateJudgement(id=new_id(), review_id=review.id, gate=gate.value)
    judged.status, judged.note = answer.status, note
    judged.by_id, judged.at = by.person_id, at
    session.add(judged)
    session.flush()
    detail: dict[str, object] = {"gate": gate.value, "status": answer.status.value}
    _note(session, review, detail, by=by, at=at)
    return judged


def accept_gate_risk(
    session: Session, review: Review, gate: Gate, chosen: Acceptance, *, by: Author, at: datetime
) -> Exemption:
    """Accept the risk of a failed gate for a time; it allows an approval with conditions."""
    lock(session, review)
    refuse_unless_open(review)
    line = _line(session, review, gate, day_of(session, at))
    if line.result.status is not GateStatus.FAILED:
        raise Refused("This gate has not failed, so there is no risk to accept.")
    if line.is_accepted:
        raise Refused("The risk of this gate has been accepted already.")
    vendor = session.get_one(Vendor, review.vendor_id)
    refuse_acceptance(chosen, vendor.tier, day_of(session, at))
    return grant(
        session,
        kind=ExemptionKind.ACCEPTANCE,
        vendor_id=vendor.id,
        subject=("gate", acceptance_id(review.id, gate)),
        owner_id=member_of_staff(session, chosen.owner_id),
        approver_id=by.person_id,
        reason=chosen.reason,
        compensating_control=chosen.compensating_control,
        ends_on=chosen.ends_on,
        frozen_rating=f"{gate.value} failed: {TITLES[gate]}",
        by=by,
        at=at,
    )


def member_of_staff(session: Session, person_id: UUID) -> UUID:
    """Return the person's id. Raises Refused for somebody who does not work here."""
    if roles_at_work(session, person_id) is None:
        raise Refused("Choose an owner who works here.", where="owner_id")
    return person_id


def refuse_acceptance(chosen: Acceptance, tier: int | None, today: date) -> None:
    """Raise Refused without a compensating control, or for longer than the tier allows."""
    if not chosen.compensating_control.strip():
        raise Refused(
            "Write what is done instead, so that the risk stays small.",
            where="compensating_control",
        )
    months = MONTHS_ACCEPTED.get(tier or 1, _OTHER_MONTHS)
    latest = add_months(today, months)
    if chosen.ends_on > latest:
        raise Refused(
            f"For tier {tier or 1} a risk is accepted for {months} months at most: "
            f"choose {latest:%d %B %Y} or earlier.",
            where="ends_on",
        )


def _line(session: Session, review: Review, gate: Gate, on: date) -> GateLine:
    vendor = session.get_one(Vendor, review.vendor_id)
    lines = case_of(gather(session, vendor, review, on)).gates
    return next(line for line in lines if line.result.gate is gate)


def _refuse_if_answered(line: GateLine) -> None:
    if line.may_judge:
        return
    if line.result.status is GateStatus.NOT_APPLICABLE:
        raise Refused("This gate does not concern this vendor.")
    raise Refused(
        "The record already answers this gate. Change the answer, the clause or the file it "
        "rests on, or let a lead accept the risk."
    )


def _find(session: Session, review: Review, gate: Gate) -> GateJudgement | None:
    chosen = select(GateJudgement).where(
        GateJudgement.review_id == review.id, GateJudgement.gate == gate.value
    )
    return session.scalars(chosen).first()


def _note(
    session: Session, review: Review, detail: dict[str, object], *, by: Author, at: datetime
) -> None:
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.REVIEW_GATE,
        subject=("review", review.id),
        detail=detail,
    )
