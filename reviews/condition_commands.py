"""Conditions of an approval after it: saying that one was met, and taking that back."""

from datetime import datetime

from sqlalchemy.orm import Session

from audit.actions import Action
from foundation.db import lock_row
from foundation.errors import Conflict, Refused
from identity.rules import Author
from reviews.decision_models import Condition
from vendors.noting import note_vendor
from vendors.wording import checked_text

CHANGED = (
    "Somebody else changed this condition while you had it open. What they said stands above; "
    "what you wrote is still in the form."
)


def meet(
    session: Session, condition: Condition, *, note: str, version: int, by: Author, at: datetime
) -> None:
    """Say that a condition was met, and how that is known.

    Raises Refused without a note, for one that was met already, and for its owner: somebody else
    looks at what they did. Raises Conflict when somebody was faster.
    """
    kept = checked_text(note, what="The note")
    if not kept:
        raise Refused("Write how you know that it was met.", where="note")
    lock_row(condition)
    if condition.version != version:
        raise Conflict(CHANGED, theirs=condition)
    if condition.met_at is not None:
        raise Refused("This condition was met already.")
    if condition.owner_id == by.person_id:
        raise Refused(
            "You answer for this condition, so somebody else says that it was met. "
            "Ask another analyst or a lead."
        )
    condition.met_at, condition.met_by_id, condition.met_note = at, by.person_id, kept
    session.flush()
    _note(session, Action.CONDITION_MEET, condition, {"note": kept}, by=by, at=at)


def open_again(
    session: Session, condition: Condition, *, version: int, by: Author, at: datetime
) -> None:
    """Take back that a condition was met. Raises Refused, and Conflict when somebody was faster."""
    lock_row(condition)
    if condition.version != version:
        raise Conflict(CHANGED, theirs=condition)
    if condition.met_at is None:
        raise Refused("This condition is open.")
    condition.met_at, condition.met_by_id, condition.met_note = None, None, ""
    session.flush()
    _note(session, Action.CONDITION_REOPEN, condition, {}, by=by, at=at)


def _note(
    session: Session,
    action: Action,
    condition: Condition,
    detail: dict[str, object],
    *,
    by: Author,
    at: datetime,
) -> None:
    told = {"condition": str(condition.id), **detail}
    note_vendor(session, action, condition.vendor_id, by=by, at=at, **told)
