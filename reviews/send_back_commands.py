"""Sending back: a signer does not sign, and says what the reviewer has to look at again."""

from datetime import datetime

from sqlalchemy.orm import Session

from audit.actions import Action
from foundation.errors import Denied, Refused
from identity.rules import Author
from reviews import letters, rows
from reviews.commands import lock
from reviews.decision_models import Decision, SentBack
from reviews.models import Review
from reviews.signing import note_decision, refuse_unless_waiting, roles_that_help, take_down
from vendors.wording import checked_text


def send_back(
    session: Session,
    review: Review,
    decision: Decision,
    *,
    reason: str,
    by: Author,
    at: datetime,
) -> None:
    """Send a proposal back to the reviewer: the review is open again, what was signed is void.

    Whoever the proposal waits for may. Raises Denied for everybody else, Refused without a reason
    and Conflict for a proposal that no longer waits.
    """
    lock(session, review)
    session.refresh(decision)
    refuse_unless_waiting(decision)
    if not roles_that_help(session, decision, by):
        raise Denied("Only somebody this decision waits for may send it back.")
    why = checked_text(reason, what="The reason")
    if not why:
        raise Refused("Write what has to be looked at again.", where="reason")
    sent = SentBack(decision_id=decision.id, person_id=by.person_id, at=at, reason=why)
    session.add(sent)
    review.reviewer_id = review.reviewer_id or decision.proposed_by_id
    take_down(session, review, decision, at=at)
    signed = rows.sign_offs_of(session, decision.id)
    note_decision(
        session, Action.DECISION_SEND_BACK, decision, by=by, at=at, reason=why, void=len(signed)
    )
    readers = {review.reviewer_id, decision.proposed_by_id, *(each.person_id for each in signed)}
    letters.was_sent_back(session, review, sent, readers - {by.person_id}, at=at)
