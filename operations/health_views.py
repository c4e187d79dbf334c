"""Whether the house is up, whether it can work, and its numbers: for machines without a session."""

import hmac

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from foundation import clock, schema, settings
from foundation import metrics as counts
from foundation.db import database
from foundation.errors import Missing
from foundation.web import Door, House, Plate, declare, public
from operations.gauges import Work
from operations.system_check import Grade
from operations.system_disk import check_storage
from operations.views import bp

ADDRESSES = ("/healthz", "/readyz", "/metrics")


def install(app: House) -> None:
    """Hang doors at which nobody is asked who they are: a database that is away must not matter."""
    for address in ADDRESSES:
        app.hang(Door(address, lambda _: None, has_cookies=False))


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    failed = _what_is_not_ready()
    if failed:
        return jsonify(status="not ready", failed=failed), 503
    return jsonify(status="ok")


def _what_is_not_ready() -> list[str]:
    failed = []
    try:
        if schema.revision_of(database()) != schema.newest():
            failed.append("schema")
    except SQLAlchemyError:
        failed.append("database")
    if check_storage(settings.current().evidence_dir).grade is not Grade.OK:
        failed.append("storage")
    return failed


def _check_token() -> None:
    wanted = settings.current().metrics_token
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    is_right = hmac.compare_digest(shown.strip().encode(), wanted.encode())
    if not (wanted and scheme.lower() == "bearer" and is_right):
        raise Missing


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    work = CollectorRegistry()
    work.register(Work(database(), clock.now()))
    told = generate_latest(counts.current().collected()) + generate_latest(work)
    return Response(told, content_type=CONTENT_TYPE_LATEST)


declare(metrics, Plate("token:metrics", _check_token))
