"""Changing one's own account: the password and the recovery codes, each told by mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from accounts.notices import Change, tell
from audit.actions import Action
from audit.commands import record
from identity import commands as identity
from identity import factors, recovery, sessions, totp
from identity.queries import get_person
from identity.rules import Author


def change_password(  # noqa: PLR0913  every part of the change is named
    session: Session,
    password_hash: str,
    code: str,
    *,
    here: UUID,
    by: Author,
    at: datetime,
    browser: str,
) -> bool:
    """Store a new password, hashed before; every other browser is signed out and a mail says so.

    False for a wrong code of the app, and nothing is changed.
    """
    if not _shows_factor(session, by.person_id, code, at):
        return False
    person = get_person(session, by.person_id)
    identity.set_password_hash(session, person, password_hash, by=by, at=at, keep=here)
    tell(session, person, Change.PASSWORD, browser=browser, at=at)
    return True


def renew_codes(
    session: Session, code: str, *, by: Author, at: datetime, browser: str
) -> list[str] | None:
    """Return new recovery codes; the old ones are dead. None for a wrong code of the app."""
    if not _shows_factor(session, by.person_id, code, at):
        return None
    codes = recovery.issue(session, by.person_id)
    subject = ("person", by.person_id)
    record(session, at=at, actor=by.actor, action=Action.RECOVERY_RENEW, subject=subject)
    person = get_person(session, by.person_id)
    tell(session, person, Change.CODES, browser=browser, at=at)
    return codes


def sign_out_elsewhere(session: Session, *, by: Author, here: UUID, at: datetime) -> int:
    """Sign oneself out of every browser but this one and return how many there were."""
    count = sessions.end_all(session, by.person_id, at, but=here)
    if count:
        subject = ("person", by.person_id)
        record(session, at=at, actor=by.actor, action=Action.SESSION_END, subject=subject)
    return count


def _shows_factor(session: Session, person_id: UUID, code: str, at: datetime) -> bool:
    """Return whether the code of the app is right; who has passkeys only was asked at the door."""
    if totp.is_enrolled(session, person_id):
        return totp.check(session, person_id, code, at=at)
    return factors.has_passkey(session, person_id)
