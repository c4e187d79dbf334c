"""Alarms of the staff door: whose account is tried hears of it, and administrators of floods."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import RoleGrant, Staff
from accounts.notices import write
from accounts.places import here_in_words
from accounts.rules import Role
from audit.actions import SYSTEM, Action
from audit.commands import record
from foundation import request_facts
from identity import limits
from identity.models import Person
from identity.queries import get_person

A_DAY = timedelta(days=1)
WRONG_A_DAY = 5
"""Wrong tries in a day of which nobody is told: people mistype."""
SUSPICIOUS = 3
"""After so many wrong tries somebody who got in is told that they did."""
NOBODY = UUID(int=0)


def note_wrong(session: Session, address: str, person_id: UUID | None, *, at: datetime) -> None:
    """Count a wrong try on an account; whose it is hears of many, once a day.

    An address nobody has is counted alike, so that it takes as long.
    """
    key = _key(person_id) if person_id else f"wrong|{address}"
    is_usual = limits.take(session, key, capacity=WRONG_A_DAY, per=A_DAY)
    if is_usual or person_id is None:
        return
    if limits.take(session, f"told-wrong|{person_id}", capacity=1, per=A_DAY):
        _tell(session, get_person(session, person_id), is_in=False, at=at)


def note_success(session: Session, person_id: UUID, *, at: datetime) -> None:
    """Begin counting anew; after several wrong tries whose account it is hears of the right one."""
    n_wrong = limits.used(session, _key(person_id), capacity=WRONG_A_DAY, per=A_DAY)
    if not n_wrong:
        return
    limits.forget(session, _key(person_id))
    if n_wrong >= SUSPICIOUS:
        _tell(session, get_person(session, person_id), is_in=True, at=at)


def note_flood(session: Session, limit: str, *, at: datetime, per: timedelta) -> None:
    """Keep in the ledger that a limit for many people is reached, and tell administrators.

    The entry is made once in each window and place, the letter once a day.
    """
    place = request_facts.place()
    if not limits.take(session, f"flood|{limit}|{place}", capacity=1, per=per):
        return
    record(
        session,
        at=at,
        actor=SYSTEM,
        action=Action.SIGN_IN_LIMITED,
        subject=("person", NOBODY),
        detail={"limit": limit},
    )
    if limits.take(session, "told-flood", capacity=1, per=A_DAY):
        for person in _administrators(session):
            _tell_flood(session, person, place=place, at=at)


def _key(person_id: UUID) -> str:
    return f"wrong|{person_id}"


def _tell(session: Session, person: Person, *, is_in: bool, at: datetime) -> None:
    key = f"sign-in-tries:{is_in}:{person.id}:{at.isoformat()}"
    write(session, person, "sign_in_tries", key, at=at, is_in=is_in, browser=here_in_words())


def _tell_flood(session: Session, person: Person, *, place: str, at: datetime) -> None:
    key = f"sign-in-flood:{person.id}:{at.isoformat()}"
    write(session, person, "sign_in_flood", key, at=at, place=place)


def _administrators(session: Session) -> list[Person]:
    chosen = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Staff, Staff.person_id == Person.id)
        .where(
            RoleGrant.role == Role.ADMINISTRATOR,
            Person.disabled_at.is_(None),
            Staff.left_at.is_(None),
        )
    )
    return list(session.scalars(chosen))
