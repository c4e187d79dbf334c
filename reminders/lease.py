"""One sweep at a time: a lease that ends by itself, and a fence against whoever froze with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from foundation.db import Database
from mail.rules import CLOCKS_APART, LEASE
from reminders.models import SweepLease

NAME = "sweep"
WAITS = "SET LOCAL lock_timeout = '10s'"
"""A worker that froze inside a transaction holds its rows; nobody waits for it for long."""


class LeaseLost(Exception):  # noqa: N818 - it names what happened
    """Another worker took the sweep over while this one was away."""


def take(database: Database, at: datetime) -> int | None:
    """Take the sweep and return the fence number, or None while another worker has it.

    A lease from the future was taken by a clock that was ahead: it holds nobody back.
    """
    with database.writing() as session:
        is_postgresql = session.get_bind().dialect.name == "postgresql"
        adding = postgresql.insert(SweepLease) if is_postgresql else sqlite.insert(SweepLease)
        first = {"name": NAME, "fence": 0, "taken_at": at, "leased_until": at}
        session.execute(adding.values(first).on_conflict_do_nothing())
        is_free = or_(SweepLease.leased_until <= at, SweepLease.taken_at > at + CLOCKS_APART)
        values = {"fence": SweepLease.fence + 1, "taken_at": at, "leased_until": at + LEASE}
        taking = update(SweepLease).where(SweepLease.name == NAME, is_free).values(**values)
        return session.scalars(taking.returning(SweepLease.fence)).first()


def give_back(database: Database, fence: int, at: datetime) -> None:
    """End the lease, unless another worker has it by now."""
    with database.writing() as session:
        mine = (SweepLease.name == NAME, SweepLease.fence == fence)
        session.execute(update(SweepLease).where(*mine).values(leased_until=at))


@contextmanager
def writing(database: Database, fence: int) -> Iterator[Session]:
    """Write in one transaction while the fence still holds. Raises LeaseLost."""
    with database.writing() as session:
        if not database.is_sqlite:
            session.execute(text(WAITS))
        held = select(SweepLease.fence).where(SweepLease.name == NAME)
        if session.scalars(held.with_for_update(read=True)).first() != fence:
            raise LeaseLost
        yield session
