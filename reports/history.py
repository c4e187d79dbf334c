"""A vendor's history from the ledger: what was done, by whom, in words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Action
from audit.models import Entry
from identity.models import Person

MOST_READ = 100
MOST_SHOWN = 25
PASSED_OVER = frozenset({Action.ASSESSMENT_ANSWER, Action.ACCESS_DENIED})
"""Too many to read here; the ledger has them."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened."""

    at: datetime
    action: Action
    by: str
    times: int = 1


def history_of(
    session: Session, subjects: Iterable[UUID], *, owner_id: UUID
) -> tuple[list[Told], str]:
    """Return the newest entries about these subjects, and the owner's name; two statements."""
    chosen = (
        select(Entry.at, Entry.action, Entry.actor_id)
        .where(
            Entry.subject_id.in_(list(subjects)),
            Entry.action.not_in([action.value for action in PASSED_OVER]),
        )
        .order_by(Entry.seq.desc())
        .limit(MOST_READ)
    )
    found = [(at, action, actor_id) for at, action, actor_id in session.execute(chosen)]
    actors = {actor_id for _, _, actor_id in found}
    named = select(Person.id, Person.actor_id, Person.name).where(
        (Person.id == owner_id) | Person.actor_id.in_(actors)
    )
    people = session.execute(named).all()
    names = {actor_id: name for _, actor_id, name in people} | {SYSTEM.id: "Duly"}
    owner = next((name for person_id, _, name in people if person_id == owner_id), "")
    known = {action.value for action in Action}
    told = [
        Told(at, Action(action), names.get(actor_id, ""))
        for at, action, actor_id in found
        if action in known
    ]
    return _gathered(told)[:MOST_SHOWN], owner


def _gathered(told: list[Told]) -> list[Told]:
    """Make one line of the same act by the same person, done again and again."""
    found: list[Told] = []
    for one in told:
        last = found[-1] if found else None
        if last is not None and (last.action, last.by) == (one.action, one.by):
            found[-1] = replace(last, times=last.times + 1)
        else:
            found.append(one)
    return found
