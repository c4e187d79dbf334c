"""Reading notes, for us and for the vendor's people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from foundation.errors import Missing
from foundation.paging import SIZE, Page, moment_and_id, page_of
from identity.models import Person
from vendors.inventory_models import Note
from vendors.models import Vendor
from vendors.rules import Visibility


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as lists show it."""

    note_id: UUID
    author_id: UUID
    author: str
    text: str
    visibility: Visibility
    created_at: datetime
    edited_at: datetime | None
    superseded_at: datetime | None
    replaces: bool


@dataclass(frozen=True, slots=True)
class SharedNote:
    """A note as the vendor's people read it: without our names."""

    vendor_name: str
    text: str
    at: datetime


def notes_of(
    session: Session, vendor_id: UUID, cursor: str | None = None, *, size: int = SIZE
) -> Page[NoteRow]:
    """Return one page of a vendor's notes, the newest first; those replaced are among them."""
    chosen: Select[*tuple[Any, ...]] = (
        select(
            Note.id,
            Note.author_id,
            Person.name,
            Note.text,
            Note.visibility,
            Note.created_at,
            Note.edited_at,
            Note.superseded_at,
            Note.supersedes_id.is_not(None),
        )
        .join(Person, Person.id == Note.author_id)
        .where(Note.vendor_id == vendor_id)
        .order_by(Note.created_at.desc(), Note.id.desc())
        .limit(size + 1)
    )
    after = moment_and_id(cursor)
    if after is not None:
        chosen = chosen.where(tuple_(Note.created_at, Note.id) < tuple_(*after))
    rows = [NoteRow(*row) for row in session.execute(chosen)]
    return page_of(rows, lambda row: [row.created_at.isoformat(), str(row.note_id)], size=size)


def get_note(session: Session, vendor_id: UUID, note_id: UUID) -> Note:
    """Return a note on this vendor. Raises Missing."""
    found = session.get(Note, note_id)
    if found is None or found.vendor_id != vendor_id:
        raise Missing
    return found


def shared_notes_of(session: Session, vendor_ids: Iterable[UUID]) -> list[SharedNote]:
    """Return what we share with these vendors' people and did not replace, the newest first."""
    wanted = list(vendor_ids)
    if not wanted:
        return []
    chosen = (
        select(Vendor.name, Note.text, Note.created_at)
        .join(Vendor, Vendor.id == Note.vendor_id)
        .where(
            Note.vendor_id.in_(wanted),
            Note.visibility == Visibility.VENDOR,
            Note.superseded_at.is_(None),
        )
        .order_by(Note.created_at.desc(), Note.id)
        .limit(20)
    )
    return [SharedNote(*row) for row in session.execute(chosen)]
