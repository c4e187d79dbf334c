"""Everything about one person, of the staff or of a vendor, for them to take away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from audit.models import Entry
from foundation.db import Model
from identity.models import Person
from identity.queries import get_person
from mail.models import Letter, Stop
from operations.event_scope import may_see
from operations.person_tables import counts_of, is_shown, places, plain, rows_of
from vendors.letter_sight import unknown_to
from vendors.models import Vendor
from vendors.queries import visible_vendors

FORMAT = "duly-person/1"


def data_of(session: Session, viewer_id: UUID, person_id: UUID, at: datetime) -> dict[str, Any]:
    """Return everything that is kept of a person, by table. Raises Missing.

    Left out are secrets (hashes of passwords and links, and what is sealed), and what is about a
    vendor the viewer may not know; how many rows these are is said.
    """
    person = get_person(session, person_id)
    hidden = select(Vendor.id).where(~visible_vendors(viewer_id))
    about = {
        place.table.name: list(rows_of(session, place, person_id, hidden)) for place in places()
    }
    told = sum(map(len, about.values()))
    named = sum(counts_of(session, person_id).values())
    return {
        "format": FORMAT,
        "as_of": at.isoformat(),
        "person": _row(person),
        "records": {name: rows for name, rows in about.items() if rows},
        "rows_left_out": named - told,
        "letters": _letters(session, viewer_id, person.email),
        "letters_not_wanted": sorted(
            session.scalars(select(Stop.kind).where(Stop.email == person.email))
        ),
        "acts": _acts(session, viewer_id, person.actor_id),
    }


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much is kept of a person, counted. The file holds it but for what is left out."""

    records: dict[str, int]
    """By table."""
    left_out: int
    letters: int
    acts: int
    """All entries by them; the file leaves out those about vendors one may not know."""


def numbers_of(
    session: Session, viewer_id: UUID, person: Person, named: Mapping[str, int]
) -> Numbers:
    """Return how much of a person their file would hold, in a few statements however much it is.

    `named` are all rows that name them, by table (`counts_of`).
    """
    hidden = select(Vendor.id).where(~visible_vendors(viewer_id))
    hides = session.scalars(hidden.limit(1)).first() is not None
    told = counts_of(session, person.id, hidden) if hides else dict(named)
    letters = select(func.count()).select_from(Letter).where(Letter.to_email == person.email)
    acts = select(func.count()).select_from(Entry).where(Entry.actor_id == person.actor_id)
    return Numbers(
        records=told,
        left_out=sum(named.values()) - sum(told.values()),
        letters=session.scalar(letters) or 0,
        acts=session.scalar(acts) or 0,
    )


def _acts_seen(viewer_id: UUID, actor_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return Entry.actor_id == actor_id, may_see(viewer_id)


def _row(person: Person) -> dict[str, object]:
    table = Model.metadata.tables[Person.__tablename__]
    columns = [column for column in table.columns if is_shown(column)]
    return {column.name: plain(getattr(person, column.name)) for column in columns}


def _letters(session: Session, viewer_id: UUID, email: str) -> list[dict[str, object]]:
    """Return the letters to an address; a subject that tells of an unknown vendor is left out."""
    chosen = select(Letter).where(Letter.to_email == email).order_by(Letter.created_at)
    unknown = unknown_to(session, viewer_id)
    return [
        {
            "kind": one.kind,
            "subject": None if unknown.is_told_by(one.about_id, "", one.subject) else one.subject,
            "state": one.state.value,
            "written_at": one.created_at.isoformat(),
            "sent_at": one.sent_at.isoformat() if one.sent_at else None,
        }
        for one in session.scalars(chosen)
    ]


def _acts(session: Session, viewer_id: UUID, actor_id: UUID) -> list[dict[str, object]]:
    chosen = select(Entry).where(*_acts_seen(viewer_id, actor_id)).order_by(Entry.seq)
    return [
        {
            "number": one.seq,
            "at": one.at.isoformat(),
            "action": one.action,
            "about": one.subject_kind,
            "about_id": str(one.subject_id),
            "from": one.ip,
            "details": one.detail,
        }
        for one in session.scalars(chosen)
    ]
