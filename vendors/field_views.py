"""Pages where the inventory gets its own fields and its tags are kept in order."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Refused
from foundation.web import page, redirect_to
from vendors import field_commands, tag_commands
from vendors.facts_queries import list_fields, list_tags
from vendors.field_forms import FieldForm, RenameForm
from vendors.field_rules import FieldKind
from vendors.inventory_models import CustomField
from vendors.views import bp


@bp.get("/vendors/fields")
@requires(Permission.FIELD_DEFINE)
def fields() -> ResponseReturnValue:
    """Show our own fields and the tags in use."""
    return _fields_page(FieldForm())


@bp.post("/vendors/fields")
@requires(Permission.FIELD_DEFINE)
def add_field() -> ResponseReturnValue:
    """Define a field."""
    form = FieldForm(request.form)
    if not form.validate():
        return _fields_page(form), 422
    try:
        field_commands.add_field(
            session(),
            form.name.data or "",
            FieldKind(form.kind.data),
            form.choices.data or "",
            by=me().author,
            at=clock.now(),
        )
    except Refused as refusal:
        _blame(form, refusal)
        return _fields_page(form), 422
    flash(_("Every vendor has the field “%(name)s” now.", name=form.name.data), "ok")
    return redirect_to("vendors.fields")


@bp.get("/vendors/fields/<uuid:field_id>")
@requires(Permission.FIELD_DEFINE)
def field(field_id: UUID) -> ResponseReturnValue:
    """Show one field for changing or deleting, with how much is in it."""
    found = field_commands.get_field(session(), field_id)
    form = FieldForm(
        data={"name": found.name, "kind": found.kind, "choices": "\n".join(found.choices)}
    )
    return _field_page(found, form)


@bp.post("/vendors/fields/<uuid:field_id>")
@requires(Permission.FIELD_DEFINE)
def edit_field(field_id: UUID) -> ResponseReturnValue:
    """Rename a field or change its choices; its kind stays."""
    found = field_commands.get_field(session(), field_id)
    form = FieldForm(request.form, kind=found.kind)
    form.kind.data, form.kind.raw_data = found.kind, None
    if not form.validate():
        return _field_page(found, form), 422
    name, choices = form.name.data or "", form.choices.data or ""
    try:
        field_commands.edit_field(session(), found, name, choices, by=me().author, at=clock.now())
    except Refused as refusal:
        _blame(form, refusal)
        return _field_page(field_commands.get_field(session(), field_id), form), 422
    flash(_("Saved."), "ok")
    return redirect_to("vendors.fields")


@bp.post("/vendors/fields/<uuid:field_id>/remove")
@requires(Permission.FIELD_DEFINE)
def remove_field(field_id: UUID) -> ResponseReturnValue:
    """Delete a field and what vendors have in it."""
    found = field_commands.get_field(session(), field_id)
    field_commands.remove_field(session(), found, by=me().author, at=clock.now())
    flash(_("The field “%(name)s” is deleted, with what was in it.", name=found.name), "ok")
    return redirect_to("vendors.fields")


@bp.post("/vendors/tags/<uuid:tag_id>/rename")
@requires(Permission.FIELD_DEFINE)
def rename_tag(tag_id: UUID) -> ResponseReturnValue:
    """Give a tag another word, or its vendors to the tag of that word."""
    tag = tag_commands.get_tag(session(), tag_id)
    form = RenameForm(request.form)
    if not form.validate():
        return _fields_page(FieldForm(), rename_form=form, renamed_id=tag_id), 422
    before = tag.name
    try:
        kept = tag_commands.rename_tag(
            session(), tag, form.tag.data or "", by=me().author, at=clock.now()
        )
    except Refused as refusal:
        session().rollback()
        form.tag.errors = [str(refusal)]
        return _fields_page(FieldForm(), rename_form=form, renamed_id=tag_id), 422
    merged = kept.id != tag_id
    text = _("“%(old)s” is part of “%(new)s” now.") if merged else _("“%(old)s” is “%(new)s” now.")
    flash(text % {"old": before, "new": kept.name}, "ok")
    return redirect_to("vendors.fields")


@bp.post("/vendors/tags/<uuid:tag_id>/remove")
@requires(Permission.FIELD_DEFINE)
def remove_tag(tag_id: UUID) -> ResponseReturnValue:
    """Take a tag off every vendor."""
    tag = tag_commands.get_tag(session(), tag_id)
    tag_commands.remove_tag(session(), tag, by=me().author, at=clock.now())
    flash(_("The tag “%(name)s” is deleted.", name=tag.name), "ok")
    return redirect_to("vendors.fields")


def _blame(form: FieldForm, refusal: Refused) -> None:
    session().rollback()
    blamed = form.choices if refusal.where == "choices" else form.name
    blamed.errors = [str(refusal)]


def _fields_page(
    form: FieldForm, *, rename_form: RenameForm | None = None, renamed_id: UUID | None = None
) -> str:
    return page(
        "vendors/fields.html",
        form=form,
        rows=list_fields(session(), me().person_id),
        tags=list_tags(session(), me().person_id),
        rename_form=rename_form or RenameForm(formdata=None),
        renamed_id=renamed_id,
    )


def _field_page(found: CustomField, form: FieldForm) -> str:
    row = next(one for one in list_fields(session(), me().person_id) if one.field_id == found.id)
    return page("vendors/field.html", row=row, form=form)
