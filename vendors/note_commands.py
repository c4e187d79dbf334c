"""Notes on a vendor: writing, changing within a day, and taking the place of an older one."""

from datetime import datetime

from sqlalchemy.orm import Session

from audit.actions import Action
from foundation.db import lock_row
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from identity.rules import Author
from vendors.inventory_models import Note
from vendors.models import Vendor
from vendors.note_rules import may_change
from vendors.noting import note_vendor
from vendors.rules import Visibility
from vendors.wording import checked_text

TOO_LATE = (
    "A note is changed or deleted by whoever wrote it, within 24 hours. "
    "Write a new one in its place: both are kept."
)


def add_note(  # noqa: PLR0913  every part of a note is named
    session: Session,
    vendor: Vendor,
    text: str,
    visibility: Visibility,
    *,
    by: Author,
    at: datetime,
    instead_of: Note | None = None,
) -> Note:
    """Write a note; one that takes the place of an older one hides it behind itself.

    Raises Refused for an empty text, Conflict when the older one was replaced already.
    """
    if instead_of is not None:
        if instead_of.superseded_at is not None:
            raise Conflict(
                "Another note took its place already. Yours is still in the form: copy it, and "
                "write it in the place of the newer one or beside it."
            )
        instead_of.superseded_at = at
    note = Note(
        id=new_id(),
        vendor_id=vendor.id,
        author_id=by.person_id,
        text=_checked(text),
        visibility=visibility,
        created_at=at,
        supersedes_id=instead_of.id if instead_of else None,
    )
    session.add(note)
    session.flush()
    _note(session, Action.NOTE_ADD, note, by=by, at=at)
    return note


def edit_note(  # noqa: PLR0913  every part of a note is named
    session: Session,
    note: Note,
    text: str,
    visibility: Visibility,
    *,
    version: int,
    by: Author,
    at: datetime,
) -> None:
    """Change a note. Raises Refused for somebody else's or an older one, Conflict when late."""
    _refuse_late(note, by=by, at=at)
    lock_row(note)
    if version != note.version:
        raise Conflict(
            "This note was changed in another window. What is stored now stands above, yours is "
            "still in the form: compare them and save again."
        )
    note.text, note.visibility, note.edited_at = _checked(text), visibility, at
    session.flush()
    _note(session, Action.NOTE_EDIT, note, by=by, at=at)


def remove_note(session: Session, note: Note, *, by: Author, at: datetime) -> None:
    """Delete a note as if it had not been written; what it had replaced comes back."""
    _refuse_late(note, by=by, at=at)
    before = session.get(Note, note.supersedes_id) if note.supersedes_id else None
    if before is not None:  # an import that was taken back took its notes along
        before.superseded_at = None
    session.delete(note)
    session.flush()
    _note(session, Action.NOTE_REMOVE, note, by=by, at=at)


def _refuse_late(note: Note, *, by: Author, at: datetime) -> None:
    is_open = may_change(
        author_id=note.author_id, viewer_id=by.person_id, written_at=note.created_at, at=at
    )
    if not is_open or note.superseded_at is not None:
        raise Refused(TOO_LATE)


def _checked(text: str) -> str:
    kept = checked_text(text, what="The note")
    if not kept:
        raise Refused("Write the note.", where="text")
    return kept


def _note(session: Session, action: Action, note: Note, *, by: Author, at: datetime) -> None:
    told = {"note": str(note.id), "visibility": note.visibility.value}
    note_vendor(session, action, note.vendor_id, by=by, at=at, **told)
