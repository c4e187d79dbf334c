"""Pages of legal holds: what of a vendor is held, setting a hold and lifting it."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.proving import asks_again
from accounts.signin import me
from evidence.holds import find_hold, get_hold, holds_of, lift_hold, set_hold
from evidence.models import Evidence
from evidence.queries import evidence_of, find_evidence
from foundation import clock
from foundation.db import session
from foundation.errors import Missing, Refused
from foundation.web import page, redirect_to
from identity.queries import names_of
from operations.hold_forms import HoldForm
from operations.views import bp
from vendors.models import Vendor
from vendors.queries import get_vendor


@bp.get("/vendors/<uuid:vendor_id>/holds")
@requires(Permission.VENDOR_READ)
def holds(vendor_id: UUID) -> ResponseReturnValue:
    """Show what of a vendor is held, since when and why."""
    return _page(get_vendor(session(), me().person_id, vendor_id), HoldForm())


@bp.post("/vendors/<uuid:vendor_id>/holds")
@requires(Permission.HOLD_SET)
def set_legal_hold(vendor_id: UUID) -> ResponseReturnValue:
    """Hold the vendor, or one file of it."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = HoldForm(request.form)
    if not form.validate():
        return _page(vendor, form), 422
    file = _file(vendor, request.form.get("file", ""))
    try:
        set_hold(
            session(), vendor, file, reason=form.reason.data or "", by=me().author, at=clock.now()
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _page(vendor, form), 422
    flash(_("Held. Nothing of it is erased until the hold is lifted."), "ok")
    return redirect_to("operations.holds", vendor_id=vendor_id)


@bp.post("/vendors/<uuid:vendor_id>/holds/<uuid:hold_id>/lift")
@asks_again
@requires(Permission.HOLD_SET)
def lift_legal_hold(vendor_id: UUID, hold_id: UUID) -> ResponseReturnValue:
    """Lift a hold."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    hold = get_hold(session(), vendor_id, hold_id)
    form = HoldForm(request.form)
    if not form.validate():
        return _page(vendor, form), 422
    try:
        lift_hold(session(), hold, reason=form.reason.data or "", by=me().author, at=clock.now())
    except Refused as refusal:
        session().rollback()
        form.refuse(refusal)
        return _page(vendor, form), 422
    flash(_("The hold is lifted; the rules of retention count again."), "ok")
    return redirect_to("operations.holds", vendor_id=vendor_id)


def _file(vendor: Vendor, typed: str) -> Evidence | None:
    if not typed:
        return None
    try:
        found = find_evidence(session(), vendor.id, UUID(typed))
    except ValueError:
        raise Missing from None
    if found is None:
        raise Missing
    return found


def _page(vendor: Vendor, form: HoldForm) -> str:
    rows = holds_of(session(), vendor.id)
    files = evidence_of(session(), vendor.id)
    people = {one for row in rows for one in (row.set_by_id, row.lifted_by_id) if one}
    return page(
        "operations/holds.html",
        vendor=vendor,
        form=form,
        rows=rows,
        files={file.evidence_id: file for file in files},
        free=[file for file in files if file.erased_at is None],
        names=names_of(session(), people),
        whole=find_hold(session(), vendor.id, None),
        may_set=me().may(Permission.HOLD_SET),
    )
