"""Pages of the business units: the tree, one unit, and closing one."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from operations.structure_forms import CloseForm, UnitForm
from operations.unit_commands import close_unit
from operations.views import bp
from organisation.models import BusinessUnit
from organisation.structure_commands import restore_unit, save_unit
from organisation.structure_queries import get_unit, unit_tree
from vendors.handover_commands import count_in_unit


@bp.get("/settings/units")
@requires(Permission.SETTINGS_READ)
def units() -> str:
    """Show the tree of units, those that are archived apart."""
    rows = unit_tree(session(), with_archived=True)
    in_use = [row for row in rows if not row.is_archived]
    archived = [row for row in rows if row.is_archived]
    return page("operations/units.html", rows=in_use, archived=archived)


@bp.get("/settings/units/new")
@requires(Permission.SETTINGS_EDIT)
def new_unit() -> str:
    """Show the form for another unit."""
    return _unit_page(UnitForm(), None)


@bp.post("/settings/units/new")
@requires(Permission.SETTINGS_EDIT)
def add_unit() -> ResponseReturnValue:
    """Add a unit."""
    return _save(UnitForm(request.form), None)


@bp.get("/settings/units/<uuid:unit_id>")
@requires(Permission.SETTINGS_EDIT)
def unit(unit_id: UUID) -> str:
    """Show a unit for editing."""
    found = get_unit(session(), unit_id)
    return _unit_page(_form_of(found), found)


@bp.post("/settings/units/<uuid:unit_id>")
@requires(Permission.SETTINGS_EDIT)
def change_unit(unit_id: UUID) -> ResponseReturnValue:
    """Store a unit."""
    return _save(UnitForm(request.form), get_unit(session(), unit_id))


@bp.post("/settings/units/<uuid:unit_id>/archive")
@requires(Permission.SETTINGS_EDIT)
def archive(unit_id: UUID) -> ResponseReturnValue:
    """Take a unit out of use; its vendors go to another one."""
    found, form = get_unit(session(), unit_id), CloseForm(request.form)
    form.offer(unit_tree(session()), except_id=unit_id)
    if not form.validate():
        return _unit_page(_form_of(found), found, form), 422
    try:
        moved = close_unit(session(), found, form.target(), by=me().author, at=clock.now())
    except Refused as refusal:
        form.refuse(refusal)
        return _unit_page(_form_of(found), found, form), 422
    done = ngettext("Archived. %(num)d vendor moved.", "Archived. %(num)d vendors moved.", moved)
    flash(done, "ok")
    return redirect_to("operations.units")


@bp.post("/settings/units/<uuid:unit_id>/restore")
@requires(Permission.SETTINGS_EDIT)
def restore(unit_id: UUID) -> ResponseReturnValue:
    """Take a unit into use again."""
    restore_unit(session(), get_unit(session(), unit_id), by=me().actor, at=clock.now())
    flash(_("The unit is in use again."), "ok")
    return redirect_to("operations.units")


def _save(form: UnitForm, found: BusinessUnit | None) -> ResponseReturnValue:
    form.offer(unit_tree(session()), except_id=found.id if found else None)
    if not form.validate():
        return _unit_page(form, found), 422
    name, version, at = form.name.data or "", form.based_on, clock.now()
    try:
        save_unit(session(), found, name, form.parent(), version=version, by=me().actor, at=at)
    except Conflict as conflict:
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, found.version if found else 0
        return _unit_page(form, found, theirs=_form_of(found) if found else None), 409
    except Refused as refusal:
        form.refuse(refusal)
        return _unit_page(form, found), 422
    flash(_("Saved."), "ok")
    return redirect_to("operations.units")


def _form_of(found: BusinessUnit) -> UnitForm:
    form = UnitForm(obj=found)
    form.parent_id.data = str(found.parent_id) if found.parent_id else ""
    return form


def _unit_page(
    form: UnitForm,
    found: BusinessUnit | None,
    closing: CloseForm | None = None,
    theirs: UnitForm | None = None,
) -> str:
    tree = unit_tree(session())
    for one in (form, theirs):
        if one is not None:
            one.offer(tree, except_id=found.id if found else None)
    if found is not None and closing is None:
        closing = CloseForm()
        closing.offer(tree, except_id=found.id)
    return page(
        "operations/unit.html",
        form=form,
        found=found,
        closing=closing,
        theirs=theirs,
        n_vendors=count_in_unit(session(), found.id) if found else 0,
    )
