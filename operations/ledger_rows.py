"""The ledger for a page and a file: names and references joined when shown, never stored."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from accounts.signin import StaffMember
from audit.actions import Action, ActorKind, action_of
from audit.models import Entry
from audit.queries import list_entries
from identity.queries import names_of_actors
from operations.ledger_changes import Change, changes_of, names_in
from operations.ledger_details import details_of
from operations.ledger_subjects import Subject, subjects_of

SIZE = 100
AT_ONCE = 500
Wanted = Sequence[ColumnElement[bool]]
GREATEST = 2**31 - 1
"""The greatest number of an entry: what a column of whole numbers holds on every database."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One entry as a page prints it."""

    seq: int
    at: datetime
    actor: str
    actor_kind: ActorKind
    action: Action | None
    subject: Subject
    ip: str
    changes: tuple[Change, ...]
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Some entries, newest first, and where the older ones begin."""

    rows: tuple[LedgerRow, ...]
    older_than: int | None


def entry_number(text: str | None) -> int | None:
    """Return the number of an entry an address names; None for what no ledger can hold."""
    number = int(text) if text and re.fullmatch(r"[0-9]{1,10}", text) else None
    return number if number is not None and number <= GREATEST else None


def ledger_page(
    session: Session,
    viewer: StaffMember,
    *,
    wanted: Wanted = (),
    before: int | None = None,
    size: int = SIZE,
) -> LedgerPage:
    """Return a page of the ledger with names joined; four statements."""
    entries = list_entries(session, before=before, limit=size + 1, wanted=wanted)
    shown = entries[:size]
    names = names_of_actors(session, {entry.actor_id for entry in shown})
    subjects = subjects_of(session, viewer, shown)
    pointed = names_in(session, viewer.person_id, shown)
    rows = tuple(
        _row(entry, names, subjects.get(entry.subject_id, Subject()), pointed) for entry in shown
    )
    return LedgerPage(rows, shown[-1].seq if len(entries) > size else None)


def _row(
    entry: Entry, names: Mapping[UUID, str], subject: Subject, pointed: Mapping[str, str]
) -> LedgerRow:
    changes = () if subject.is_hidden else changes_of(entry, pointed)
    return LedgerRow(
        seq=entry.seq,
        at=entry.at,
        actor=names.get(entry.actor_id, ""),
        actor_kind=entry.actor_kind,
        action=action_of(entry.action),
        subject=subject,
        ip=entry.ip,
        changes=changes,
        details=()
        if subject.is_hidden
        else details_of(entry.action, entry.detail, has_changes=bool(changes)),
    )


def every_row(session: Session, viewer: StaffMember, wanted: Wanted) -> Iterator[LedgerRow]:
    """Yield all entries that fit, newest first, some hundred read at a time."""
    before: int | None = None
    while True:
        found = ledger_page(session, viewer, wanted=wanted, before=before, size=AT_ONCE)
        yield from found.rows
        session.expunge_all()
        if found.older_than is None:
            return
        before = found.older_than
