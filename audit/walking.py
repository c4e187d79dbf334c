"""One walk along the ledger: does every link fit, and what was it at which entry."""

import hmac
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit import chain
from audit.commands import chain_key
from audit.models import Entry, Head
from audit.words import COMMITMENT, Spoken, fits

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Point:
    """The ledger up to one entry."""

    seq: int = 0
    mac: bytes = chain.START
    digest: bytes = chain.START


@dataclass(slots=True)
class Walked:
    """What a walk has found; `end` is the newest entry, `first_bad` one that does not fit."""

    end: Point
    count: int = 0
    first_bad: int | None = None
    points: dict[int, Point] = field(default_factory=dict)


def walk(session: Session, since: Point | None = None, wanted: Container[int] = ()) -> Walked:
    """Compute every link after a point anew, and remember the wanted entries.

    A cut tail shows too: the row of the head then names an entry that is not there.
    """
    found = Walked(since or Point())
    while True:
        before = found.end.seq
        _walk_on(session, found, wanted)
        head = session.get(Head, 1, populate_existing=True)
        # Others write meanwhile, and PostgreSQL shows each statement what they committed.
        if head is None or head.seq <= found.end.seq or found.end.seq == before:
            break
    if head is None or (head.seq, head.mac) != (found.end.seq, found.end.mac):
        found.first_bad = found.first_bad or found.end.seq + 1
    return found


def _walk_on(session: Session, found: Walked, wanted: Container[int]) -> None:
    """Compute the links behind where a walk stands, as far as there are any."""
    key = chain_key()
    for entry in _after(session, found.end.seq):
        body, end = body_of(entry), found.end
        is_whole = entry.seq == end.seq + 1 and _has_its_words(entry)
        if not is_whole or not hmac.compare_digest(
            chain.link(key, end.mac, entry.seq, body), entry.mac
        ):
            found.first_bad = found.first_bad or end.seq + 1
        digest = chain.extended(end.digest, chain.exported(entry.seq, body, entry.mac))
        found.end = Point(entry.seq, entry.mac, digest)
        found.count += 1
        if entry.seq in wanted:
            found.points[entry.seq] = found.end


def export_lines(session: Session, until: int) -> Iterator[bytes]:
    """Yield the entries up to a number, oldest first, as lines for others."""
    for entry in _after(session, 0):
        if entry.seq > until:
            return
        yield chain.exported(entry.seq, body_of(entry), entry.mac)


def _after(session: Session, seq: int) -> Iterator[Entry]:
    chosen = select(Entry).where(Entry.seq > seq).order_by(Entry.seq)
    for part in session.scalars(chosen.execution_options(yield_per=AT_ONCE)).partitions():
        yield from part
        for entry in part:
            session.expunge(entry)


def _has_its_words(entry: Entry) -> bool:
    kept = entry.words
    if kept is None:
        return COMMITMENT not in entry.chained
    if kept.words is None or kept.salt is None:
        return COMMITMENT in entry.chained
    return fits(entry.chained, Spoken(kept.words, kept.salt))


def body_of(entry: Entry) -> chain.Body:
    """Return the content of a row in the form its code was computed over."""
    return chain.Body(
        at=entry.at,
        actor_kind=entry.actor_kind.value,
        actor_id=entry.actor_id,
        on_behalf_id=entry.on_behalf_id,
        request_id=entry.request_id,
        ip=entry.ip,
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        detail=entry.chained,
    )
