"""The feed door: a calendar program with a secret address, and nothing else behind it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from flask import g, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from accounts.permissions import Permission, grants_of
from accounts.queries import place_at_work
from accounts.rules import Role
from foundation import clock, request_facts
from foundation.db import side_write
from foundation.error_pages import answer
from foundation.errors import Missing
from foundation.web import Door, House, Plate, View, declare
from identity import feed_tokens, limits
from organisation.queries import zone_as_known
from reports.dates.row import DateKind, kinds_for

PREFIX = "/calendar/feed/"
HOUR = timedelta(hours=1)
READS = 60
"""Of one feed in an hour: a phone, a computer and a colleague's that ask every five minutes."""
MISSES = 60
"""Of one network address in an hour: addresses that lead nowhere."""
TOO_OFTEN = "This calendar was asked for too often. It answers again within the hour."


@dataclass(frozen=True, slots=True)
class FeedReader:
    """A program that reads a feed in the name of a member of staff."""

    person_id: UUID
    roles: frozenset[Role]
    feed_id: UUID
    name: str
    is_own: bool
    chosen: frozenset[str]
    last_used_at: datetime | None

    def may(self, permission: Permission) -> bool:
        """Return whether one of the roles its person holds today grants this."""
        return permission in grants_of(self.roles)

    @property
    def kinds(self) -> frozenset[DateKind]:
        """The kinds of dates to tell: those chosen, as far as the roles of today reach."""
        allowed = kinds_for(self.may)
        return frozenset(k for k in allowed if k.value in self.chosen) if self.chosen else allowed


def install(app: House) -> None:
    """Hang the feed door on the house. It knows no cookies and no forms."""
    app.hang(Door(PREFIX, authenticate, has_cookies=False, after=count))


def authenticate(reading: Session) -> FeedReader | None:
    """Read the secret; unknown, taken back and of somebody who left look the same."""
    found = feed_tokens.find(reading, (request.view_args or {}).get("token", ""))
    place = place_at_work(reading, found[1].id) if found else None
    if found is None or place is None:
        return None
    feed, person = found
    g.time_zone, g.known_at_the_door = person.time_zone, zone_as_known(place[2])
    return FeedReader(
        person_id=person.id,
        roles=place[0],
        feed_id=feed.id,
        name=feed.name,
        is_own=feed.is_own,
        chosen=frozenset(feed.kinds),
        last_used_at=feed.last_used_at,
    )


def count() -> None:
    """Count the call before it is answered, and note that the feed was read."""
    reader, at = g.visitor, clock.now()
    key = f"feed|{reader.feed_id}" if reader else f"feed-miss|{request_facts.place()}"
    with side_write() as apart:
        most = READS if reader else MISSES
        g.may_read_feed = limits.take(apart, key, capacity=most, per=HOUR)
        if reader and g.may_read_feed:
            feed_tokens.touch(apart, reader.feed_id, at)


def feed_only(view: View) -> View:
    """Demand the secret address of a feed that is in force."""
    return declare(view, Plate("feed", _check))


def reader() -> FeedReader:
    """Return who reads. Raises Missing when nobody does."""
    if not isinstance(g.get("visitor"), FeedReader):
        raise Missing
    return cast("FeedReader", g.visitor)


def _check() -> ResponseReturnValue | None:
    if not g.may_read_feed:
        reply = make_response(answer(429, TOO_OFTEN))
        reply.headers["Retry-After"] = str(int(HOUR.total_seconds()))
        return reply
    reader()
    return None
