"""Doors of the PCI responsibility matrix: looking at it, working on it, storing it."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.permissions import Permission, requires
from accounts.signin import me
from contracts.matrix_commands import save_matrix as store
from contracts.matrix_forms import MatrixForm, form_of
from contracts.matrix_page import edit_page, read_page
from contracts.matrix_queries import find_matrix
from contracts.matrix_rules import differing
from contracts.views import bp
from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import redirect_to
from vendors.queries import get_vendor

__all__ = ["bp"]


@bp.get("/vendors/<uuid:vendor_id>/pci-matrix")
@requires(Permission.CONTRACT_READ)
def matrix(vendor_id: UUID) -> ResponseReturnValue:
    """Show who meets which requirement, until when that holds, and what is missing."""
    return read_page(get_vendor(session(), me().person_id, vendor_id))


@bp.get("/vendors/<uuid:vendor_id>/pci-matrix/edit")
@requires(Permission.CONTRACT_EDIT)
def edit_matrix(vendor_id: UUID) -> ResponseReturnValue:
    """Show the matrix for editing."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    stored = find_matrix(session(), vendor_id)
    if stored is None:
        return edit_page(vendor, form_of(0, None, ()))
    return edit_page(vendor, form_of(stored.version, stored.agreed_on, stored.lines))


@bp.post("/vendors/<uuid:vendor_id>/pci-matrix/edit")
@requires(Permission.CONTRACT_EDIT)
def save_matrix(vendor_id: UUID) -> ResponseReturnValue:
    """Store the matrix, all of it or nothing."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = MatrixForm(request.form)
    if not form.validate():
        return edit_page(vendor, form), 422
    version, by = form.version.data or 0, me().author
    try:
        store(session(), vendor, form.facts(), version=version, by=by, at=clock.now())
    except Conflict as conflict:
        form.refuse(conflict)
        return edit_page(vendor, form, theirs=find_matrix(session(), vendor_id)), 409
    except Refused as refusal:
        form.refuse(refusal)
        return edit_page(vendor, form), 422
    flash(_("Saved."), "ok")
    return redirect_to("contracts.matrix", vendor_id=vendor_id)


@bp.post("/vendors/<uuid:vendor_id>/pci-matrix/rework")
@requires(Permission.CONTRACT_EDIT)
def rework_matrix(vendor_id: UUID) -> ResponseReturnValue:
    """Write one owner down many lines, or split a requirement; nothing is stored."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = MatrixForm(request.form)
    if not form.validate():
        return edit_page(vendor, form), 422
    before = form.typed()
    try:
        is_split = request.form.get("step") == "split"
        lines = form.asked_split() if is_split else form.asked_filling()
    except Refused as refusal:
        form.refuse(refusal)
        return edit_page(vendor, form), 422
    n = len(differing(before, lines))
    said = ngettext("%(num)d line is new or filled in.", "%(num)d lines are new or filled in.", n)
    reworked = form_of(form.version.data or 0, form.agreed_on.data, lines)
    return edit_page(vendor, reworked, said=said)
