"""Reading the ledger."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from audit import chain
from audit.commands import chain_key
from audit.models import Entry, Head
from audit.words import COMMITMENT, Spoken, fits


def entries_of(session: Session, subject: tuple[str, UUID], *, limit: int = 100) -> list[Entry]:
    """Return the newest entries about one subject, newest first."""
    kind, subject_id = subject
    chosen = (
        select(Entry)
        .where(Entry.subject_kind == kind, Entry.subject_id == subject_id)
        .order_by(Entry.seq.desc())
        .limit(limit)
    )
    return list(session.scalars(chosen))


def list_entries(
    session: Session,
    *,
    before: int | None,
    limit: int,
    wanted: Iterable[ColumnElement[bool]] = (),
) -> list[Entry]:
    """Return entries that fulfil all conditions, newest first, below a sequence number."""
    chosen = select(Entry).where(*wanted).order_by(Entry.seq.desc()).limit(limit)
    if before is not None:
        chosen = chosen.where(Entry.seq < before)
    return list(session.scalars(chosen))


def count_entries(session: Session) -> int:
    """Return how many entries the ledger holds."""
    return session.scalar(select(func.count()).select_from(Entry)) or 0


def first_bad_entry(session: Session) -> int | None:
    """Return the number of the first entry that does not fit the chain, or None.

    A cut tail shows too: the head then names an entry that is not there. So do words that are not
    those of their entry; words that were erased do not.
    """
    bad = chain.first_bad(chain_key(), _links(session))
    if bad is not None:
        return bad
    head = session.get(Head, 1)
    newest = session.scalars(select(Entry).order_by(Entry.seq.desc()).limit(1)).first()
    last_seq, last_mac = (newest.seq, newest.mac) if newest else (0, chain.START)
    if head is None or (head.seq, head.mac) != (last_seq, last_mac):
        return last_seq + 1
    return None


def _links(session: Session) -> Iterator[tuple[int, chain.Body, bytes]]:
    for entry in session.scalars(
        select(Entry).order_by(Entry.seq).execution_options(yield_per=500)
    ):
        yield entry.seq, body_of(entry), entry.mac if _has_its_words(entry) else b""


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
