"""What follows when the last signature is under a decision: all of it, or nothing."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.ids import new_id
from foundation.links import absolute
from identity.models import Person
from identity.rules import Author
from mail.commands import queue
from mail.letters import compose
from organisation.queries import calendar_of_organisation, day_of, name_of_organisation
from questionnaires import assessment_commands, clarification_commands
from questionnaires.answer_models import Clarification
from questionnaires.models import Assessment
from questionnaires.rules import LIVE, AssessmentState
from reviews.attestation_commands import overtake
from reviews.case import Case
from reviews.decision_models import Condition, Decision
from reviews.models import Review, ReviewAssessment
from reviews.rules import Outcome, ReviewState, next_review_on
from vendors.commands import clear, move
from vendors.models import Vendor
from vendors.rules import VendorState
from vendors.tier_versions import model_in_force

APPROVALS = frozenset({Outcome.APPROVED, Outcome.APPROVED_WITH_CONDITIONS})
_IN_WORDS = {
    Outcome.APPROVED: "approved",
    Outcome.APPROVED_WITH_CONDITIONS: "approved with conditions",
    Outcome.REJECTED: "rejected",
    Outcome.MORE_NEEDED: "not decided yet: more is needed",
}
_LEAVING = {
    VendorState.ONBOARDING: VendorState.DECLINED,
    VendorState.ACTIVE: VendorState.OFFBOARDING,
}


def finish(
    session: Session, review: Review, decision: Decision, case: Case, *, by: Author, at: datetime
) -> None:
    """Make a decision final with everything that hangs on it.

    An approval clears and activates the vendor; a rejection declines it, or starts leaving it;
    "more is needed" opens the review again.
    """
    vendor = session.get_one(Vendor, review.vendor_id)
    again_on = due_again_on(session, case, day_of(session, at))
    decision.is_final, decision.decided_at = True, at
    if decision.outcome is Outcome.MORE_NEEDED:
        review.state = ReviewState.OPEN
        session.flush()
        _write_to_owner(session, vendor, review, decision, at=at)
        return
    if decision.outcome in APPROVALS:
        decision.next_review_on = decision.valid_until = again_on
        _store_conditions(session, vendor, decision)
    review.state, review.decided_at = ReviewState.DECIDED, at
    session.flush()
    _close_assessments(session, review, by=by, at=at)
    if decision.outcome in APPROVALS:
        overtake(session, vendor, by=by.actor, at=at)
        activate(session, vendor, review, decision, by=by, at=at)
    elif vendor.state in _LEAVING:
        move(session, vendor, _LEAVING[vendor.state], by=by, at=at)
    _write_to_owner(session, vendor, review, decision, at=at)


def activate(
    session: Session,
    vendor: Vendor,
    review: Review,
    decision: Decision,
    *,
    by: Author,
    at: datetime,
) -> None:
    """Write the clearance down into the vendor; one being onboarded becomes active."""
    clear(
        session,
        vendor,
        review_id=review.id,
        on=day_of(session, at),
        next_review_on=decision.next_review_on,
        by=by,
        at=at,
    )
    if vendor.state is VendorState.ONBOARDING:
        move(session, vendor, VendorState.ACTIVE, by=by, at=at)


def due_again_on(session: Session, case: Case, decided_on: date) -> date:
    """Return when the vendor is reviewed again after an approval on this day.

    A working day, and never later than the rule says: a year is a year (PCI DSS 12.8.4).
    """
    on = next_review_on(
        decided_on,
        case.tier,
        pci_scope=case.pci_scope,
        is_critical_function=case.is_critical_function,
        pace=model_in_force(session).pace,
    )
    return calendar_of_organisation(session).on_or_before(on)


def _close_assessments(session: Session, review: Review, *, by: Author, at: datetime) -> None:
    """Accept what was submitted; what is still with the vendor is withdrawn."""
    chosen = (
        select(Assessment)
        .join(ReviewAssessment, ReviewAssessment.assessment_id == Assessment.id)
        .where(ReviewAssessment.review_id == review.id, Assessment.state.in_(LIVE))
    )
    for assessment in session.scalars(chosen).all():
        if assessment.state is AssessmentState.SUBMITTED:
            _drop_unsent(session, assessment, by=by, at=at)
            assessment_commands.accept(session, assessment, by=by, at=at)
        else:
            assessment_commands.withdraw(session, assessment, by=by, at=at)


def _drop_unsent(session: Session, assessment: Assessment, *, by: Author, at: datetime) -> None:
    """Withdraw questions nobody sent: a rejection does not wait for them."""
    chosen = select(Clarification.id).where(
        Clarification.assessment_id == assessment.id,
        Clarification.sent_at.is_(None),
        Clarification.withdrawn_at.is_(None),
    )
    for clarification_id in session.scalars(chosen).all():
        clarification_commands.withdraw(session, assessment, clarification_id, by=by, at=at)


def _store_conditions(session: Session, vendor: Vendor, decision: Decision) -> None:
    for kept in decision.basis["conditions"]:
        session.add(
            Condition(
                id=new_id(),
                decision_id=decision.id,
                vendor_id=vendor.id,
                text=kept["text"],
                owner_id=UUID(kept["owner_id"]),
                due_on=date.fromisoformat(kept["due_on"]),
            )
        )
    session.flush()


def _write_to_owner(
    session: Session, vendor: Vendor, review: Review, decision: Decision, *, at: datetime
) -> None:
    owner = session.get_one(Person, vendor.owner_id)
    conditions = [
        (kept["text"], date.fromisoformat(kept["due_on"])) for kept in decision.basis["conditions"]
    ]
    text = compose(
        "decision",
        org=name_of_organisation(session),
        name=owner.name,
        vendor=vendor.name,
        reference=review.reference,
        outcome=_IN_WORDS[decision.outcome],
        note=decision.note,
        conditions=conditions,
        next_review_on=decision.next_review_on,
        link=absolute(f"/vendors/{vendor.id}"),
    )
    queue(
        session,
        dedupe_key=f"decision:{decision.id}:final:{owner.email}",
        kind="decision",
        to=(owner.email, owner.name),
        text=text,
        at=at,
    )
