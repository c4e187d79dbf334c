"""Whether the house is up."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from foundation import schema
from foundation.db import database
from foundation.web import public

bp = Blueprint("operations", __name__)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    is_current = schema.revision_of(database()) == schema.newest()
    return jsonify(status="ok" if is_current else "migrate"), 200 if is_current else 503
