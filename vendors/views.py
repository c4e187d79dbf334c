"""Pages of one vendor: its facts and its state."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.permissions import Permission, requires
from accounts.queries import list_staff
from accounts.signin import me
from foundation import clock
from foundation.choices import offered
from foundation.db import session
from foundation.errors import Conflict
from foundation.web import page, redirect_to
from organisation.queries import list_units
from vendors import commands
from vendors.commands import VendorEdit
from vendors.countries import country_name
from vendors.forms import EditForm
from vendors.models import Vendor
from vendors.queries import find_vendor, get_vendor, granted_people

bp = Blueprint("vendors", __name__)
bp.add_app_template_filter(country_name, "country")


@bp.get("/vendors/<uuid:vendor_id>/edit")
@requires(Permission.VENDOR_EDIT)
def edit(vendor_id: UUID) -> ResponseReturnValue:
    """Show the facts of a vendor for editing."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    return _edit_page(session(), vendor, _edit_form(session(), vendor))


@bp.post("/vendors/<uuid:vendor_id>/edit")
@requires(Permission.VENDOR_EDIT)
def save(vendor_id: UUID) -> ResponseReturnValue:
    """Store the facts of a vendor."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = _edit_form(session(), vendor)
    if not form.validate():
        return _edit_page(session(), vendor, form), 422
    try:
        commands.edit(session(), vendor, _change(form), by=me().author, at=clock.now())
    except Conflict as conflict:
        form.form_errors.append(str(conflict))
        form.version.raw_data, form.version.data = None, vendor.version
        return _edit_page(session(), vendor, form, is_conflict=True), 409
    flash(_("Saved."), "ok")
    if find_vendor(session(), me().person_id, vendor_id) is None:
        return redirect_to("vendors.index")
    return redirect_to("reports.vendor", vendor_id=vendor_id)


def _edit_form(session: Session, vendor: Vendor) -> EditForm:
    form = EditForm(request.form, obj=vendor)
    people = {str(row.person_id): row.name for row in list_staff(session)}
    people.setdefault(str(vendor.owner_id), _("The owner until now"))
    form.owner_id.choices = offered(people.items())
    units = [(str(unit.id), unit.name) for unit in list_units(session)]
    form.unit_id.choices = offered([("", _("Not chosen")), *units])
    return form


def _edit_page(
    session: Session, vendor: Vendor, form: EditForm, *, is_conflict: bool = False
) -> str:
    return page(
        "vendors/edit.html",
        vendor=vendor,
        form=form,
        is_conflict=is_conflict,
        granted=granted_people(session, vendor.id),
    )


def _change(form: EditForm) -> VendorEdit:
    return VendorEdit(
        version=form.version.data or 0,
        name=form.name.data or "",
        legal_name=form.legal_name.data or "",
        website=form.website.data or "",
        country=form.country.data or "",
        category=form.category.data or "",
        purpose=form.purpose.data or "",
        owner_id=UUID(form.owner_id.data),
        unit_id=UUID(form.unit_id.data) if form.unit_id.data else None,
        is_need_to_know=form.is_need_to_know.data,
    )
