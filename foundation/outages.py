"""What we stand on is away: the database, or room on a disk. Nothing typed is lost by that."""

import errno
import logging
import sqlite3

from flask import Flask, Response, g, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from foundation.csrf import FIELD, is_from_here
from foundation.db import READING_METHODS
from foundation.error_pages import answer, fault
from foundation.idempotency import FIELD as ONCE

log = logging.getLogger("duly")
RETRY_AFTER = 30
"""Seconds after which a program may try again."""
MOST_BYTES = 512 * 1024
"""More than a section of answers; a larger form is not read only to be shown again."""
SECRET = ("password", "again", "old", "code", "secret")
"""Names of fields whose form is not printed again: these are typed anew."""

NO_SPACE = (
    "The disk is full, so nothing could be stored. What was saved before is kept and can be read. "
    "Whoever runs Duly has to make room; then send it again."
)
NO_STORE = (
    "The files cannot be reached, so nothing could be stored. What was saved before is kept. "
    "Whoever runs Duly can ask ./duly doctor; then send it again."
)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_UNREACHED = frozenset({errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM, errno.ESTALE})
_SQLITE_AWAY = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
)
_POSTGRESQL_AWAY = ("08", "53", "57P", "58")
"""Classes of SQLSTATE: no connection, no resources, being shut down, trouble of the system."""
_POSTGRESQL_FULL = "53100"


def install(app: Flask) -> None:
    """Tell an outage from a fault of ours."""
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(kind, _database)
    app.register_error_handler(OSError, _disk)
    app.jinja_env.globals["typed_of"] = typed


def _database(error: Exception) -> ResponseReturnValue:
    if isinstance(error, DBAPIError):
        if _is_full(error.orig):
            return _told(507, error, NO_SPACE)
        if not (error.connection_invalidated or _is_away(error.orig)):
            return fault(error)
    return _told(503, error)


def _disk(error: OSError) -> ResponseReturnValue:
    if error.errno in _FULL:
        return _told(507, error, NO_SPACE)
    if error.errno in _UNREACHED:
        return _told(503, error, NO_STORE)
    return fault(error)


def _is_full(found: BaseException | None) -> bool:
    if isinstance(found, sqlite3.Error):
        return _code(found) == sqlite3.SQLITE_FULL
    return getattr(found, "sqlstate", None) == _POSTGRESQL_FULL


def _is_away(found: BaseException | None) -> bool:
    if isinstance(found, sqlite3.Error):
        # On a GET it is we who let nobody write: then a refused write is our own fault.
        is_shut = _code(found) == sqlite3.SQLITE_READONLY and request.method not in READING_METHODS
        return is_shut or _code(found) in _SQLITE_AWAY
    state = getattr(found, "sqlstate", None)
    return state is None or str(state).startswith(_POSTGRESQL_AWAY)


def _code(found: sqlite3.Error) -> int:
    return getattr(found, "sqlite_errorcode", 0) & 0xFF


def _told(status: int, error: Exception, sentence: str = "") -> Response:
    cause = getattr(error, "orig", None) or error
    log.error("outage %s at %s: %s", g.get("request_id"), request.endpoint, type(cause).__name__)
    g.is_away = True
    reply = make_response(answer(status, sentence, sent=sent()))
    reply.headers["Retry-After"] = str(RETRY_AFTER)
    return reply


def sent() -> tuple[tuple[str, str], ...]:
    """Return the fields of the form that was sent, to be sent again as they are.

    Its token is its own, never a fresh one: a form of another site stays what it is. That of
    another site is not printed, nor one with a password.
    """
    is_small = 0 < (request.content_length or 0) <= MOST_BYTES
    if request.method in READING_METHODS or not is_small or not is_from_here():
        return ()
    fields = tuple(request.form.items(multi=True))
    names = {name for name, _ in fields}
    return () if FIELD not in names or names.intersection(SECRET) else fields


def typed(fields: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Return the texts worth reading among the fields of a form, each once."""
    hidden = {FIELD, ONCE}
    texts = (value.strip() for name, value in fields if name not in hidden)
    return tuple(dict.fromkeys(text for text in texts if " " in text))
