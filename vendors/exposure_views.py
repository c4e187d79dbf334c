"""Pages of exposure: what our use of a service touches, its tier, and setting it aside."""

from datetime import timedelta
from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Missing, Refused
from foundation.months import add_months
from foundation.web import page, redirect_to
from identity.queries import names_of
from vendors import commands
from vendors.arithmetic import lines_of
from vendors.exemption_commands import Override, override_tier, revoke
from vendors.forms import OverrideForm, ServiceForm
from vendors.intake_forms import ExposureForm
from vendors.models import Vendor
from vendors.queries import (
    default_service,
    exposure_of_service,
    get_service,
    get_vendor,
    services_of,
    tierings_of,
)
from vendors.service_commands import overrides_of
from vendors.service_models import Service
from vendors.tiering import tier_for
from vendors.views import bp

CHANGED = _l(
    "Somebody else changed the answers while you had them open. The tier below is theirs, "
    "the answers are yours: compare and save again."
)


@bp.get("/vendors/<uuid:vendor_id>/exposure")
@requires(Permission.VENDOR_READ)
def exposure(vendor_id: UUID) -> ResponseReturnValue:
    """Show a service's answers, its tier and how the tier comes about."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    service = _chosen(session(), vendor_id, request.args.get("service"))
    return _exposure_page(vendor, service)


@bp.post("/vendors/<uuid:vendor_id>/exposure")
@requires(Permission.VENDOR_EDIT)
def set_exposure(vendor_id: UUID) -> ResponseReturnValue:
    """Store a service's answers and its new tier."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    service = _chosen(session(), vendor_id, request.form.get("service"))
    form = ExposureForm(request.form)
    if not form.validate():
        return _exposure_page(vendor, service, form=form), 422
    if form.version.data != service.version:
        form.form_errors.append(CHANGED)
        form.version.raw_data, form.version.data = None, service.version
        return _exposure_page(vendor, service, form=form), 409
    found = commands.set_exposure(
        session(), service, form.exposure(), dict(form.answers()), by=me().author, at=clock.now()
    )
    flash(_("%(name)s is in tier %(tier)s.", name=service.name, tier=found.tier), "ok")
    return redirect_to("vendors.exposure", vendor_id=vendor_id, service=service.id)


@bp.post("/vendors/<uuid:vendor_id>/services")
@requires(Permission.VENDOR_EDIT)
def add_service(vendor_id: UUID) -> ResponseReturnValue:
    """Add something else we buy from a vendor."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = ServiceForm(request.form)
    if not form.validate():
        service = default_service(session(), vendor_id)
        return _exposure_page(vendor, service, service_form=form), 422
    try:
        service = commands.add_service(
            session(), vendor, form.service_name.data or "", by=me().author, at=clock.now()
        )
    except Refused as refusal:
        form.service_name.errors = [str(refusal)]
        service = default_service(session(), vendor_id)
        return _exposure_page(vendor, service, service_form=form), 422
    return redirect_to("vendors.exposure", vendor_id=vendor_id, service=service.id)


@bp.post("/vendors/<uuid:vendor_id>/services/<uuid:service_id>/override")
@requires(Permission.VENDOR_OVERRIDE)
def override(vendor_id: UUID, service_id: UUID) -> ResponseReturnValue:
    """Give a service a lower tier for a time."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    service = get_service(session(), vendor_id, service_id)
    form = OverrideForm(request.form)
    if not form.validate() or form.ends_on.data is None:
        return _exposure_page(vendor, service, override_form=form), 422
    wanted = Override(
        tier=form.tier.data,
        reason=form.reason.data or "",
        ends_on=form.ends_on.data,
        compensating_control=form.compensating_control.data or "",
    )
    try:
        override_tier(session(), service, wanted, by=me().author, at=clock.now())
    except Refused as refusal:
        session().rollback()
        form.form_errors.append(str(refusal))
        return _exposure_page(vendor, service, override_form=form), 422
    flash(_("The lower tier is in force."), "ok")
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


def _chosen(session: Session, vendor_id: UUID, given: str | None) -> Service:
    if not given:
        return default_service(session, vendor_id)
    try:
        return get_service(session, vendor_id, UUID(given))
    except ValueError:
        raise Missing from None


def _exposure_page(
    vendor: Vendor,
    service: Service,
    *,
    form: ExposureForm | None = None,
    service_form: ServiceForm | None = None,
    override_form: OverrideForm | None = None,
) -> str:
    touched = exposure_of_service(service)
    overrides = overrides_of(session(), service.id)
    answers = dict(service.intake, service=str(service.id), version=service.version)
    return page(
        "vendors/exposure.html",
        vendor=vendor,
        service=service,
        services=services_of(session(), vendor.id),
        tiering=tier_for(touched),
        lines=lines_of(touched),
        history=tierings_of(session(), service.id)[:10],
        overrides=overrides,
        names=names_of(session(), {one.approver_id for one in overrides if one.approver_id}),
        form=form or ExposureForm(data=answers),
        service_form=service_form or ServiceForm(),
        override_form=override_form or OverrideForm(),
        first_day=clock.today() + timedelta(days=1),
        last_day=add_months(clock.today(), 12),
        may_edit=me().may(Permission.VENDOR_EDIT),
        may_override=me().may(Permission.VENDOR_OVERRIDE),
    )
