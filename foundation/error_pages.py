"""Error pages: what happened, is anything lost, what to do, and a reference."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from foundation.errors import Conflict, Denied, Missing, Refused
from foundation.sent_forms import sent

log = logging.getLogger("duly")

STALE = (
    "Somebody else changed this while you had it open. Nothing of yours was stored. "
    "Go back, reload the page and make your change again."
)
AWAY = (
    "The database does not answer. Nothing of yours was stored. "
    "Try again in a minute; whoever runs Duly can ask ./duly doctor."
)
TOLD = {
    404: "There is nothing at this address for you.",
    405: "This address does not take this method. The header Allow names those it takes.",
    408: "This came so slowly that the rest was not waited for. Nothing of it was stored.",
    413: "This is too large to be taken in. A file may be 25 MB.",
    429: "This came faster than a person works. Nothing was changed: wait and send it again.",
    503: AWAY,
}
"""What a program is told where nobody said more."""
KNOWN = frozenset({400, 401, 403, 404, 405, 408, 409, 410, 413, 422, 429, 500, 503, 507})


def install(app: Flask) -> None:
    """Give every refusal and fault its page."""
    app.register_error_handler(Missing, _said(404))
    app.register_error_handler(Denied, _said(403))
    app.register_error_handler(Conflict, _said(409))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, fault)


def answer(
    status: int,
    sentence: str,
    reasons: tuple[str, ...] = (),
    *,
    where: str = "",
    sent: tuple[tuple[str, str], ...] = (),
) -> ResponseReturnValue:
    """Return the error page, or problem+json (RFC 9457) for a caller that asked for JSON.

    `sent` are the fields of a form that its page offers to send again.
    """
    reference = g.get("request_id", "")
    if wants_json():
        phrase = HTTPStatus(status).phrase
        said = sentence or TOLD.get(status, phrase)
        body = {
            "type": "about:blank",
            "title": phrase,
            "status": status,
            "detail": said,
            "error": said,
            "reasons": list(reasons),
            "where": where,
            "reference": reference,
        }
        reply = jsonify(body)
        reply.content_type = "application/problem+json"
        return reply, status
    shown = status if status in KNOWN else 500
    try:
        text = render_template(
            f"errors/{shown}.html",
            sentence=sentence,
            reasons=reasons,
            reference=reference,
            sent=sent,
        )
    except SQLAlchemyError:  # even a page of ours asks it who we are
        said = f"{AWAY} Reference: {reference}\n"
        return Response(said, status if status < 500 else 503, content_type="text/plain")
    return text, status


def wants_json() -> bool:
    """Return whether the caller asked for JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.path.startswith("/api/") or best == "application/json"


def _said(status: int) -> Callable[[Exception], ResponseReturnValue]:
    return lambda error: answer(status, str(error))


def _refused(error: Refused) -> ResponseReturnValue:
    return answer(422, str(error), error.reasons, where=error.where)


def _stale(error: Exception) -> ResponseReturnValue:
    log.warning("conflict %s at %s: %s", g.get("request_id"), request.endpoint, type(error))
    return answer(409, STALE, sent=sent())


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    reply = make_response(answer(status, ""))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        reply.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return reply


def fault(error: Exception) -> ResponseReturnValue:
    """Answer what nobody foresaw: noted with its trace, shown with a reference only."""
    log.error("fault %s at %s", g.get("request_id"), request.endpoint, exc_info=error)
    return answer(500, "")
