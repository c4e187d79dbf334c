"""Putting a thing off: its reminders to whoever asks wait until a day, and the record says why."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Refused
from foundation.ids import new_id
from identity.rules import Author
from mail.letters import day
from reminders.due_queries import Due
from reminders.ladders import UNPLACED
from reminders.models import Snooze
from vendors.wording import checked_text

LONGEST = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Until when nothing is said of a thing, why, and whether that may be beyond its date."""

    until_on: date
    reason: str
    is_past_due: bool = False


def put_off(
    session: Session, due: Due, silence: Silence, *, today: date, by: Author, at: datetime
) -> Snooze:
    """Let the reminders of a thing to one person wait; what others hear of it stays as it is.

    Raises Refused without a reason, for a day that is not ahead or too far, and for one beyond the
    date of the thing unless that is said.
    """
    reason = checked_text(silence.reason, what="The reason")
    if not reason:
        raise Refused("Write why it can wait: who looks at this later must see it.", where="reason")
    _check_day(due, silence, today)
    snooze = _find(session, due, by) or Snooze(
        id=new_id(), kind=due.kind, subject_id=due.subject_id, person_id=by.person_id
    )
    snooze.due_on, snooze.until_on, snooze.reason = due.due_on, silence.until_on, reason
    snooze.is_past_due, snooze.created_at = silence.until_on > due.due_on, at
    session.add(snooze)
    session.flush()
    told: dict[str, object] = {"until_on": silence.until_on.isoformat(), "reason": reason}
    _note(session, Action.REMINDER_SNOOZE, due, by=by, at=at, detail=told)
    return snooze


def wake(session: Session, due: Due, *, by: Author, at: datetime) -> None:
    """Take a putting off back. Raises Refused when there is none."""
    found = _find(session, due, by)
    if found is None:
        raise Refused("You have not put this off, so there is nothing to take back.")
    session.execute(delete(Snooze).where(Snooze.id == found.id))
    _note(session, Action.REMINDER_WAKE, due, by=by, at=at, detail={})


def _check_day(due: Due, silence: Silence, today: date) -> None:
    if silence.until_on <= today:
        raise Refused("Choose a day after today.", where="until_on")
    if silence.until_on > today + LONGEST:
        raise Refused("Choose a day within a year.", where="until_on")
    if silence.until_on > due.due_on and not silence.is_past_due:
        said = (
            f"was due on {day(due.due_on)}" if due.due_on < today else f"is due {day(due.due_on)}"
        )
        raise Refused(
            f"This {said}, and you would hear nothing of it until {day(silence.until_on)}. "
            "Choose an earlier day, or tick that you know.",
            where="is_past_due",
        )


def _find(session: Session, due: Due, by: Author) -> Snooze | None:
    chosen = select(Snooze).where(
        Snooze.kind == due.kind,
        Snooze.subject_id == due.subject_id,
        Snooze.person_id == by.person_id,
    )
    return session.scalars(chosen).first()


def _note(
    session: Session,
    action: Action,
    due: Due,
    *,
    by: Author,
    at: datetime,
    detail: dict[str, object],
) -> None:
    is_placed = due.kind not in UNPLACED
    subject = (due.kind.value, due.subject_id) if is_placed else ("vendor", due.vendor_id)
    told = {"due_on": due.due_on.isoformat(), **detail}
    record(session, at=at, actor=by.actor, action=action, subject=subject, detail=told)
