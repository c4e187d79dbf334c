"""Doors for a matrix as a file: taking it away, and reading a filled one into the form."""

from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.copies import note_copy
from accounts.permissions import Permission, requires
from accounts.signin import me
from audit.actions import Action
from contracts.matrix_file import FORMATS
from contracts.matrix_forms import form_of
from contracts.matrix_page import edit_page, read_page
from contracts.matrix_queries import find_matrix
from contracts.matrix_reading import Understood, understand
from contracts.matrix_rules import in_order
from contracts.views import bp
from foundation.db import database, session
from foundation.errors import Refused
from vendors.importing.sandboxed import read_in_sandbox
from vendors.importing.table import MOST_BYTES
from vendors.queries import get_vendor

__all__ = ["bp"]


@bp.get("/vendors/<uuid:vendor_id>/pci-matrix/download")
@requires(Permission.CONTRACT_READ)
def download_matrix(vendor_id: UUID) -> ResponseReturnValue:
    """Give the matrix out as CSV or XLSX; one that was never filled in is a form to fill."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    ending = request.args.get("format", "csv")
    if ending not in FORMATS:
        raise Refused(_("Choose CSV or XLSX."), where="format")
    stored = find_matrix(session(), vendor_id)
    media_type, write = FORMATS[ending]
    note_copy(Action.MATRIX_EXPORT, format=ending, reference=vendor.reference)
    response = Response(write(stored.lines if stored else in_order(())), content_type=media_type)
    name = f"pci-responsibilities-{vendor.reference}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/vendors/<uuid:vendor_id>/pci-matrix/import")
@requires(Permission.CONTRACT_EDIT)
def read_matrix(vendor_id: UUID) -> ResponseReturnValue:
    """Read a filled matrix into the form; nothing is stored. No transaction is open meanwhile."""
    with database().reading() as reading:
        get_vendor(reading, me().person_id, vendor_id)
    try:
        found = _understood()
    except Refused as refusal:
        found = Understood(problems=(str(refusal),))
    vendor = get_vendor(session(), me().person_id, vendor_id)
    if found.problems:
        return read_page(vendor, problems=found.problems), 422
    stored = find_matrix(session(), vendor_id)
    form = form_of(stored.version if stored else 0, None, found.lines)
    return edit_page(vendor, form, said=_said(found), passed=_passed(found))


def _understood() -> Understood:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Refused(_("Select a file."))
    payload = upload.stream.read(MOST_BYTES + 1)
    if not payload.strip():
        raise Refused(_("This file is empty. Choose one with a row for each requirement."))
    return understand(read_in_sandbox(payload, upload.filename))


def _said(found: Understood) -> str:
    n = len(found.lines)
    return str(ngettext("%(num)d line was read.", "%(num)d lines were read.", n))


def _passed(found: Understood) -> list[str]:
    """Return what was passed over, named."""
    told = [_("Enter the day it was agreed on: a file does not say it.")]
    if found.headings:
        rows = ", ".join(map(str, found.headings))
        told.append(_("Rows passed over as headings: %(rows)s.", rows=rows))
    if found.others:
        names = ", ".join(found.others)
        told.append(_("Columns not taken: %(names)s.", names=names))
    if found.sheets:
        names = ", ".join(found.sheets)
        told.append(_("Sheets not read: %(names)s.", names=names))
    return told
