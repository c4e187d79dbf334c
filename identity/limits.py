"""Limits: token buckets in the database, shared by all workers, surviving a restart."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from foundation import clock
from identity.models import TryCounter
from identity.tokens import hash_of


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one try left of a bucket; `wait` is the seconds until there is one more."""

    is_allowed: bool
    capacity: int
    left: int
    wait: int


def take(
    session: Session, key: str, *, capacity: int, per: timedelta, at: datetime | None = None
) -> bool:
    """Count one try against a bucket and return whether it was still allowed.

    The bucket holds `capacity` tries and refills evenly over `per`; nothing is locked for good.
    Call it in a side_write(), before whatever the try is about is checked.
    """
    return spend(session, key, capacity=capacity, per=per, at=at).is_allowed


def spend(
    session: Session, key: str, *, capacity: int, per: timedelta, at: datetime | None = None
) -> Allowance:
    """Count one try against a bucket, as `take` does, and say what is left of it."""
    at = at or clock.now()
    counter = _locked(session, hash_of(key), capacity, at)
    passed = max((at - counter.updated_at).total_seconds(), 0.0)
    pace = capacity / per.total_seconds()
    tokens = min(float(capacity), counter.tokens + passed * pace)
    is_allowed = tokens >= 1.0
    counter.tokens = tokens - 1.0 if is_allowed else tokens
    counter.updated_at = at
    session.flush()
    missing = max(1.0 - counter.tokens, 0.0)
    return Allowance(is_allowed, capacity, int(counter.tokens), math.ceil(missing / pace))


def used(session: Session, key: str, *, capacity: int, per: timedelta) -> int:
    """Return how many tries a bucket lacks now, without counting one."""
    counter = session.get(TryCounter, hash_of(key), populate_existing=True)
    if counter is None:
        return 0
    passed = max((clock.now() - counter.updated_at).total_seconds(), 0.0)
    return math.ceil(capacity - counter.tokens - passed * capacity / per.total_seconds())


def forget(session: Session, key: str) -> None:
    """Make a bucket as full as a new one."""
    session.execute(delete(TryCounter).where(TryCounter.key == hash_of(key)))


def forget_before(session: Session, moment: datetime) -> int:
    """Remove buckets nobody touched since a moment and return how many."""
    removed = session.execute(delete(TryCounter).where(TryCounter.updated_at < moment))
    return int(removed.rowcount)  # type: ignore[attr-defined]


def _locked(session: Session, key: str, capacity: int, at: datetime) -> TryCounter:
    """Return the bucket, full when new, and ours alone until the transaction ends."""
    values = {"key": key, "tokens": float(capacity), "updated_at": at}
    if session.get_bind().dialect.name == "postgresql":
        session.execute(postgresql.insert(TryCounter).values(values).on_conflict_do_nothing())
    else:
        session.execute(sqlite.insert(TryCounter).values(values).on_conflict_do_nothing())
    mine = select(TryCounter).where(TryCounter.key == key).with_for_update()
    return session.scalars(mine.execution_options(populate_existing=True)).one()
