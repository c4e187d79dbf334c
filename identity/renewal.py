"""Renewing a session: a new token for the same browser, and a proof of who sits there."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Missing
from identity.models import WebSession
from identity.rules import Author, DoorKind, SessionStage
from identity.tokens import hash_of, new_token

GONE = "Your session ended in this moment. Sign in again."


def renew(session: Session, session_id: UUID) -> str:
    """Return a new token for a signed-in browser; every copy of the old one is dead.

    Raises Missing when the session is gone.
    """
    return _renew(session, session_id, {})


def prove_again(session: Session, session_id: UUID, *, by: Author, at: datetime) -> str:
    """Note that somebody proved again who they are; return a new token, as `renew` does."""
    token = _renew(session, session_id, {"authenticated_at": at})
    subject = ("web_session", session_id)
    record(session, at=at, actor=by.actor, action=Action.SESSION_AGAIN, subject=subject)
    return token


def was_here(session: Session, person_id: UUID, door: DoorKind) -> bool:
    """Return whether a person has ever been signed in at a door."""
    mine = (
        WebSession.person_id == person_id,
        WebSession.door == door,
        WebSession.stage == SessionStage.FULL,
    )
    return session.scalars(select(WebSession.id).where(*mine).limit(1)).first() is not None


def _renew(session: Session, session_id: UUID, more: dict[str, datetime]) -> str:
    fresh = new_token()
    live = (
        WebSession.id == session_id,
        WebSession.stage == SessionStage.FULL,
        WebSession.revoked_at.is_(None),
    )
    renewed = update(WebSession).where(*live).values(token_hash=hash_of(fresh), **more)
    if cast("CursorResult[Any]", session.execute(renewed)).rowcount != 1:
        raise Missing(GONE)
    return fresh
