"""Bearer tokens of staff, with a scope and an end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from foundation.errors import Missing
from foundation.ids import new_id
from identity.models import ApiToken, Person
from identity.rules import Scope
from identity.tokens import LONGEST, hash_of, new_token

PREFIX = "duly_"
"""Lets a scanner of leaked secrets recognise it."""
USED_EVERY = timedelta(minutes=1)
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as lists show it: never the token itself."""

    token_id: UUID
    person_id: UUID
    owner: str
    name: str
    scope: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None

    def is_live(self, at: datetime) -> bool:
        """Return whether it works at a moment."""
        return self.revoked_at is None and self.expires_at > at


def create(
    session: Session, person_id: UUID, name: str, scope: Scope, at: datetime, days: int
) -> str:
    """Return a new token, shown once; only its hash is kept."""
    token = PREFIX + new_token()
    session.add(
        ApiToken(
            id=new_id(),
            person_id=person_id,
            name=name,
            token_hash=hash_of(token),
            scope=scope.value,
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
    )
    session.flush()
    return token


def find(session: Session, token: str, at: datetime) -> ApiToken | None:
    """Return the live token, or None: ended, revoked and unknown look the same."""
    if not token.startswith(PREFIX) or len(token) > LONGEST:
        return None
    live = (
        select(ApiToken)
        .join(Person, Person.id == ApiToken.person_id)
        .where(
            ApiToken.token_hash == hash_of(token),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > at,
            Person.disabled_at.is_(None),
        )
    )
    return session.scalars(live).first()


def touch(session: Session, token_id: UUID, at: datetime) -> None:
    """Note that a token was used; at most once a minute."""
    is_stale = or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at < at - USED_EVERY)
    session.execute(
        update(ApiToken).where(ApiToken.id == token_id, is_stale).values(last_used_at=at)
    )


def live_of(session: Session, person_id: UUID, at: datetime) -> list[TokenRow]:
    """Return the tokens of a person that work, the newest first."""
    return [row for row in list_tokens(session, person_id) if row.is_live(at)]


def list_tokens(session: Session, person_id: UUID | None = None) -> list[TokenRow]:
    """Return the tokens of one person or of all, the newest first; the tokens themselves never."""
    chosen = (
        select(
            ApiToken.id,
            ApiToken.person_id,
            Person.name,
            ApiToken.name,
            ApiToken.scope,
            ApiToken.created_at,
            ApiToken.expires_at,
            ApiToken.revoked_at,
            ApiToken.last_used_at,
        )
        .join(Person, Person.id == ApiToken.person_id)
        .order_by(ApiToken.created_at.desc(), ApiToken.id)
    )
    if person_id is not None:
        chosen = chosen.where(ApiToken.person_id == person_id)
    return [TokenRow(*row) for row in session.execute(chosen.limit(MOST_SHOWN))]


def revoke(session: Session, person_id: UUID, token_id: UUID, at: datetime) -> str | None:
    """End a token at once; return its name, or None when it had ended by hand already.

    Raises Missing when it is not theirs.
    """
    mine = (ApiToken.id == token_id, ApiToken.person_id == person_id)
    found = session.scalars(select(ApiToken).where(*mine)).first()
    if found is None:
        raise Missing
    if found.revoked_at is not None:
        return None
    found.revoked_at = at
    session.flush()
    return found.name


def revoke_all(session: Session, person_id: UUID, at: datetime) -> None:
    """End every token of a person."""
    live = (ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
    session.execute(update(ApiToken).where(*live).values(revoked_at=at))
