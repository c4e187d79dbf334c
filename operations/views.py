"""System pages: the ledger, and whether the house is up."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from accounts.permissions import Permission, requires
from audit.queries import first_bad_entry
from foundation import schema
from foundation.db import database, session
from foundation.web import page, public
from operations.ledger_rows import entry_number, ledger_page

bp = Blueprint("operations", __name__)


@bp.get("/audit-log")
@requires(Permission.LEDGER_READ)
def ledger() -> str:
    before = entry_number(request.args.get("before"))
    return page("operations/ledger.html", found=ledger_page(session(), before=before), bad=None)


@bp.get("/audit-log/check")
@requires(Permission.LEDGER_READ)
def ledger_check() -> str:
    return page("operations/ledger_check.html", bad=first_bad_entry(session()))


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    is_current = schema.revision_of(database()) == schema.newest()
    return jsonify(status="ok" if is_current else "migrate"), 200 if is_current else 503
