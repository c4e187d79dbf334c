"""Feeds: calendars a member of staff follows elsewhere, made, renewed and taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Refused
from identity import feed_tokens
from identity.rules import Author

LONGEST_NAME = 100
MOST_FEEDS = 10


@dataclass(frozen=True, slots=True)
class NewFeed:
    """What somebody wants to follow; no kind named is all of them."""

    name: str
    kinds: tuple[str, ...]
    is_own: bool


def issue(session: Session, new: NewFeed, *, by: Author, at: datetime) -> str:
    """Return the secret of a new feed, shown once. Raises Refused for its name or their number."""
    name = " ".join(new.name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(f"Give a name of 1 to {LONGEST_NAME} printable characters.", where="name")
    known = {row.name for row in feed_tokens.feeds_of(session, by.person_id)}
    if name in known:
        raise Refused(
            f"You have a feed called “{name}” already. Choose another name, or give that one a "
            "new address.",
            where="name",
        )
    if len(known) >= MOST_FEEDS:
        raise Refused(f"You have {MOST_FEEDS} feeds. Stop one of them first.", where="name")
    token = feed_tokens.create(
        session, by.person_id, name, _once(new.kinds), is_own=new.is_own, at=at
    )
    _note(session, Action.FEED_CREATE, name, by=by, at=at)
    return token


def renew(session: Session, feed_id: UUID, *, by: Author, at: datetime) -> tuple[str, str]:
    """Give one's feed a new secret; the old one is dead. Return it and the name. Raises Missing."""
    token, name = feed_tokens.renew(session, by.person_id, feed_id, at)
    _note(session, Action.FEED_RENEW, name, by=by, at=at)
    return token, name


def revoke(session: Session, feed_id: UUID, *, by: Author, at: datetime) -> None:
    """Stop one's feed at once. Raises Missing when it is not theirs or was stopped already."""
    name = feed_tokens.revoke(session, by.person_id, feed_id, at)
    _note(session, Action.FEED_REVOKE, name, by=by, at=at)


def _once(kinds: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kinds))


def _note(session: Session, action: Action, name: str, *, by: Author, at: datetime) -> None:
    record(
        session,
        at=at,
        actor=by.actor,
        action=action,
        subject=("person", by.person_id),
        detail={"feed": name},
    )
