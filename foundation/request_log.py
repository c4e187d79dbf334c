"""One line and one count for each answered request: who by pseudonym, which door, how, how long."""

import logging
import time

from flask import Flask, Response, g, request
from flask.signals import request_finished, request_started

from foundation import metrics

log = logging.getLogger("duly.request")
NOWHERE = "none"
"""The endpoint of an address that leads nowhere; the address itself is never kept."""
QUIET = frozenset({"static", "operations.healthz", "operations.readyz", "operations.metrics"})
"""Asked all day long: counted, but no line each unless something was wrong."""


def install(app: Flask) -> None:
    """Listen to the beginning and end of every request."""
    request_started.connect(_begin, app)
    request_finished.connect(_finish, app)


def _begin(sender: Flask) -> None:
    del sender
    g.began = time.perf_counter()


def _finish(sender: Flask, response: Response) -> None:
    del sender
    spent = time.perf_counter() - g.get("began", time.perf_counter())
    endpoint, status = request.endpoint or NOWHERE, response.status_code
    metrics.current().note(request.method, endpoint, status, spent)
    if endpoint in QUIET and status < 400:
        return
    log.info(
        "request",
        extra={
            "request_id": g.get("request_id", ""),
            "method": request.method,
            "endpoint": endpoint,
            "status": status,
            "ms": round(spent * 1000),
            "actor": _pseudonym(),
        },
    )


def _pseudonym() -> str:
    """Return the name of the visitor in the ledger, which tells nobody who it is."""
    actor = getattr(g.get("visitor"), "actor", None)
    return str(actor.id) if actor is not None else ""
