"""Pages of evidence for staff: a vendor's library, taking a file in, giving it out."""

from typing import BinaryIO, cast
from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from evidence import commands
from evidence.downloads import send
from evidence.forms import UploadForm
from evidence.holds import held_files
from evidence.models import Evidence
from evidence.queries import evidence_of, find_same, get_evidence
from evidence.received import Received, discard
from evidence.rules import EvidenceKind
from foundation import clock
from foundation.db import database, session
from foundation.errors import Refused
from foundation.web import page, redirect_to
from organisation.queries import today_of
from vendors.queries import get_vendor
from vendors.rules import Visibility

bp = Blueprint("evidence", __name__)

NOTHING_CHOSEN = "Select a file."


@bp.get("/vendors/<uuid:vendor_id>/evidence")
@requires(Permission.EVIDENCE_READ)
def of_vendor(vendor_id: UUID) -> ResponseReturnValue:
    """Show a vendor's files and the form for another."""
    return _library(vendor_id, UploadForm())


@bp.post("/vendors/<uuid:vendor_id>/evidence")
@requires(Permission.EVIDENCE_ADD)
def add(vendor_id: UUID) -> ResponseReturnValue:
    """Take a file in. No transaction is open until it lies encrypted in the store."""
    with database().reading() as reading:
        get_vendor(reading, me().person_id, vendor_id)
        today = today_of(reading)
    form = UploadForm(request.form)
    if not form.is_sound(today):
        return _library(vendor_id, form), 422
    try:
        received = _received(vendor_id)
    except Refused as refusal:
        form.refuse(refusal)
        return _library(vendor_id, form), 422
    same = _same(received)
    if same is not None:
        discard(received)
        flash(_("This file is on record already, as %(reference)s.", reference=same), "info")
    else:
        row = _put(received, form)
        flash(_("%(reference)s is on record.", reference=row.reference), "ok")
    return redirect_to("evidence.of_vendor", vendor_id=vendor_id)


@bp.get("/evidence/<uuid:evidence_id>/download")
@requires(Permission.EVIDENCE_READ)
def download(evidence_id: UUID) -> ResponseReturnValue:
    """Give a file out, as an attachment."""
    row = get_evidence(session(), me().person_id, evidence_id)
    return send(row, by=me().author)


def _library(vendor_id: UUID, form: UploadForm) -> str:
    vendor = get_vendor(session(), me().person_id, vendor_id)
    files = evidence_of(session(), vendor_id)
    return page(
        "evidence/of_vendor.html",
        vendor=vendor,
        files=files,
        held=held_files(session(), [file.evidence_id for file in files]),
        form=form,
        may_add=me().may(Permission.EVIDENCE_ADD),
        today=today_of(session()),
    )


def _received(vendor_id: UUID) -> Received:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Refused(_(NOTHING_CHOSEN), where="file")
    stream = cast("BinaryIO", upload.stream)
    return commands.receive(
        stream, vendor_id=vendor_id, filename=upload.filename, by=me().author, at=clock.now()
    )


def _same(received: Received) -> str | None:
    """Return the reference of the file on record with these bytes."""
    with database().reading() as reading:
        found = find_same(reading, received.vendor_id, received.sha256)
        return found.reference if found else None


def _put(received: Received, form: UploadForm) -> Evidence:
    return commands.put_on_record(
        session(),
        received,
        vendor_id=received.vendor_id,
        title=form.title.data or "",
        kind=EvidenceKind(form.kind.data),
        issued_on=form.issued_on.data,
        valid_until=form.valid_until.data,
        visibility=Visibility(form.visibility.data),
        by=me().author,
        at=clock.now(),
    )
