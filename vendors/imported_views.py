"""Past imports of vendors: the list, one of them, and taking it back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.permissions import Permission, requires
from accounts.queries import names_of
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.web import page, redirect_to
from vendors.importing.dropped import dropped_of
from vendors.importing.fields import ImportField
from vendors.importing.outcome import Stayed
from vendors.importing.queries import (
    get_batch,
    list_batches,
    visible_counts,
    visible_references,
)
from vendors.importing.undoing import UNDONE_WITHIN, may_undo, undo_import
from vendors.views import bp

MOST_NAMED = 10


@bp.get("/vendors/imports")
@requires(Permission.VENDOR_READ)
def imports() -> ResponseReturnValue:
    """List past imports, the newest first."""
    batches = list_batches(session())
    return page(
        "vendors/imports.html",
        batches=batches,
        counts=visible_counts(session(), me().person_id, batches),
        names=names_of(session(), {batch.by_id for batch in batches}),
        may_edit=me().may(Permission.VENDOR_EDIT),
    )


@bp.get("/vendors/imports/<uuid:batch_id>")
@requires(Permission.VENDOR_READ)
def imported(batch_id: UUID) -> ResponseReturnValue:
    """Show what an import did."""
    batch = get_batch(session(), batch_id)
    references = visible_references(session(), me().person_id, batch)
    rows = [row for row in batch.rows if str(row.get("vendor", "")) in references]
    return page(
        "vendors/imported.html",
        batch=batch,
        by=names_of(session(), {batch.by_id}).get(batch.by_id, ""),
        dropped=dropped_of(batch.rows),
        rows=sorted(rows, key=lambda row: not stayed_of(row)),
        stayed_of=stayed_of,
        back_of=back_of,
        references=references,
        until=batch.at + UNDONE_WITHIN,
        may_edit=me().may(Permission.VENDOR_EDIT),
        may_undo=me().may(Permission.VENDOR_EDIT) and may_undo(batch, clock.now()),
    )


@bp.post("/vendors/imports/<uuid:batch_id>/undo")
@requires(Permission.VENDOR_EDIT)
def undo(batch_id: UUID) -> ResponseReturnValue:
    """Take an import back; rows that were changed since stay."""
    batch = get_batch(session(), batch_id)
    seen = visible_references(session(), me().person_id, batch)
    undone = undo_import(session(), batch, by=me().author, at=clock.now(), seen=seen)
    flash(
        ngettext(
            "Undone: %(num)d row is as it was before.",
            "Undone: %(num)d rows are as they were before.",
            undone.count,
        ),
        "ok",
    )
    if undone.kept:
        shown = ", ".join(undone.kept[:MOST_NAMED])
        more = len(undone.kept) - MOST_NAMED
        named = shown + (_(" and %(count)d more", count=more) if more > 0 else "")
        text = _("Something stays of: %(names)s. The rows below say what, and why.", names=named)
        flash(text, "warn")
    return redirect_to("vendors.imported", batch_id=batch_id)


def stayed_of(row: Mapping[str, Any]) -> list[tuple[ImportField | None, Stayed]]:
    """Return what of a row stays although its import was undone, with the reason of each."""
    stayed = row.get("undo", {}).get("stayed", [])
    return [(ImportField(which) if which else None, Stayed(why)) for which, why in stayed]


def back_of(row: Mapping[str, Any]) -> list[ImportField]:
    """Return what of a vendor on record is as it was before the import."""
    return [ImportField(which) for which in row.get("undo", {}).get("back", [])]
