"""Reading the outbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from foundation import vault
from foundation.errors import Missing
from foundation.paging import SIZE, Page, moment_and_id, page_of
from mail.commands import place_of
from mail.models import Letter
from mail.rules import LetterState


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter as lists show it."""

    letter_id: UUID
    kind: str
    to: str
    to_name: str
    subject: str
    state: LetterState
    attempts: int
    last_error: str
    next_try_at: datetime
    sent_at: datetime | None
    created_at: datetime
    about_id: UUID | None


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """A letter with its text; None once it was sent and wiped."""

    row: LetterRow
    body: str | None


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How many letters are where, and since when the oldest waits."""

    counts: dict[LetterState, int]
    oldest_waiting: datetime | None

    def of(self, state: LetterState) -> int:
        """Return how many letters are in a state."""
        return self.counts.get(state, 0)


def outbox_state(session: Session) -> OutboxState:
    """Return how many letters are in each state. One statement."""
    chosen = select(Letter.state, func.count(), func.min(Letter.created_at)).group_by(Letter.state)
    rows = {row[0]: (row[1], row[2]) for row in session.execute(chosen)}
    waiting = rows.get(LetterState.QUEUED)
    return OutboxState(
        {state: row[0] for state, row in rows.items()}, waiting[1] if waiting else None
    )


def count_to_send_again(session: Session) -> int:
    """Return how many letters failed and can be sent again: one that came back has no text left."""
    failed = (Letter.state == LetterState.FAILED, Letter.body_sealed.is_not(None))
    return session.scalar(select(func.count()).select_from(Letter).where(*failed)) or 0


def oldest_due(session: Session, at: datetime) -> datetime | None:
    """Return since when the longest waiting letter could have been sent, or None."""
    due = (Letter.state == LetterState.QUEUED, Letter.next_try_at <= at)
    return session.scalar(select(func.min(Letter.next_try_at)).where(*due))


def list_letters(
    session: Session,
    cursor: str | None = None,
    *,
    state: LetterState | None = None,
    size: int = SIZE,
) -> Page[LetterRow]:
    """Return a page of letters, the newest first."""
    chosen = _rows().order_by(Letter.created_at.desc(), Letter.id.desc()).limit(size + 1)
    if state is not None:
        chosen = chosen.where(Letter.state == state)
    after = moment_and_id(cursor)
    if after is not None:
        chosen = chosen.where(tuple_(Letter.created_at, Letter.id) < after)
    rows = [_row(found) for found in session.execute(chosen)]
    return page_of(rows, lambda row: [row.created_at.isoformat(), str(row.letter_id)], size=size)


def letters_about(session: Session, dedupe_prefix: str) -> list[LetterRow]:
    """Return the letters whose key starts so, in the order they were written."""
    chosen = _rows().where(Letter.dedupe_key.startswith(dedupe_prefix, autoescape=True))
    return [_row(found) for found in session.execute(chosen.order_by(Letter.created_at, Letter.id))]


def read_letters(
    session: Session, cursor: str | None = None, *, size: int = SIZE
) -> Page[OpenLetter]:
    """Return a page of letters with their texts, the newest first. Two statements."""
    shown = list_letters(session, cursor, size=size)
    wanted = select(Letter.id, Letter.body_sealed).where(
        Letter.id.in_([row.letter_id for row in shown.items])
    )
    bodies = {letter_id: _body(letter_id, sealed) for letter_id, sealed in session.execute(wanted)}
    opened = tuple(OpenLetter(row, bodies[row.letter_id]) for row in shown.items)
    return Page(opened, shown.next_cursor)


def get_letter(session: Session, letter_id: UUID) -> OpenLetter:
    """Return a letter and its text, while there is one. Raises Missing."""
    found = session.execute(_rows().where(Letter.id == letter_id)).first()
    if found is None:
        raise Missing
    sealed = session.scalars(select(Letter.body_sealed).where(Letter.id == letter_id)).one()
    return OpenLetter(_row(found), _body(letter_id, sealed))


def _body(letter_id: UUID, sealed: bytes | None) -> str | None:
    return vault.unseal(sealed, context=place_of(letter_id)).decode() if sealed else None


def _rows() -> Select[*tuple[Any, ...]]:
    return select(
        Letter.id,
        Letter.kind,
        Letter.to_email,
        Letter.to_name,
        Letter.subject,
        Letter.state,
        Letter.attempts,
        Letter.last_error,
        Letter.next_try_at,
        Letter.sent_at,
        Letter.created_at,
        Letter.about_id,
    )


def _row(found: Row[*tuple[Any, ...]]) -> LetterRow:
    return LetterRow(*found)
