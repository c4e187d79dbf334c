"""Pages of a vendor's facts: names, numbers, group, countries, tags and added fields."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Refused
from foundation.forms import BaseForm
from foundation.web import redirect_to
from vendors import facts_queries as facts_of
from vendors.countries import countries_from
from vendors.facts_forms import (
    AliasForm,
    CountriesForm,
    IdentifierForm,
    ParentForm,
    TagsForm,
    merged,
    state_of,
    values_form,
    words_of,
)
from vendors.facts_page import facts_page
from vendors.field_commands import set_values
from vendors.group_commands import find_named, set_countries, set_parent
from vendors.identifier_commands import (
    add_alias,
    add_identifier,
    remove_alias,
    remove_identifier,
)
from vendors.models import Vendor
from vendors.numbers import IdentifierKind
from vendors.queries import find_vendor, get_vendor, get_vendor_for_system
from vendors.rules import Presence
from vendors.tag_commands import set_tags
from vendors.views import bp

CHANGED = (
    "Somebody else changed this while you had it open. Theirs is stored and shown above; yours is "
    "still in the form. Compare them and save again."
)


@bp.get("/vendors/<uuid:vendor_id>/facts")
@requires(Permission.VENDOR_READ)
def facts(vendor_id: UUID) -> ResponseReturnValue:
    """Show everything a vendor is known by."""
    return facts_page(get_vendor(session(), me().person_id, vendor_id))


@bp.post("/vendors/<uuid:vendor_id>/identifiers")
@requires(Permission.VENDOR_EDIT)
def add_number(vendor_id: UUID) -> ResponseReturnValue:
    """Put a registered number on record."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = IdentifierForm(request.form)

    def act() -> None:
        kind = IdentifierKind(form.kind.data)
        typed = form.number.data or ""
        add_identifier(session(), vendor, kind, typed, by=me().author, at=clock.now())

    return _saved(vendor, "number_form", form, form.number, act)


@bp.post("/vendors/<uuid:vendor_id>/identifiers/<uuid:identifier_id>/remove")
@requires(Permission.VENDOR_EDIT)
def remove_number(vendor_id: UUID, identifier_id: UUID) -> ResponseReturnValue:
    """Take a registered number off the record."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    remove_identifier(session(), vendor, identifier_id, by=me().author, at=clock.now())
    flash(_("The number is removed."), "ok")
    return redirect_to("vendors.facts", vendor_id=vendor_id)


@bp.post("/vendors/<uuid:vendor_id>/aliases")
@requires(Permission.VENDOR_EDIT)
def add_other_name(vendor_id: UUID) -> ResponseReturnValue:
    """Record another name."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = AliasForm(request.form)

    def act() -> None:
        add_alias(session(), vendor, form.alias.data or "", by=me().author, at=clock.now())

    return _saved(vendor, "alias_form", form, form.alias, act)


@bp.post("/vendors/<uuid:vendor_id>/aliases/<uuid:alias_id>/remove")
@requires(Permission.VENDOR_EDIT)
def remove_other_name(vendor_id: UUID, alias_id: UUID) -> ResponseReturnValue:
    """Forget another name."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    remove_alias(session(), vendor, alias_id, by=me().author, at=clock.now())
    flash(_("The name is removed."), "ok")
    return redirect_to("vendors.facts", vendor_id=vendor_id)


@bp.post("/vendors/<uuid:vendor_id>/parent")
@requires(Permission.VENDOR_EDIT)
def set_parent_company(vendor_id: UUID) -> ResponseReturnValue:
    """Say which company the vendor belongs to."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = ParentForm(request.form)
    if form.validate() and form.version.data != vendor.version:
        form.parent.errors = [_(CHANGED)]
        form.version.raw_data, form.version.data = None, vendor.version
        return facts_page(vendor, parent_form=form), 409

    def act() -> None:
        named = form.parent.data
        parent = find_named(session(), me().person_id, named) if named else _hidden(vendor)
        set_parent(session(), vendor, parent, by=me().author, at=clock.now())

    return _saved(vendor, "parent_form", form, form.parent, act)


@bp.post("/vendors/<uuid:vendor_id>/countries")
@requires(Permission.VENDOR_EDIT)
def set_places(vendor_id: UUID) -> ResponseReturnValue:
    """Store where the vendor operates and serves us from; two editors are brought together."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = CountriesForm(request.form)

    def act() -> None:
        stored = facts_of.countries_of(session(), vendor.id)
        for presence in Presence:
            before = countries_from(form[f"{presence.value}_before"].data or "")[0]
            wanted = countries_from(form[presence.value].data or "")[0]
            codes = merged(before, wanted, stored[presence])
            set_countries(session(), vendor, presence, codes, by=me().author, at=clock.now())

    return _saved(vendor, "countries_form", form, form.operates, act)


@bp.post("/vendors/<uuid:vendor_id>/tags")
@requires(Permission.VENDOR_EDIT)
def set_words(vendor_id: UUID) -> ResponseReturnValue:
    """Store the tags of the vendor; two editors are brought together."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = TagsForm(request.form)

    def act() -> None:
        stored = facts_of.tags_of(session(), vendor.id)
        before, wanted = words_of(form.tags_before.data), words_of(form.tags.data)
        names = merged(before, wanted, stored)
        set_tags(session(), vendor, names, by=me().author, at=clock.now())

    return _saved(vendor, "tags_form", form, form.tags, act)


@bp.post("/vendors/<uuid:vendor_id>/added-fields")
@requires(Permission.VENDOR_EDIT)
def set_fields(vendor_id: UUID) -> ResponseReturnValue:
    """Store what the added fields hold."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    rows = facts_of.fields_of(session(), vendor_id)
    form = values_form(rows, request.form)
    if form.state.data != state_of(rows):
        form.form_errors.append(_(CHANGED))
        form.state.raw_data, form.state.data = None, state_of(rows)
        return facts_page(vendor, values=form), 409

    def act() -> None:
        set_values(session(), vendor, form.typed(), by=me().author, at=clock.now())

    return _saved(vendor, "values", form, None, act)


def _hidden(vendor: Vendor) -> Vendor | None:
    """Return the parent when it is hidden from the viewer: an empty line does not cut it."""
    parent_id = vendor.parent_id
    if parent_id is None or find_vendor(session(), me().person_id, parent_id) is not None:
        return None
    return get_vendor_for_system(session(), parent_id)


def _saved(
    vendor: Vendor, name: str, form: BaseForm, blamed: object, act: Callable[[], None]
) -> ResponseReturnValue:
    """Do it and go back to the page, or show the page with what is wrong beside its field."""
    vendor_id = vendor.id
    if not form.validate():
        return facts_page(vendor, **{name: form}), 422
    try:
        act()
    except Refused as refusal:
        session().rollback()
        if blamed is None:
            form.form_errors += refusal.reasons or (str(refusal),)
        else:
            blamed.errors = [str(refusal)]  # type: ignore[attr-defined]  # a field of the form
        vendor = get_vendor(session(), me().person_id, vendor_id)
        return facts_page(vendor, **{name: form}), 422
    flash(_("Saved."), "ok")
    return redirect_to("vendors.facts", vendor_id=vendor_id)
