"""Changing many vendors: what is chosen, what can be done to it, what became of it, and back."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.queries import list_staff
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from vendors import bulk_commands, bulk_queries
from vendors.bulk_commands import UNDO_WITHIN
from vendors.bulk_reading import selection
from vendors.list_choices import choices_for
from vendors.rules import BulkKind
from vendors.views import bp

NAMED_AT_FIRST = 20


@bp.get("/vendors/bulk")
@requires(Permission.VENDOR_EDIT)
def bulk() -> ResponseReturnValue:
    """Show what is chosen and what can be done to it."""
    chosen = selection(request.args)
    known = choices_for(session(), me().person_id, clock.now())
    return page(
        "vendors/bulk.html",
        chosen=chosen,
        count=len(chosen.vendors),
        first=chosen.vendors[:NAMED_AT_FIRST],
        most=bulk_queries.MOST_AT_ONCE,
        people=[(str(row.person_id), row.name) for row in list_staff(session())],
        tags=known.tags,
        may_send=me().may(Permission.ASSESSMENT_SEND),
        back=url_for("vendors.index", **chosen.address),
    )


@bp.post("/vendors/bulk")
@requires(Permission.VENDOR_EDIT)
def change_many() -> ResponseReturnValue:
    """Change what was chosen, in one transaction."""
    kind = request.form.get("kind", "")
    if kind not in set(BulkKind):
        raise Refused(_("Choose one of the changes shown."))
    chosen = selection(request.form)
    if request.form.get("count") != str(len(chosen.vendors)):
        raise Conflict(
            _(
                "The list changed while you looked: %(now)d vendors are chosen now. "
                "Nothing was changed. Go back to the list and look again.",
                now=len(chosen.vendors),
            )
        )
    made = bulk_commands.change_many(
        session(),
        BulkKind(kind),
        [one.vendor_id for one in chosen.vendors],
        request.form.get("value", ""),
        by=me().author,
        at=clock.now(),
    )
    return redirect_to("vendors.bulk_change", bulk_id=made.id)


@bp.get("/vendors/bulk/<uuid:bulk_id>")
@requires(Permission.VENDOR_EDIT)
def bulk_change(bulk_id: UUID) -> ResponseReturnValue:
    """Show what became of a change of many, and offer the way back."""
    found = bulk_queries.get_bulk_change(session(), me().person_id, bulk_id)
    ids = [UUID(row["vendor"]) for row in found.rows]
    names = {one.vendor_id: one for one in bulk_queries.named(session(), me().person_id, ids)}
    rows = [(names[UUID(row["vendor"])], row) for row in found.rows if UUID(row["vendor"]) in names]
    return page(
        "vendors/bulk_change.html",
        change=found,
        done=[one for one, row in rows if "why" not in row],
        left_out=[(one, row["why"]) for one, row in rows if "why" in row],
        stuck=[one for one, row in rows if row.get("undone") == "no"],
        may_undo=found.undone_at is None and clock.now() <= found.at + UNDO_WITHIN,
        until=found.at + UNDO_WITHIN,
    )


@bp.post("/vendors/bulk/<uuid:bulk_id>/undo")
@requires(Permission.VENDOR_EDIT)
def undo_many(bulk_id: UUID) -> ResponseReturnValue:
    """Take a change of many back."""
    found = bulk_queries.get_bulk_change(session(), me().person_id, bulk_id)
    bulk_commands.undo_many(session(), found, by=me().author, at=clock.now())
    return redirect_to("vendors.bulk_change", bulk_id=bulk_id)
