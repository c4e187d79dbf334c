"""Deciding: proposing an outcome, signing it, withdrawing it; the last signature ends the review.

The first proposal of a round wins, whoever else pressed at the same moment.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.rules import Role
from audit.actions import Action
from foundation.errors import Conflict, Denied, Refused
from foundation.ids import new_id
from identity.rules import Author
from organisation.queries import day_of
from reviews import closing, letters, rows
from reviews.case import Case, case_of
from reviews.commands import lock, refuse_unless_open
from reviews.decision_models import Decision
from reviews.facts import gather
from reviews.gate_commands import member_of_staff
from reviews.models import Review
from reviews.rules import Outcome, ReviewState, people_needed
from reviews.signing import (
    add_signature,
    helps,
    missing_signatures,
    note_decision,
    own_role,
    refuse_unless_waiting,
    roles_held,
    take_down,
)
from reviews.weighing import as_proposed, basis_of, standing_in_the_way
from vendors.models import Vendor
from vendors.wording import checked_text

RISK_TEAM = frozenset({Role.ANALYST, Role.LEAD})
_MOST_AT_STAKE = 100.0


@dataclass(frozen=True, slots=True)
class NewCondition:
    """Something an approval depends on: what, until when, and who sees to it."""

    text: str
    due_on: date
    owner_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What somebody proposes to decide; `round` is the one their page was made for."""

    outcome: Outcome
    round: int
    note: str
    conditions: tuple[NewCondition, ...] = field(default=())
    is_escalated: bool = False


def next_round(session: Session, review_id: UUID) -> int:
    """Return the number the next proposal of a review gets."""
    latest = select(func.max(Decision.round)).where(Decision.review_id == review_id)
    return (session.scalar(latest) or 0) + 1


def propose(
    session: Session, review: Review, proposal: Proposal, *, by: Author, at: datetime
) -> Decision:
    """Propose an outcome and sign it where the proposer's role is one that is needed.

    Raises Conflict when somebody else was first, Refused with every reason against the outcome.
    """
    lock(session, review)
    _refuse_unless_first(session, review, proposal.round)
    refuse_unless_open(review)
    case = as_proposed(_case(session, review, day_of(session, at)), proposal)
    _refuse_blocked(case, proposal.outcome)
    roles = roles_held(session, by)
    _refuse_outsider(roles, case, proposal)
    decision = _write(session, review, case, proposal, by=by, at=at)
    review.state = ReviewState.AWAITING_SIGN_OFF
    session.flush()
    note_decision(session, Action.DECISION_PROPOSE, decision, by=by, at=at)
    own = own_role(session, decision, roles, by)
    if own is not None:
        add_signature(session, decision, own, by=by, at=at, note="")
    _finish_when_complete(session, review, decision, case, by=by, at=at)
    if not decision.is_final:
        letters.waits_for_signature(session, review, decision, at=at)
    return decision


def sign(  # noqa: PLR0913  who signs, as what, saying what
    session: Session,
    review: Review,
    decision: Decision,
    *,
    role: Role,
    by: Author,
    at: datetime,
    note: str = "",
) -> Decision:
    """Sign a proposal in one role; the last signature needed makes it final.

    Raises Refused when the signature is not needed, or the facts have changed meanwhile.
    """
    lock(session, review)
    session.refresh(decision)
    refuse_unless_waiting(decision)
    if role not in roles_held(session, by):
        raise Denied("You do not hold this role, so you cannot sign in it.")
    signed = rows.sign_offs_of(session, decision.id)
    if any(each.person_id == by.person_id for each in signed):
        raise Refused("You have signed this already. The other signature is another person's.")
    if not helps(session, decision, by, role):
        raise Refused("This decision needs no signature in this role.")
    case = as_proposed(_case(session, review, day_of(session, at)), decision)
    _refuse_changed(decision, case)
    add_signature(session, decision, role, by=by, at=at, note=note)
    _finish_when_complete(session, review, decision, case, by=by, at=at)
    return decision


def withdraw(
    session: Session, review: Review, decision: Decision, *, by: Author, at: datetime
) -> None:
    """Take a proposal back before it is final: its proposer or a lead may."""
    lock(session, review)
    session.refresh(decision)
    refuse_unless_waiting(decision)
    if decision.proposed_by_id != by.person_id and Role.LEAD not in roles_held(session, by):
        raise Denied("Only who proposed this, or a lead, may withdraw it.")
    take_down(session, review, decision, at=at)
    note_decision(session, Action.DECISION_WITHDRAW, decision, by=by, at=at)


def _case(session: Session, review: Review, on: date) -> Case:
    vendor = session.get_one(Vendor, review.vendor_id)
    return case_of(gather(session, vendor, review, on))


def _write(
    session: Session, review: Review, case: Case, proposal: Proposal, *, by: Author, at: datetime
) -> Decision:
    decision = Decision(
        id=new_id(),
        review_id=review.id,
        round=proposal.round,
        outcome=proposal.outcome,
        note=checked_text(proposal.note, what="The note"),
        proposed_by_id=by.person_id,
        proposed_at=at,
        tier=case.tier,
        inherent=_MOST_AT_STAKE if case.inherent is None else case.inherent,
        claimed=case.effect.claimed if case.effect else None,
        evidenced=case.effect.evidenced if case.effect else None,
        residual=case.residual.score if case.residual else None,
        band=case.band.value if case.band else None,
        basis={
            **basis_of(case, is_escalated=proposal.is_escalated),
            "conditions": [
                _kept(session, each, day_of(session, at)) for each in proposal.conditions
            ],
        },
    )
    session.add(decision)
    session.flush()
    return decision


def _kept(session: Session, condition: NewCondition, today: date) -> dict[str, str]:
    text = checked_text(condition.text, what="The condition", longest=1000)
    if not text:
        raise Refused("Write what the condition is.", where="conditions")
    if condition.due_on < today:
        raise Refused("A condition's date has passed already.", where="conditions")
    owner = member_of_staff(session, condition.owner_id)
    return {"text": text, "due_on": condition.due_on.isoformat(), "owner_id": str(owner)}


def _finish_when_complete(
    session: Session, review: Review, decision: Decision, case: Case, *, by: Author, at: datetime
) -> None:
    is_asking = decision.outcome is Outcome.MORE_NEEDED
    if not is_asking and missing_signatures(session, decision):
        return
    closing.finish(session, review, decision, case, by=by, at=at)
    note_decision(session, Action.DECISION_FINAL, decision, by=by, at=at)


def _refuse_unless_first(session: Session, review: Review, seen: int) -> None:
    if review.state is ReviewState.DECIDED or next_round(session, review.id) != seen:
        raise Conflict(
            "Somebody else was first: there is a newer proposal or decision for this review. "
            "Reload the page to read it."
        )


def _refuse_blocked(case: Case, outcome: Outcome) -> None:
    found = standing_in_the_way(case, outcome)
    if found:
        raise Refused(
            "This outcome is not possible now. " + found[0].sentence,
            reasons=tuple(blocker.sentence for blocker in found),
        )


def _refuse_outsider(roles: frozenset[Role], case: Case, proposal: Proposal) -> None:
    tier = 1 if proposal.is_escalated else case.tier
    needed = people_needed(tier, case.band)
    if roles & RISK_TEAM or any(roles & place.roles for place in needed):
        return
    raise Denied(
        "Procurement decides on tier 4 vendors whose remaining risk is low. "
        "Ask the risk team to propose this decision."
    )


def _refuse_changed(decision: Decision, case: Case) -> None:
    _refuse_blocked(case, decision.outcome)
    band = case.band.value if case.band else None
    if (decision.tier, decision.band) != (case.tier, band):
        raise Refused(
            "The tier or the remaining risk has changed since this was proposed. "
            "Send it back, so that it is proposed again on the new numbers."
        )
