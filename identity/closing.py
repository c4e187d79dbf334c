"""Closing every way in at once: after a restore nobody knows what was revoked meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Update, update
from sqlalchemy.orm import Session

from identity.models import ApiToken, Challenge, FeedToken, Invitation, WebSession

DOORS = (WebSession, Invitation, ApiToken, FeedToken)
"""Every table with something somebody shows to come in, in the order of `Closed`."""


@dataclass(frozen=True, slots=True)
class Closed:
    """How many of each were open until now."""

    sessions: int
    links: int
    tokens: int
    feeds: int


def close_everything(session: Session, at: datetime) -> Closed:
    """End every session, link, mailed code, API token and feed of everybody."""
    _run(
        session,
        update(Challenge)
        .where(Challenge.used_at.is_(None), Challenge.expires_at > at)
        .values(expires_at=at),
    )
    return Closed(*(_run(session, _revoked(table, at)) for table in DOORS))


def _revoked(table: Any, at: datetime) -> Update:  # noqa: ANN401  a model that can be revoked
    return update(table).where(table.revoked_at.is_(None)).values(revoked_at=at)


def _run(session: Session, change: Update) -> int:
    return int(cast("CursorResult[Any]", session.execute(change)).rowcount)
