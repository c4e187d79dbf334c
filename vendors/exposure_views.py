"""Pages of exposure: what our use of a service touches, and the tier that follows."""

from datetime import timedelta
from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from accounts.permissions import Permission, requires
from accounts.queries import list_staff
from accounts.signin import me
from foundation import clock
from foundation.choices import offered
from foundation.dates import add_months
from foundation.db import session
from foundation.errors import Missing, Refused
from foundation.web import page, redirect_to
from identity.queries import names_of
from organisation.queries import today_of
from vendors import commands
from vendors.arithmetic import lines_of
from vendors.exemption_commands import APPROVERS
from vendors.forms import OverrideForm, ServiceForm
from vendors.intake_forms import ExposureForm
from vendors.labels import TIER_NAMES
from vendors.models import Vendor
from vendors.queries import (
    default_service,
    exposure_of_service,
    get_service,
    get_vendor,
    model_of,
    services_of,
    tiering_of,
    tierings_of,
)
from vendors.service_commands import overrides_of
from vendors.service_models import Service
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
    service = chosen_service(session(), vendor_id, request.args.get("service"))
    return exposure_page(vendor, service)


@bp.post("/vendors/<uuid:vendor_id>/exposure")
@requires(Permission.VENDOR_EDIT)
def set_exposure(vendor_id: UUID) -> ResponseReturnValue:
    """Store a service's answers and its new tier."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    service = chosen_service(session(), vendor_id, request.form.get("service"))
    form = ExposureForm(request.form)
    if not form.validate():
        return exposure_page(vendor, service, form=form), 422
    if form.version.data != service.version:
        form.form_errors.append(CHANGED)
        form.version.raw_data, form.version.data = None, service.version
        return exposure_page(vendor, service, form=form), 409
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
        return exposure_page(vendor, service, service_form=form), 422
    try:
        service = commands.add_service(
            session(), vendor, form.service_name.data or "", by=me().author, at=clock.now()
        )
    except Refused as refusal:
        form.service_name.errors = [str(refusal)]
        service = default_service(session(), vendor_id)
        return exposure_page(vendor, service, service_form=form), 422
    return redirect_to("vendors.exposure", vendor_id=vendor_id, service=service.id)


def chosen_service(session: Session, vendor_id: UUID, given: str | None) -> Service:
    """Return the service an address names, or the default one. Raises Missing."""
    if not given:
        return default_service(session, vendor_id)
    try:
        return get_service(session, vendor_id, UUID(given))
    except ValueError:
        raise Missing from None


def override_form_of(session: Session, vendor: Vendor, service: Service) -> OverrideForm:
    """Return the form for another tier with what whoever looks may choose."""
    form = OverrideForm(request.form if request.endpoint == "vendors.override" else None)
    least = 1 if service.computed_tier is None else service.computed_tier
    may_lower = me().may(Permission.VENDOR_OVERRIDE)
    form.tier.choices = offered(
        (str(n), name) for n, name in TIER_NAMES.items() if n < least or (n > least and may_lower)
    )
    form.approver_id.choices = offered(
        (str(one.person_id), one.name)
        for one in list_staff(session)
        if one.roles & APPROVERS and one.person_id not in {me().person_id, vendor.owner_id}
    )
    return form


def exposure_page(
    vendor: Vendor,
    service: Service,
    *,
    form: ExposureForm | None = None,
    service_form: ServiceForm | None = None,
    override_form: OverrideForm | None = None,
) -> str:
    """Print the page of a service's exposure, with what somebody typed."""
    touched = exposure_of_service(service)
    overrides = overrides_of(session(), service.id)
    answers = dict(service.intake, service=str(service.id), version=service.version)
    return page(
        "vendors/exposure.html",
        vendor=vendor,
        service=service,
        services=services_of(session(), vendor.id),
        tiering=tiering_of(service),
        lines=lines_of(touched, model_of(service)),
        history=tierings_of(session(), service.id)[:10],
        overrides=overrides,
        names=names_of(session(), {one.approver_id for one in overrides if one.approver_id}),
        form=form or ExposureForm(data=answers),
        service_form=service_form or ServiceForm(),
        override_form=override_form or override_form_of(session(), vendor, service),
        first_day=today_of(session()) + timedelta(days=1),
        last_day=add_months(today_of(session()), 12),
        may_edit=me().may(Permission.VENDOR_EDIT),
        may_override=me().may(Permission.VENDOR_OVERRIDE),
    )
