"""Pages of notes: what we wrote down about a vendor, and what of it the vendor reads."""

from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from vendors.inventory_models import Note
from vendors.models import Vendor
from vendors.note_commands import add_note, edit_note, remove_note
from vendors.note_forms import NoteForm
from vendors.note_queries import get_note, notes_of
from vendors.note_rules import may_change
from vendors.queries import get_vendor
from vendors.rules import Visibility
from vendors.views import bp


@bp.get("/vendors/<uuid:vendor_id>/notes")
@requires(Permission.VENDOR_READ)
def notes(vendor_id: UUID) -> ResponseReturnValue:
    """Show the notes on a vendor."""
    return _notes_page(get_vendor(session(), me().person_id, vendor_id), NoteForm())


@bp.post("/vendors/<uuid:vendor_id>/notes")
@requires(Permission.VENDOR_EDIT)
def write_note(vendor_id: UUID) -> ResponseReturnValue:
    """Write a note."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = NoteForm(request.form)
    if not form.validate():
        return _notes_page(vendor, form), 422
    seen_by = Visibility(form.visibility.data)
    add_note(session(), vendor, form.text.data or "", seen_by, by=me().author, at=clock.now())
    flash(_said(seen_by), "ok")
    return redirect_to("vendors.notes", vendor_id=vendor_id)


@bp.get("/vendors/<uuid:vendor_id>/notes/<uuid:note_id>")
@requires(Permission.VENDOR_EDIT)
def note(vendor_id: UUID, note_id: UUID) -> ResponseReturnValue:
    """Show a note for changing it, or for writing one in its place."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    found = get_note(session(), vendor_id, note_id)
    form = NoteForm(
        data={
            "text": found.text,
            "visibility": found.visibility.value,
            "version": found.version,
        }
    )
    return _note_page(vendor, found, form)


@bp.post("/vendors/<uuid:vendor_id>/notes/<uuid:note_id>")
@requires(Permission.VENDOR_EDIT)
def save_note(vendor_id: UUID, note_id: UUID) -> ResponseReturnValue:
    """Change a note within its day; later, write one in its place."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    found = get_note(session(), vendor_id, note_id)
    form = NoteForm(request.form)
    if not form.validate():
        return _note_page(vendor, found, form), 422
    seen_by = Visibility(form.visibility.data)
    try:
        _save(vendor, found, form, seen_by)
    except Refused as refusal:
        session().rollback()
        vendor = get_vendor(session(), me().person_id, vendor_id)
        found = get_note(session(), vendor_id, note_id)
        form.version.raw_data, form.version.data = None, found.version
        form.form_errors.append(str(refusal))
        status = 409 if isinstance(refusal, Conflict) else 422
        return _note_page(vendor, found, form, is_theirs=True), status
    flash(_said(seen_by), "ok")
    return redirect_to("vendors.notes", vendor_id=vendor_id)


@bp.post("/vendors/<uuid:vendor_id>/notes/<uuid:note_id>/remove")
@requires(Permission.VENDOR_EDIT)
def delete_note(vendor_id: UUID, note_id: UUID) -> ResponseReturnValue:
    """Delete one's own note within its day."""
    get_vendor(session(), me().person_id, vendor_id)
    found = get_note(session(), vendor_id, note_id)
    remove_note(session(), found, by=me().author, at=clock.now())
    flash(_("The note is deleted."), "ok")
    return redirect_to("vendors.notes", vendor_id=vendor_id)


def _save(vendor: Vendor, found: Note, form: NoteForm, seen_by: Visibility) -> None:
    text, by, at = form.text.data or "", me().author, clock.now()
    if _is_mine(found):
        version = form.version.data or 0
        edit_note(session(), found, text, seen_by, version=version, by=by, at=at)
    else:
        add_note(session(), vendor, text, seen_by, by=by, at=at, instead_of=found)


def _said(seen_by: Visibility) -> str:
    is_shared = seen_by is Visibility.VENDOR
    shared = _("Saved. The vendor's people read it on their start page.")
    return str(shared if is_shared else _("Saved. Only we read it."))


def _is_mine(found: Note) -> bool:
    return may_change(
        author_id=found.author_id,
        viewer_id=me().person_id,
        written_at=found.created_at,
        at=clock.now(),
    )


def _notes_page(vendor: Vendor, form: NoteForm) -> str:
    found = notes_of(session(), vendor.id, request.args.get("after"))
    at, viewer_id = clock.now(), me().person_id
    mine = {
        row.note_id
        for row in found.items
        if may_change(
            author_id=row.author_id, viewer_id=viewer_id, written_at=row.created_at, at=at
        )
    }
    cursor = found.next_cursor
    here = url_for("vendors.notes", vendor_id=vendor.id)
    return page(
        "vendors/notes.html",
        vendor=vendor,
        rows=found.items,
        mine=mine,
        form=form,
        next_url=url_for("vendors.notes", vendor_id=vendor.id, after=cursor) if cursor else None,
        first_url=here if request.args.get("after") else None,
        may_edit=me().may(Permission.VENDOR_EDIT),
    )


def _note_page(vendor: Vendor, found: Note, form: NoteForm, *, is_theirs: bool = False) -> str:
    return page(
        "vendors/note.html",
        vendor=vendor,
        note=found,
        form=form,
        is_mine=_is_mine(found),
        is_theirs=is_theirs,
    )
