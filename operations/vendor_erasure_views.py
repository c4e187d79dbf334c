"""The page of erasing a vendor wholly: a look at what would go, a typed word, a report."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.proving import asks_again
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Refused
from foundation.web import page, redirect_to
from operations.person_forms import TypedForm
from operations.table_words import in_words
from operations.vendor_erasing import erase_vendor, plan_of, refusal_to_erase_vendor
from operations.views import bp
from vendors.models import Vendor
from vendors.queries import get_vendor


@bp.get("/vendors/<uuid:vendor_id>/erasure")
@requires(Permission.VENDOR_ERASE)
def vendor_erasure(vendor_id: UUID) -> ResponseReturnValue:
    """Show what erasing a vendor would take away."""
    return _page(get_vendor(session(), me().person_id, vendor_id), TypedForm())


@bp.post("/vendors/<uuid:vendor_id>/erasure")
@asks_again
@requires(Permission.VENDOR_ERASE)
def erase_whole_vendor(vendor_id: UUID) -> ResponseReturnValue:
    """Erase a vendor and say how much it was."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = TypedForm(request.form)
    form.wanted = vendor.reference
    if not form.validate():
        return _page(vendor, form), 422
    try:
        gone = erase_vendor(session(), vendor, by=me().author, at=clock.now())
    except Refused as refusal:
        session().rollback()
        form.refuse(refusal)
        return _page(get_vendor(session(), me().person_id, vendor_id), form), 422
    count = sum(gone.values())
    flash(_("%(name)s was erased: %(count)d records.", name=form.wanted, count=count), "ok")
    return redirect_to("operations.kept")


def _page(vendor: Vendor, form: TypedForm) -> str:
    return page(
        "operations/vendor_erasure.html",
        vendor=vendor,
        form=form,
        rows=in_words(plan_of(session(), vendor)),
        refusal=refusal_to_erase_vendor(session(), vendor),
    )
