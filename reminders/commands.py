"""Taking a step: the unique key is the claim, so each happens once."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Action
from audit.commands import record
from foundation.ids import new_id
from reminders.models import Heartbeat, Reminder


def claim(
    session: Session,
    subject: tuple[str, UUID],
    step: str,
    *,
    due_on: date,
    recipient_id: UUID | None,
    at: datetime,
) -> bool:
    """Stamp a step; False when another worker stamped it first."""
    kind, subject_id = subject
    stamp = Reminder(
        id=new_id(),
        kind=kind,
        subject_id=subject_id,
        step=step,
        due_on=due_on,
        stamped_at=at,
        recipient_id=recipient_id,
    )
    try:
        with session.begin_nested():
            session.add(stamp)
    except IntegrityError:
        return False
    record(
        session,
        at=at,
        actor=SYSTEM,
        action=Action.REMINDER_SEND,
        subject=subject,
        detail={"step": step, "due_on": due_on.isoformat()},
    )
    return True


def beat(session: Session, *, summary: str, at: datetime, name: str = "worker") -> None:
    """Note that a worker is alive and what its sweep did."""
    session.merge(Heartbeat(name=name, at=at, summary=summary))
    session.flush()
