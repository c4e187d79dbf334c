"""Evidence's side of the JSON API: a vendor's files, taking one in, giving one out."""

from datetime import date
from uuid import UUID

from flask import Response, jsonify, url_for
from flask.typing import ResponseReturnValue

from accounts.api_access import api_requires
from accounts.permissions import Permission
from accounts.signin import me
from evidence import api_shapes, commands
from evidence.dates import check_dates
from evidence.downloads import send
from evidence.queries import evidence_of, find_same, get_evidence, get_row
from evidence.received import Received, discard
from evidence.rules import EvidenceKind
from evidence.views import bp
from foundation import clock
from foundation.api_operations import Answer, Operation, describes
from foundation.api_shapes import page_of
from foundation.api_upload import FIELD, Upload, read_form
from foundation.db import database, session
from foundation.errors import Refused
from foundation.json_body import Body, text_in
from foundation.json_values import choice_in, day_in
from identity.rules import Scope
from organisation.queries import today_of
from vendors.queries import get_vendor
from vendors.rules import Visibility

__all__ = ["bp"]

GROUP = "Evidence"


@bp.get("/api/v1/vendors/<uuid:vendor_id>/evidence")
@api_requires(Permission.EVIDENCE_READ)
@describes(
    Operation(
        group=GROUP,
        does="List the files of a vendor",
        more="The newest first, all on one page.",
        answers={200: Answer("All of them.", page_of(api_shapes.ROW))},
    )
)
def api_list(vendor_id: UUID) -> ResponseReturnValue:
    """Answer the files of a vendor, the newest first."""
    get_vendor(session(), me().person_id, vendor_id)
    items = [api_shapes.row(each) for each in evidence_of(session(), vendor_id)]
    return jsonify({"items": items, "next": None})


@bp.post("/api/v1/vendors/<uuid:vendor_id>/evidence")
@api_requires(Permission.EVIDENCE_ADD, scope=Scope.WRITE)
@describes(
    Operation(
        group=GROUP,
        does="Put a file on record",
        more="It is looked into, scanned and encrypted before it is stored. The same bytes again"
        " give the record that is there.",
        upload=api_shapes.UPLOAD,
        answers={
            200: Answer("It was on record already.", api_shapes.ROW),
            201: Answer("It is on record.", api_shapes.ROW),
        },
    )
)
def api_add(vendor_id: UUID) -> ResponseReturnValue:
    """Take a file in. No transaction is open until it lies encrypted in the store."""
    with database().reading() as reading:
        get_vendor(reading, me().person_id, vendor_id)
        today = today_of(reading)
    upload, fields = read_form(api_shapes.UPLOAD)
    facts = _facts(fields, today)
    received = take_in(vendor_id, upload)
    with database().reading() as reading:
        same = find_same(reading, vendor_id, received.sha256)
    if same is not None:
        discard(received)
        return _answer(same.id, 200)
    row = _put(received, facts)
    return _answer(row, 201)


@bp.get("/api/v1/evidence/<uuid:evidence_id>/content")
@api_requires(Permission.EVIDENCE_READ)
@describes(
    Operation(
        group=GROUP,
        does="Take a copy of a file",
        more="Noted in the ledger. A file that was changed on disk is refused.",
        answers={200: Answer("Its bytes, as an attachment.", media="*/*")},
    )
)
def api_content(evidence_id: UUID) -> ResponseReturnValue:
    """Give a file out, as an attachment."""
    return send(get_evidence(session(), me().person_id, evidence_id), by=me().author)


def take_in(vendor_id: UUID, upload: Upload) -> Received:
    """Judge, scan and store what was sent, outside of any transaction. Raises Refused."""
    try:
        return commands.receive(
            upload.stream, vendor_id=vendor_id, filename=upload.name, by=me().author, at=clock.now()
        )
    except Refused as refusal:
        raise Refused(str(refusal), where=refusal.where or FIELD) from None


def _facts(fields: Body, today: date) -> Body:
    facts: Body = {
        "title": text_in(fields, "title"),
        "kind": choice_in(fields, "kind", EvidenceKind, otherwise=EvidenceKind.OTHER),
        "issued_on": day_in(fields, "issued_on"),
        "valid_until": day_in(fields, "valid_until"),
        "visibility": choice_in(fields, "visibility", Visibility, otherwise=Visibility.INTERNAL),
    }
    check_dates(facts["issued_on"], facts["valid_until"], today=today)
    return facts


def _put(received: Received, facts: Body) -> UUID:
    row = commands.put_on_record(
        session(),
        received,
        vendor_id=received.vendor_id,
        by=me().author,
        at=clock.now(),
        **facts,
    )
    return row.id


def _answer(evidence_id: UUID, status: int) -> Response:
    reply = jsonify(api_shapes.row(get_row(session(), evidence_id)))
    reply.status_code = status
    reply.headers["Location"] = url_for("evidence.api_content", evidence_id=evidence_id)
    return reply
