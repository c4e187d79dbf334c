"""Taking a step: the unique key is the claim, so each happens once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, insert, inspect, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Action
from audit.commands import record
from foundation.db import Model
from foundation.ids import new_id
from questionnaires.models import Assessment
from reminders.ladders import Kind
from reminders.models import NOBODY, DigestDay, Heartbeat, Reminder
from reminders.nudges import Look
from reminders.readers import Reader
from reviews.attestation_models import Attestation


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """One step of one thing, about one date of it, to one person or NOBODY."""

    kind: Kind
    subject_id: UUID
    step: str
    due_on: date
    recipient_id: UUID = NOBODY
    vendor_id: UUID | None = None
    """Under whom it is noted, where the thing has no place of its own in the ledger."""


def claim(session: Session, stamp: Stamp, *, at: datetime) -> bool:
    """Stamp a step; False when another worker stamped it first."""
    if not _is_first(session, Reminder, _row(stamp, at)):
        return False
    _note(session, stamp, at)
    return True


def stamp_all(session: Session, stamps: Iterable[Stamp], *, at: datetime) -> None:
    """Stamp the steps of a digest whose day is claimed already, each thing noted once."""
    every = list(stamps)
    session.execute(insert(Reminder), [_row(stamp, at) for stamp in every])
    latest = {(stamp.kind, stamp.subject_id): stamp for stamp in every}
    for stamp in latest.values():
        _note(session, stamp, at)


def claim_day(session: Session, reader: Reader, day: date) -> bool:
    """Note that somebody's day was looked at; False when another worker did so meanwhile."""
    if reader.seen_on is None:
        return _is_first(session, DigestDay, {"person_id": reader.person_id, "day": day})
    mine = (DigestDay.person_id == reader.person_id, DigestDay.day == reader.seen_on)
    done = session.execute(update(DigestDay).where(*mine).values(day=day))
    return bool(cast("CursorResult[Any]", done).rowcount)


def look_again(session: Session, look: Look) -> None:
    """Note when to look at what a vendor owes again, unless its window was moved meanwhile."""
    waiting = look.waiting
    table: Any = Attestation if waiting.kind is Kind.WORD else Assessment
    unmoved = (
        table.id == waiting.subject_id,
        table.due_on == waiting.window.due_on,
        table.remind_on == waiting.look_on,
    )
    # Past the version: nobody's open page is spoiled by a computed date.
    session.execute(update(table).where(*unmoved).values(remind_on=look.again_on))


def beat(session: Session, *, summary: str, at: datetime, name: str = "worker") -> None:
    """Note that a worker is alive and what its sweep did; of two at once the later one stands."""
    adding = _insert(session, Heartbeat).values(name=name, at=at, summary=summary)
    said = {"at": adding.excluded.at, "summary": adding.excluded.summary}
    session.execute(adding.on_conflict_do_update(index_elements=["name"], set_=said))


def _is_first(session: Session, table: type[Model], row: dict[str, object]) -> bool:
    """Add a row, and say whether it was not there before.

    The row is asked for again: how many were added the drivers do not say alike.
    """
    adding = _insert(session, table)
    added = adding.values(row).on_conflict_do_nothing().returning(*inspect(table).primary_key)
    return session.execute(added).first() is not None


def _insert(session: Session, table: type[Model]) -> postgresql.Insert | sqlite.Insert:
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if is_postgresql else sqlite.insert(table)


def _row(stamp: Stamp, at: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "kind": stamp.kind.value,
        "subject_id": stamp.subject_id,
        "step": stamp.step,
        "due_on": stamp.due_on,
        "stamped_at": at,
        "recipient_id": stamp.recipient_id,
    }


def _note(session: Session, stamp: Stamp, at: datetime) -> None:
    record(
        session,
        at=at,
        actor=SYSTEM,
        action=Action.REMINDER_SEND,
        subject=("vendor", stamp.vendor_id)
        if stamp.vendor_id
        else (stamp.kind.value, stamp.subject_id),
        detail={"step": stamp.step, "due_on": stamp.due_on.isoformat()},
    )
