"""Pages of sub-processors: the list, recording many by pasting, and changing one."""

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
from vendors.countries import countries_from, country_name
from vendors.group_commands import find_named
from vendors.models import Vendor
from vendors.naming import name_key
from vendors.pasting import passed_over, read_pasted
from vendors.queries import find_vendor, get_vendor
from vendors.service_models import SubProcessor
from vendors.sub_processor_commands import (
    SubProcessorFacts,
    edit_sub_processor,
    get_sub_processor,
    providers_named,
    record_all,
    remove_sub_processor,
    state_of,
)
from vendors.sub_processor_forms import PasteForm, SubProcessorForm
from vendors.sub_processor_queries import sub_processors_of
from vendors.views import bp


@bp.get("/vendors/<uuid:vendor_id>/sub-processors")
@requires(Permission.VENDOR_READ)
def sub_processors(vendor_id: UUID) -> ResponseReturnValue:
    """Show the companies behind a vendor."""
    return _list_page(get_vendor(session(), me().person_id, vendor_id), PasteForm())


@bp.post("/vendors/<uuid:vendor_id>/sub-processors/check")
@requires(Permission.VENDOR_EDIT)
def check_sub_processors(vendor_id: UUID) -> ResponseReturnValue:
    """Show what was understood of a pasted list; nothing is stored."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = PasteForm(request.form)
    if not form.validate():
        return _list_page(vendor, form), 422
    return _check_page(vendor, form)


@bp.post("/vendors/<uuid:vendor_id>/sub-processors")
@requires(Permission.VENDOR_EDIT)
def record_sub_processors(vendor_id: UUID) -> ResponseReturnValue:
    """Record a list that was looked at."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = PasteForm(request.form)
    if not form.validate():
        return _list_page(vendor, form), 422
    rows = read_pasted(form.pasted.data or "")
    rank = int(form.rank.data)
    try:
        done = record_all(session(), vendor, rows, rank=rank, by=me().author, at=clock.now())
    except Refused as refusal:
        session().rollback()
        form.pasted.errors = [str(refusal)]
        return _check_page(get_vendor(session(), me().person_id, vendor_id), form), 422
    said = _("%(added)s recorded, %(updated)s were known.", added=done.added, updated=done.updated)
    flash(said, "ok")
    return redirect_to("vendors.sub_processors", vendor_id=vendor_id)


@bp.get("/vendors/<uuid:vendor_id>/sub-processors/<uuid:row_id>")
@requires(Permission.VENDOR_EDIT)
def sub_processor(vendor_id: UUID, row_id: UUID) -> ResponseReturnValue:
    """Show one company for editing."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    row = get_sub_processor(session(), vendor_id, row_id)
    viewer_id = me().person_id
    ours = find_vendor(session(), viewer_id, row.provider_id) if row.provider_id else None
    countries = ", ".join(country_name(code) for code in row.country.split(", "))
    form = SubProcessorForm(
        data={
            "state": state_of(row),
            "name": row.name,
            "rank": str(row.rank),
            "country": countries,
            "purpose": row.purpose,
            "provider": ours.reference if ours else "",
        }
    )
    return _one_page(vendor, row, form)


@bp.post("/vendors/<uuid:vendor_id>/sub-processors/<uuid:row_id>")
@requires(Permission.VENDOR_EDIT)
def save_sub_processor(vendor_id: UUID, row_id: UUID) -> ResponseReturnValue:
    """Store what is known of one company."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    row = get_sub_processor(session(), vendor_id, row_id)
    form = SubProcessorForm(request.form)
    if not form.validate():
        return _one_page(vendor, row, form), 422
    try:
        facts, state = _facts(form, row), form.state.data or ""
        edit_sub_processor(session(), row, facts, by=me().author, at=clock.now(), based_on=state)
    except Conflict as conflict:
        form.form_errors.append(str(conflict))
        form.state.raw_data, form.state.data = None, state_of(row)
        return _one_page(vendor, row, form, is_theirs=True), 409
    except Refused as refusal:
        blamed = form.provider if refusal.where in {"parent", "provider"} else form.name
        blamed.errors = [str(refusal)]
        return _one_page(vendor, row, form), 422
    flash(_("Saved."), "ok")
    return redirect_to("vendors.sub_processors", vendor_id=vendor_id)


@bp.post("/vendors/<uuid:vendor_id>/sub-processors/<uuid:row_id>/remove")
@requires(Permission.VENDOR_EDIT)
def drop_sub_processor(vendor_id: UUID, row_id: UUID) -> ResponseReturnValue:
    """Take a company off the list."""
    get_vendor(session(), me().person_id, vendor_id)
    row = get_sub_processor(session(), vendor_id, row_id)
    remove_sub_processor(session(), row, by=me().author, at=clock.now())
    flash(_("%(name)s is off the list.", name=row.name), "ok")
    return redirect_to("vendors.sub_processors", vendor_id=vendor_id)


def _facts(form: SubProcessorForm, row: SubProcessor) -> SubProcessorFacts:
    named, viewer_id = form.provider.data, me().person_id
    provider = find_named(session(), viewer_id, named) if named else None
    hidden = row.provider_id and not find_vendor(session(), viewer_id, row.provider_id)
    if provider is None and hidden:  # what they may not see, they do not cut either
        provider = session().get(Vendor, row.provider_id)
    codes, _words = countries_from(form.country.data or "")
    return SubProcessorFacts(
        name=form.name.data or "",
        rank=int(form.rank.data),
        country=", ".join(codes) or form.country.data or "",
        purpose=form.purpose.data or "",
        provider=provider,
    )


def _list_page(vendor: Vendor, form: PasteForm) -> str:
    return page(
        "vendors/sub_processors.html",
        vendor=vendor,
        rows=sub_processors_of(session(), me().person_id, vendor.id),
        form=form,
        may_edit=me().may(Permission.VENDOR_EDIT),
    )


def _check_page(vendor: Vendor, form: PasteForm) -> str:
    rows = read_pasted(form.pasted.data or "")
    viewer_id = me().person_id
    ours = providers_named(session(), viewer_id, (row.name for row in rows), but=vendor.id)
    known = {name_key(row.name) for row in sub_processors_of(session(), viewer_id, vendor.id)}
    return page(
        "vendors/check_sub_processors.html",
        vendor=vendor,
        form=form,
        rows=[(row, ours.get(name_key(row.name)), name_key(row.name) in known) for row in rows],
        n_passed=passed_over(form.pasted.data or "", rows),
        n_bad=sum(bool(row.problem) for row in rows),
    )


def _one_page(
    vendor: Vendor, row: SubProcessor, form: SubProcessorForm, *, is_theirs: bool = False
) -> str:
    shown = {"vendor": vendor, "row": row, "form": form, "is_theirs": is_theirs}
    return page("vendors/sub_processor.html", **shown)
