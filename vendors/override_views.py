"""Setting a tier for a time, higher or lower than the computed one, and ending that."""

from uuid import UUID

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import NOT_YOURS, Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Denied, Refused
from foundation.web import redirect_to
from vendors.exemption_commands import Override, override_tier, revoke
from vendors.exposure_views import exposure_page, override_form_of
from vendors.queries import get_service, get_vendor, tiering_of
from vendors.service_commands import overrides_of
from vendors.views import bp


@bp.post("/vendors/<uuid:vendor_id>/services/<uuid:service_id>/override")
@requires(Permission.VENDOR_EDIT)
def override(vendor_id: UUID, service_id: UUID) -> ResponseReturnValue:
    """Give a service another tier for a time; only who may set rules aside gives a lower one."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    service = get_service(session(), vendor_id, service_id)
    form = override_form_of(session(), vendor, service)
    is_lower = (form.tier.data or 0) > tiering_of(service).tier
    if is_lower and not me().may(Permission.VENDOR_OVERRIDE):
        raise Denied(NOT_YOURS)
    if not form.validate() or form.ends_on.data is None:
        return exposure_page(vendor, service, override_form=form), 422
    wanted = Override(
        tier=form.tier.data,
        approver_id=UUID(form.approver_id.data),
        reason=form.reason.data or "",
        ends_on=form.ends_on.data,
        compensating_control=form.compensating_control.data or "",
    )
    try:
        override_tier(session(), service, wanted, by=me().author, at=clock.now())
    except Refused as refusal:
        session().rollback()
        form.form_errors.append(str(refusal))
        return exposure_page(vendor, service, override_form=form), 422
    flash(_("Tier %(tier)s is in force.", tier=wanted.tier), "ok")
    return redirect_to("vendors.exposure", vendor_id=vendor_id, service=service_id)


@bp.post("/vendors/<uuid:vendor_id>/services/<uuid:service_id>/override/end")
@requires(Permission.VENDOR_OVERRIDE)
def end_override(vendor_id: UUID, service_id: UUID) -> ResponseReturnValue:
    """Give a service its computed tier back."""
    get_vendor(session(), me().person_id, vendor_id)
    service = get_service(session(), vendor_id, service_id)
    for found in overrides_of(session(), service.id):
        revoke(session(), found, by=me().author, at=clock.now())
    flash(_("The computed tier counts again."), "ok")
    return redirect_to("vendors.exposure", vendor_id=vendor_id, service=service_id)
