"""What we stand on is away: the database, or room on a disk. Nothing typed is lost by that."""

import errno
import logging
import sqlite3

from flask import Flask, Response, g, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from foundation.db import READING_METHODS
from foundation.error_pages import answer, fault, wants_json
from foundation.errors import NoRoom, TooFast
from foundation.sent_forms import sent

log = logging.getLogger("duly")
RETRY_AFTER = 30
"""Seconds after which a program may try again."""

SLOWER = 5
"""Seconds after which a session that was too fast may go on."""

AGAIN = 5
"""Seconds after which whoever found no place for a large file may ask again."""

NO_SPACE = (
    "The disk is full, so nothing could be stored. What was saved before is kept and can be read. "
    "Whoever runs Duly has to make room; then send it again."
)
NO_STORE = (
    "The files cannot be reached, so nothing could be stored. What was saved before is kept. "
    "Whoever runs Duly can ask ./duly doctor; then send it again."
)
"""These two are for programs; a page says the rest in its own places."""
NO_ROOM = (
    "Many large files are on their way at this moment, so there was no place for this one. "
    "Nothing of it was stored: send it again in a minute."
)
STORE_AWAY = "The place where files are kept does not answer."
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_UNREACHED = frozenset(
    {errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM, errno.ESTALE, errno.ENOTDIR}
)
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
    app.register_error_handler(TooFast, _too_fast)
    app.register_error_handler(NoRoom, _no_room)


def _too_fast(error: TooFast) -> ResponseReturnValue:
    del error
    g.is_away = True  # this page costs no statement either
    reply = make_response(answer(429, "", sent=sent()))
    reply.headers["Retry-After"] = str(SLOWER)
    return reply


def _no_room(error: NoRoom) -> ResponseReturnValue:
    del error
    g.is_away = True  # this page costs no statement, and its form is not read
    reply = make_response(answer(503, NO_ROOM))
    reply.headers["Retry-After"] = str(AGAIN)
    reply.headers["Duly-No-Place"] = "1"  # the page's script comes again by itself
    return reply


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
    if sentence and not wants_json():
        sentence = STORE_AWAY if sentence == NO_STORE else ""
    cause = getattr(error, "orig", None) or error
    log.error("outage %s at %s: %s", g.get("request_id"), request.endpoint, type(cause).__name__)
    g.is_away = True
    reply = make_response(answer(status, sentence, sent=sent()))
    reply.headers["Retry-After"] = str(RETRY_AFTER)
    return reply
