"""Secret addresses of calendars: each reads what its person may see, until it is taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from foundation.errors import Missing
from foundation.ids import new_id
from identity.models import FeedToken, Person
from identity.tokens import LONGEST, hash_of, new_token

USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed as its page shows it: never its address."""

    feed_id: UUID
    name: str
    is_own: bool
    kinds: tuple[str, ...]
    created_at: datetime
    renewed_at: datetime | None
    last_used_at: datetime | None


def create(
    session: Session,
    person_id: UUID,
    name: str,
    kinds: Iterable[str],
    *,
    is_own: bool,
    at: datetime,
) -> str:
    """Return the secret of a new feed, shown once; only its hash is kept."""
    token = new_token()
    session.add(
        FeedToken(
            id=new_id(),
            person_id=person_id,
            name=name,
            token_hash=hash_of(token),
            is_own=is_own,
            kinds=list(kinds),
            created_at=at,
        )
    )
    session.flush()
    return token


def find(session: Session, token: str) -> tuple[FeedToken, Person] | None:
    """Return the feed of a secret and whose it is, or None: taken back and unknown are alike."""
    if not token or len(token) > LONGEST:
        return None
    live = (
        select(FeedToken, Person)
        .join(Person, Person.id == FeedToken.person_id)
        .where(
            FeedToken.token_hash == hash_of(token),
            FeedToken.revoked_at.is_(None),
            Person.disabled_at.is_(None),
            Person.erased_at.is_(None),
        )
    )
    found = session.execute(live).first()
    return None if found is None else (found[0], found[1])


def feeds_of(session: Session, person_id: UUID) -> list[FeedRow]:
    """Return the feeds of a person that work, the newest first."""
    chosen = select(FeedToken).where(
        FeedToken.person_id == person_id, FeedToken.revoked_at.is_(None)
    )
    rows = session.scalars(chosen.order_by(FeedToken.created_at.desc(), FeedToken.id))
    return [
        FeedRow(
            feed_id=row.id,
            name=row.name,
            is_own=row.is_own,
            kinds=tuple(row.kinds),
            created_at=row.created_at,
            renewed_at=row.renewed_at,
            last_used_at=row.last_used_at,
        )
        for row in rows
    ]


def renew(session: Session, person_id: UUID, feed_id: UUID, at: datetime) -> tuple[str, str]:
    """Give a feed another secret, at once the only one; return the secret and the feed's name.

    Raises Missing when it is not theirs or was taken back.
    """
    feed, token = _get(session, person_id, feed_id), new_token()
    feed.token_hash, feed.renewed_at, feed.last_used_at = hash_of(token), at, None
    session.flush()
    return token, feed.name


def revoke(session: Session, person_id: UUID, feed_id: UUID, at: datetime) -> str:
    """Take a feed back at once and return its name. Raises Missing when it is not theirs."""
    feed = _get(session, person_id, feed_id)
    feed.revoked_at = at
    session.flush()
    return feed.name


def revoke_all(session: Session, person_id: UUID, at: datetime) -> None:
    """Take every feed of a person back."""
    live = (FeedToken.person_id == person_id, FeedToken.revoked_at.is_(None))
    session.execute(update(FeedToken).where(*live).values(revoked_at=at))


def touch(session: Session, feed_id: UUID, at: datetime) -> None:
    """Note that a feed was read; at most once a minute."""
    is_stale = or_(FeedToken.last_used_at.is_(None), FeedToken.last_used_at < at - USED_EVERY)
    session.execute(
        update(FeedToken).where(FeedToken.id == feed_id, is_stale).values(last_used_at=at)
    )


def _get(session: Session, person_id: UUID, feed_id: UUID) -> FeedToken:
    mine = (FeedToken.id == feed_id, FeedToken.person_id == person_id)
    found = session.scalars(select(FeedToken).where(*mine, FeedToken.revoked_at.is_(None))).first()
    if found is None:
        raise Missing
    return found
