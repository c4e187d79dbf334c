"""Pages of services: what we buy from a vendor, each with its tier and why."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.choices import offered
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from organisation.queries import list_functions
from vendors.forms import ServiceForm
from vendors.models import Vendor
from vendors.queries import every_service_of, get_service, get_vendor, tiering_of
from vendors.service_edits import archive_service, edit_service, restore_service
from vendors.service_forms import ServiceEditForm
from vendors.service_models import Service
from vendors.views import bp


@bp.get("/vendors/<uuid:vendor_id>/services")
@requires(Permission.VENDOR_READ)
def services(vendor_id: UUID) -> ResponseReturnValue:
    """Show what we buy from a vendor and what we bought."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    every = every_service_of(session(), vendor_id)
    functions = {one.id: one.name for one in list_functions(session())}
    return page(
        "vendors/services.html",
        vendor=vendor,
        bought=[(one, tiering_of(one)) for one in every if one.archived_at is None],
        archived=[one for one in every if one.archived_at is not None],
        functions=functions,
        form=ServiceForm(),
        may_edit=me().may(Permission.VENDOR_EDIT),
    )


@bp.get("/vendors/<uuid:vendor_id>/services/<uuid:service_id>")
@requires(Permission.VENDOR_EDIT)
def service(vendor_id: UUID, service_id: UUID) -> ResponseReturnValue:
    """Show one service for editing."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    found = get_service(session(), vendor_id, service_id)
    return _service_page(vendor, found, _form(found))


@bp.post("/vendors/<uuid:vendor_id>/services/<uuid:service_id>")
@requires(Permission.VENDOR_EDIT)
def save_service(vendor_id: UUID, service_id: UUID) -> ResponseReturnValue:
    """Store what a service is."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    found = get_service(session(), vendor_id, service_id)
    form = _form(found)
    if not form.validate():
        return _service_page(vendor, found, form), 422
    try:
        edit_service(session(), vendor, found, form.change(), by=me().author, at=clock.now())
    except Conflict as conflict:
        form.form_errors.append(str(conflict))
        form.version.raw_data, form.version.data = None, found.version
        return _service_page(vendor, found, form, is_conflict=True), 409
    except Refused as refusal:
        form.name.errors = [str(refusal)]
        return _service_page(vendor, found, form), 422
    flash(_("Saved."), "ok")
    return redirect_to("vendors.services", vendor_id=vendor_id)


@bp.post("/vendors/<uuid:vendor_id>/services/<uuid:service_id>/archive")
@requires(Permission.VENDOR_EDIT)
def archive(vendor_id: UUID, service_id: UUID) -> ResponseReturnValue:
    """Say that we buy a service no longer."""
    get_vendor(session(), me().person_id, vendor_id)
    found = get_service(session(), vendor_id, service_id)
    archive_service(session(), found, by=me().author, at=clock.now())
    flash(_("%(name)s is archived and counts in no tier.", name=found.name), "ok")
    return redirect_to("vendors.services", vendor_id=vendor_id)


@bp.post("/vendors/<uuid:vendor_id>/services/<uuid:service_id>/restore")
@requires(Permission.VENDOR_EDIT)
def restore(vendor_id: UUID, service_id: UUID) -> ResponseReturnValue:
    """Buy a service again."""
    get_vendor(session(), me().person_id, vendor_id)
    found = get_service(session(), vendor_id, service_id)
    restore_service(session(), found, by=me().author, at=clock.now())
    flash(_("%(name)s is bought again; look at its exposure.", name=found.name), "ok")
    return redirect_to("vendors.services", vendor_id=vendor_id)


def _form(found: Service) -> ServiceEditForm:
    form = ServiceEditForm(request.form, obj=found)
    functions = [(str(one.id), one.name) for one in list_functions(session())]
    form.function_id.choices = offered([("", _("None named")), *functions])
    return form


def _service_page(
    vendor: Vendor, found: Service, form: ServiceEditForm, *, is_conflict: bool = False
) -> str:
    return page(
        "vendors/service.html", vendor=vendor, service=found, form=form, is_conflict=is_conflict
    )
