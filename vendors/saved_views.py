"""Keeping the address of a list as a view, renaming it, deleting it and taking it back."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import staff_only
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.web import redirect_to
from vendors import view_commands
from vendors.inventory_models import SavedView
from vendors.list_reading import kept, query_of
from vendors.views import bp


@bp.post("/vendors/views")
@staff_only
def save_view() -> ResponseReturnValue:
    """Keep what is shown as a view."""
    name, query = request.form.get("name", ""), query_of(kept(request.form))
    view = view_commands.save_view(session(), me().person_id, name, query)
    flash(_("The view “%(name)s” is kept.", name=view.name), "ok")
    return _to(view)


@bp.post("/vendors/views/<uuid:view_id>/rename")
@staff_only
def rename_view(view_id: UUID) -> ResponseReturnValue:
    """Give a view another name."""
    view = view_commands.get_view(session(), me().person_id, view_id)
    view_commands.rename_view(session(), view, request.form.get("name", ""))
    flash(_("The view is called “%(name)s” now.", name=view.name), "ok")
    return _to(view)


@bp.post("/vendors/views/<uuid:view_id>/remove")
@staff_only
def remove_view(view_id: UUID) -> ResponseReturnValue:
    """Delete a view; the list then offers it back."""
    view = view_commands.get_view(session(), me().person_id, view_id)
    view_commands.remove_view(session(), view, at=clock.now())
    return redirect_to("vendors.index")


@bp.post("/vendors/views/<uuid:view_id>/take-back")
@staff_only
def take_back_view(view_id: UUID) -> ResponseReturnValue:
    """Bring a deleted view back."""
    view = view_commands.get_view(session(), me().person_id, view_id)
    view_commands.take_back_view(session(), view)
    flash(_("The view “%(name)s” is back.", name=view.name), "ok")
    return _to(view)


def _to(view: SavedView) -> ResponseReturnValue:
    return redirect(f"{url_for('vendors.index')}?{view.query}".rstrip("?"), code=303)
