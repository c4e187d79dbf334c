"""Tokens for programs: each acts as the person who made it, within a scope, until a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Refused
from identity import api_tokens
from identity.rules import Author, Scope

LONGEST_NAME = 100
LONGEST_LIFE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class NewToken:
    """What somebody wants a token for; it is good through the last day."""

    name: str
    scope: Scope
    last_day: date


def issue(session: Session, new: NewToken, *, today: date, by: Author, at: datetime) -> str:
    """Return a new token of who asks, shown once. Raises Refused for a bad name or last day."""
    name = " ".join(new.name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(f"Give a name of 1 to {LONGEST_NAME} printable characters.", where="name")
    if new.last_day <= today:
        raise Refused("This day is over, or it is today. Choose a later one.", where="last_day")
    if new.last_day - today > LONGEST_LIFE:
        latest = (today + LONGEST_LIFE).isoformat()
        raise Refused(
            f"A token is good for twelve months at most: until {latest}. Make a new one then.",
            where="last_day",
        )
    if name in {one.name for one in api_tokens.live_of(session, by.person_id, at)}:
        raise Refused(
            f"You have a token called “{name}” already. Choose another name, or revoke that one.",
            where="name",
        )
    days = (new.last_day - today).days
    token = api_tokens.create(session, by.person_id, name, new.scope, at, days)
    _note(session, Action.TOKEN_CREATE, by.person_id, name, by=by, at=at)
    return token


def revoke(session: Session, owner_id: UUID, token_id: UUID, *, by: Author, at: datetime) -> None:
    """End a token at once; again changes nothing. Raises Missing when it is not the owner's."""
    name = api_tokens.revoke(session, owner_id, token_id, at)
    if name is not None:
        _note(session, Action.TOKEN_REVOKE, owner_id, name, by=by, at=at)


def _note(
    session: Session, action: Action, owner_id: UUID, name: str, *, by: Author, at: datetime
) -> None:
    subject, detail = ("person", owner_id), {"token": name}
    record(session, at=at, actor=by.actor, action=action, subject=subject, detail={**detail})
