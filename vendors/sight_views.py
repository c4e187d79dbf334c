"""Pages of need-to-know: who may see a hidden vendor."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.permissions import Permission, requires
from accounts.queries import list_staff
from accounts.signin import me
from foundation import clock
from foundation.choices import offered
from foundation.db import session
from foundation.web import page, redirect_to
from vendors.forms import SightForm
from vendors.models import Vendor
from vendors.queries import get_vendor, granted_people
from vendors.sight_commands import give_sight, take_sight
from vendors.views import bp


@bp.get("/vendors/<uuid:vendor_id>/sight")
@requires(Permission.VENDOR_EDIT)
def sight(vendor_id: UUID) -> ResponseReturnValue:
    """Show who may see a need-to-know vendor."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    return _sight_page(session(), vendor, _form(session(), vendor))


@bp.post("/vendors/<uuid:vendor_id>/sight")
@requires(Permission.VENDOR_EDIT)
def give(vendor_id: UUID) -> ResponseReturnValue:
    """Let a person see the vendor."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = _form(session(), vendor)
    if not form.validate():
        return _sight_page(session(), vendor, form), 422
    give_sight(session(), vendor, UUID(form.person_id.data), by=me().author, at=clock.now())
    flash(_("They see the vendor now."), "ok")
    return redirect_to("vendors.sight", vendor_id=vendor_id)


@bp.post("/vendors/<uuid:vendor_id>/sight/<uuid:person_id>/end")
@requires(Permission.VENDOR_EDIT)
def take(vendor_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Hide the vendor from a person again."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    take_sight(session(), vendor, person_id, by=me().author, at=clock.now())
    flash(_("They do not see the vendor any more."), "ok")
    if person_id == me().person_id:
        return redirect_to("vendors.index")
    return redirect_to("vendors.sight", vendor_id=vendor_id)


def _form(session: Session, vendor: Vendor) -> SightForm:
    form = SightForm(request.form)
    passed_over = {vendor.owner_id, *granted_people(session, vendor.id)}
    form.person_id.choices = offered(
        (str(row.person_id), row.name)
        for row in list_staff(session)
        if row.person_id not in passed_over
    )
    return form


def _sight_page(session: Session, vendor: Vendor, form: SightForm) -> str:
    return page(
        "vendors/sight.html",
        vendor=vendor,
        form=form,
        granted=granted_people(session, vendor.id),
    )
