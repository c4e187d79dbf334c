"""Bearer tokens of staff, with a scope and an end."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from foundation.errors import Missing
from foundation.ids import new_id
from identity.models import ApiToken, Person
from identity.rules import Scope
from identity.tokens import LONGEST, hash_of, new_token

PREFIX = "duly_"
"""Lets a scanner of leaked secrets recognise it."""


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


def revoke(session: Session, person_id: UUID, token_id: UUID, at: datetime) -> None:
    """End a token at once. Raises Missing when it is not theirs."""
    mine = (ApiToken.id == token_id, ApiToken.person_id == person_id)
    found = session.scalars(select(ApiToken).where(*mine)).first()
    if found is None:
        raise Missing
    found.revoked_at = found.revoked_at or at
    session.flush()


def revoke_all(session: Session, person_id: UUID, at: datetime) -> None:
    """End every token of a person."""
    live = (ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
    session.execute(update(ApiToken).where(*live).values(revoked_at=at))
