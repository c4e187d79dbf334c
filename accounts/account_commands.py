"""Changing one's own account: the password and the recovery codes, each told by mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from identity import commands as identity
from identity import recovery, sessions, totp
from identity.queries import get_person
from identity.rules import Author
from mail.commands import queue
from mail.letters import compose
from organisation.queries import name_of_organisation

PASSWORD, CODES = "password", "recovery codes"


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
    if not totp.check(session, by.person_id, code, at=at):
        return False
    person = get_person(session, by.person_id)
    identity.set_password_hash(session, person, password_hash, by=by, at=at, keep=here)
    _tell(session, by, PASSWORD, browser=browser, at=at)
    return True


def renew_codes(
    session: Session, code: str, *, by: Author, at: datetime, browser: str
) -> list[str] | None:
    """Return new recovery codes; the old ones are dead. None for a wrong code of the app."""
    if not totp.check(session, by.person_id, code, at=at):
        return None
    codes = recovery.issue(session, by.person_id)
    subject = ("person", by.person_id)
    record(session, at=at, actor=by.actor, action=Action.RECOVERY_RENEW, subject=subject)
    _tell(session, by, CODES, browser=browser, at=at)
    return codes


def sign_out_elsewhere(session: Session, *, by: Author, here: UUID, at: datetime) -> int:
    """Sign oneself out of every browser but this one and return how many there were."""
    count = sessions.end_all(session, by.person_id, at, but=here)
    if count:
        subject = ("person", by.person_id)
        record(session, at=at, actor=by.actor, action=Action.SESSION_END, subject=subject)
    return count


def _tell(session: Session, by: Author, what: str, *, browser: str, at: datetime) -> None:
    person = get_person(session, by.person_id)
    text = compose(
        "account_changed",
        org=name_of_organisation(session),
        name=person.name,
        what=what,
        browser=browser,
        at=at,
    )
    key = f"account-changed:{what}:{person.id}:{at.isoformat()}"
    recipient = (person.email, person.name)
    queue(session, dedupe_key=key, kind="account_changed", to=recipient, text=text, at=at)
