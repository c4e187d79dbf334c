"""Pages of our legal entities and of the business functions they carry out."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from operations.structure_forms import EntityForm, FunctionForm, critical_word
from operations.views import bp
from organisation.models import BusinessFunction, LegalEntity
from organisation.queries import find_settings, list_entities
from organisation.structure_commands import save_entity, save_function
from organisation.structure_queries import get_entity, get_function, list_functions


@bp.get("/settings/entities")
@requires(Permission.SETTINGS_READ)
def entities() -> str:
    """List the companies of ours."""
    return page("operations/entities.html", rows=list_entities(session()))


@bp.get("/settings/entities/new")
@requires(Permission.SETTINGS_EDIT)
def new_entity() -> str:
    """Show the form for another company of ours."""
    now = find_settings(session())
    return _entity_page(EntityForm(data={"country": now.home_country if now else ""}))


@bp.post("/settings/entities/new")
@requires(Permission.SETTINGS_EDIT)
def add_entity() -> ResponseReturnValue:
    """Add a company of ours."""
    return _save_entity(EntityForm(request.form), None)


@bp.get("/settings/entities/<uuid:entity_id>")
@requires(Permission.SETTINGS_EDIT)
def entity(entity_id: UUID) -> str:
    """Show a company of ours for editing."""
    found = get_entity(session(), entity_id)
    return _entity_page(EntityForm(obj=found), found)


@bp.post("/settings/entities/<uuid:entity_id>")
@requires(Permission.SETTINGS_EDIT)
def change_entity(entity_id: UUID) -> ResponseReturnValue:
    """Store a company of ours."""
    return _save_entity(EntityForm(request.form), get_entity(session(), entity_id))


@bp.get("/settings/functions")
@requires(Permission.SETTINGS_READ)
def functions() -> str:
    """List the business functions."""
    return page("operations/functions.html", rows=list_functions(session()))


@bp.get("/settings/functions/new")
@requires(Permission.SETTINGS_EDIT)
def new_function() -> str:
    """Show the form for another business function."""
    return _function_page(_with_entities(FunctionForm()))


@bp.post("/settings/functions/new")
@requires(Permission.SETTINGS_EDIT)
def add_function() -> ResponseReturnValue:
    """Add a business function."""
    return _save_function(_with_entities(FunctionForm(request.form)), None)


@bp.get("/settings/functions/<uuid:function_id>")
@requires(Permission.SETTINGS_EDIT)
def function(function_id: UUID) -> str:
    """Show a business function for editing."""
    found = get_function(session(), function_id)
    return _function_page(_function_form(found), found)


@bp.post("/settings/functions/<uuid:function_id>")
@requires(Permission.SETTINGS_EDIT)
def change_function(function_id: UUID) -> ResponseReturnValue:
    """Store a business function."""
    found = get_function(session(), function_id)
    return _save_function(_with_entities(FunctionForm(request.form)), found)


def _save_entity(form: EntityForm, found: LegalEntity | None) -> ResponseReturnValue:
    if not form.validate():
        return _entity_page(form, found), 422
    known = {"version": form.based_on, "by": me().actor, "at": clock.now()}
    try:
        save_entity(session(), found, form.facts(), **known)  # type: ignore[arg-type]
    except Conflict as conflict:
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, found.version if found else 0
        return _entity_page(form, found, EntityForm(obj=found)), 409
    except Refused as refusal:
        form.refuse(refusal)
        return _entity_page(form, found), 422
    flash(_("Saved."), "ok")
    return redirect_to("operations.entities")


def _save_function(form: FunctionForm, found: BusinessFunction | None) -> ResponseReturnValue:
    if not form.validate():
        return _function_page(form, found), 422
    known = {"version": form.based_on, "by": me().actor, "at": clock.now()}
    try:
        save_function(session(), found, form.facts(), **known)  # type: ignore[arg-type]
    except Conflict as conflict:
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, found.version if found else 0
        return _function_page(form, found, _function_form(found) if found else None), 409
    except Refused as refusal:
        form.refuse(refusal)
        return _function_page(form, found), 422
    flash(_("Saved."), "ok")
    return redirect_to("operations.functions")


def _entity_page(
    form: EntityForm, found: LegalEntity | None = None, theirs: EntityForm | None = None
) -> str:
    return page("operations/entity.html", form=form, found=found, theirs=theirs)


def _function_page(
    form: FunctionForm,
    found: BusinessFunction | None = None,
    theirs: FunctionForm | None = None,
) -> str:
    return page("operations/function.html", form=form, found=found, theirs=theirs)


def _function_form(found: BusinessFunction) -> FunctionForm:
    form = FunctionForm(obj=found, data={"critical": critical_word(found.is_critical)})
    form.entity_id.data = str(found.entity_id) if found.entity_id else ""
    return _with_entities(form)


def _with_entities(form: FunctionForm) -> FunctionForm:
    form.offer((one.id, one.name) for one in list_entities(session()))
    return form
