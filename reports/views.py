"""PLACEHOLDER by the lead until the real one lands: overwrite me."""

from uuid import UUID

from flask import Blueprint

from foundation.web import public

bp = Blueprint("reports", __name__)


@bp.get("/")
@public
def home() -> str:
    return "<!doctype html><html><title>x</title><body><h1>placeholder Acme Cloud</h1></body></html>"


@bp.get("/vendors/<uuid:vendor_id>")
@public
def vendor(vendor_id: UUID) -> str:
    return home()


@bp.get("/vendors/<uuid:vendor_id>/reports")
@public
def reports(vendor_id: UUID) -> str:
    return home()
