"""Passkeys of staff: signing in with one, the first one, more of them, and one less."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from accounts.notices import Change, tell
from accounts.queries import must_use_work_account, place_at_work
from foundation.errors import Missing
from identity import factors, passkeys, recovery, renewal, sessions, totp
from identity.ceremonies import Answer, Unproven
from identity.models import Person
from identity.queries import get_person
from identity.rules import Author, DoorKind, SessionStage


def sign_in(session: Session, answer: Answer, *, at: datetime) -> Person:
    """Return who signs in without a password. Raises Unproven, as for people who left."""
    used = passkeys.use(session, answer, person_id=None, at=at)
    person = get_person(session, used.person_id)
    if person.disabled_at is not None or place_at_work(session, person.id) is None:
        raise Unproven("person", person.id)
    if must_use_work_account(session, person.id):
        raise Unproven("work_account_only", person.id)
    return person


def open_door(session: Session, person_id: UUID, *, at: datetime) -> str:
    """Return the token of somebody whose passkey was password and second factor in one."""
    return sessions.start(session, person_id, door=DoorKind.STAFF, stage=SessionStage.FULL, at=at)


def pass_second_factor(
    session: Session, token: str, answer: Answer, *, person_id: UUID, at: datetime
) -> str:
    """Return the full token for a passkey of somebody who gave their password. Raises Unproven."""
    passkeys.use(session, answer, person_id=person_id, at=at)
    return sessions.promote(session, token, door=DoorKind.STAFF, at=at)


def enrol(
    session: Session, token: str, answer: Answer, *, by: Author, browser: str, at: datetime
) -> tuple[str, list[str]]:
    """Keep somebody's first passkey; return the full token and the recovery codes.

    Raises Missing when there is a second factor already: a password alone adds none.
    """
    if factors.is_enrolled(session, by.person_id):
        raise Missing
    name = browser.partition(" (")[0]  # without the network address
    add(session, answer, name, by=by, browser=browser, at=at)
    totp.forget_pending(session, by.person_id)
    codes = recovery.issue(session, by.person_id)
    return sessions.promote(session, token, door=DoorKind.STAFF, at=at), codes


def add(
    session: Session, answer: Answer, name: str, *, by: Author, browser: str, at: datetime
) -> None:
    """Keep a passkey and tell its person by mail. Raises Unproven, or Refused for its name."""
    made = passkeys.add(session, answer, name, by=by, at=at)
    person = get_person(session, by.person_id)
    tell(session, person, Change.PASSKEY_ADDED, named=made.name, browser=browser, at=at)


def remove(
    session: Session, passkey_id: UUID, *, here: UUID, by: Author, browser: str, at: datetime
) -> str:
    """Take a passkey away, sign every other browser out, tell by mail; return this one's new token.

    Raises Missing for somebody else's, Refused for the last second factor.
    """
    name = passkeys.remove(session, passkey_id, by=by, at=at, needs_factor=True)
    sessions.end_all(session, by.person_id, at, but=here)
    person = get_person(session, by.person_id)
    tell(session, person, Change.PASSKEY_REMOVED, named=name, browser=browser, at=at)
    return renewal.renew(session, here)
