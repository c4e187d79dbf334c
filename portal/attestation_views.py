"""Saying between reviews whether anything has changed: one tick and one press, and the receipt."""

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from organisation.queries import day_of, today_of
from portal.access import my_attestation, my_membership
from portal.attestation_forms import HINTS, AttestForm, what
from portal.session import PortalContact, contact_required
from portal.views import bp
from reviews.attestation_commands import declare
from reviews.attestation_models import Attestation
from reviews.attestation_rules import AttestationState, Change

__all__ = ["bp"]


@bp.get("/p/changes/<uuid:attestation_id>")
@contact_required
def attest(contact: PortalContact, attestation_id: UUID) -> ResponseReturnValue:
    """Show the form, or what was declared."""
    found = my_attestation(session(), contact, attestation_id)
    place = my_membership(contact, found.vendor_id)
    form = AttestForm(data={"name": contact.name, "role": place.job_title})
    return _page(contact, found, form)


@bp.post("/p/changes/<uuid:attestation_id>")
@contact_required
def declare_changes(contact: PortalContact, attestation_id: UUID) -> ResponseReturnValue:
    """Declare what has changed, or that nothing has."""
    found = my_attestation(session(), contact, attestation_id)
    form = AttestForm(request.form)
    if not form.validate():
        return _page(contact, found, form), 422
    at = clock.now()
    today = day_of(session(), at)
    try:
        declare(session(), found, form.declaration, today=today, by=contact.author, at=at)
    except Conflict as clash:
        return _page(contact, found, form, clash=str(clash)), 409
    except Refused as refusal:
        form.refuse(refusal)
        return _page(contact, found, form), 422
    return redirect_to("portal.attest", attestation_id=attestation_id)


def _page(contact: PortalContact, found: Attestation, form: AttestForm, *, clash: str = "") -> str:
    return page(
        "portal/attest.html",
        one=found,
        vendor_name=my_membership(contact, found.vendor_id).vendor_name,
        form=form,
        kinds=[(kind, form[kind.value], form[what(kind)], HINTS[kind]) for kind in Change],
        is_open=found.state is AttestationState.ASKED,
        clash=clash,
        today=today_of(session()),
    )
