"""One's own authenticator app, beside passkeys: begun, confirmed, taken away; each told by mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from accounts.notices import Change, tell
from audit.actions import Action
from audit.commands import record
from foundation.errors import Missing
from identity import factors, renewal, sessions, totp
from identity.queries import get_person
from identity.rules import Author


def begin(session: Session, *, by: Author) -> None:
    """Make a key for an app, confirmed by its first code. Raises Refused where there is an app."""
    totp.begin(session, get_person(session, by.person_id))


def confirm(session: Session, code: str, *, by: Author, browser: str, at: datetime) -> bool:
    """Put the app into force by its first code and tell of it; False for a wrong code."""
    if not totp.confirm(session, code, by=by, at=at):
        return False
    tell(session, get_person(session, by.person_id), Change.APP_ADDED, browser=browser, at=at)
    return True


def remove(session: Session, *, here: UUID, by: Author, browser: str, at: datetime) -> str:
    """Take the app away, sign every other browser out, tell of it; return this one's new token.

    Raises Missing when there is none, Refused for the last second factor.
    """
    if not totp.is_enrolled(session, by.person_id):
        raise Missing
    factors.refuse_last(session, by.person_id)
    totp.remove_app(session, by.person_id)
    sessions.end_all(session, by.person_id, at, but=here)
    subject = ("person", by.person_id)
    record(session, at=at, actor=by.actor, action=Action.TOTP_REMOVE, subject=subject)
    tell(session, get_person(session, by.person_id), Change.APP_REMOVED, browser=browser, at=at)
    return renewal.renew(session, here)
