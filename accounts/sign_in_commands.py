"""Signing in, step by step: each step has a new token."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from accounts.alarms import NOBODY
from audit.actions import SYSTEM, Action
from audit.commands import record
from foundation.errors import Missing
from identity import commands as identity
from identity import invitations, recovery, sessions, totp
from identity.models import Invitation
from identity.queries import author_of, get_person
from identity.rules import Author, DoorKind, SessionStage


def open_half_way(session: Session, person_id: UUID, *, at: datetime) -> tuple[str, bool]:
    """Note a right password; return the half-way token and whether a second factor exists."""
    token = sessions.start(
        session, person_id, door=DoorKind.STAFF, stage=SessionStage.PASSWORD, at=at
    )
    is_enrolled = totp.is_enrolled(session, person_id)
    if not is_enrolled:
        totp.begin(session, get_person(session, person_id))
    return token, is_enrolled


def pass_second_factor(
    session: Session, token: str, code: str, *, person_id: UUID, at: datetime
) -> str | None:
    """Return the full token for a right code of the app or a recovery code, else None."""
    is_right = totp.check(session, person_id, code, at=at)
    if not is_right and not recovery.use(session, person_id, code, at=at):
        return None
    return sessions.promote(session, token, door=DoorKind.STAFF, at=at)


def enrol(
    session: Session, token: str, code: str, *, by: Author, at: datetime
) -> tuple[str, list[str]] | None:
    """Confirm a new app; return the full token and the recovery codes, or None for a wrong code."""
    if not totp.confirm(session, code, by=by, at=at):
        return None
    codes = recovery.issue(session, by.person_id)
    return sessions.promote(session, token, door=DoorKind.STAFF, at=at), codes


def set_password(
    session: Session, invitation: Invitation, password_hash: str, *, at: datetime
) -> None:
    """Spend the link and store the password, hashed before. Raises Missing when it was spent."""
    if not invitations.use(session, invitation, at):
        raise Missing
    person = get_person(session, invitation.person_id)
    by = author_of(session, person.id)
    identity.set_password_hash(session, person, password_hash, by=by, at=at)


def note_failure(session: Session, person_id: UUID | None, step: str, *, at: datetime) -> None:
    """Keep a failed try in the ledger; an unknown address leaves the same trace, without a name."""
    record(
        session,
        at=at,
        actor=SYSTEM,
        action=Action.SIGN_IN_FAILED,
        subject=("person", person_id or NOBODY),
        detail={"step": step},
    )
