"""Reading the ledger."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from audit.models import Entry
from audit.walking import walk


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

    Words that are not those of their entry do not fit either; words that were erased do.
    """
    return walk(session).first_bad
