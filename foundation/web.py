"""The shell: doors, lock plates, one commit per request, pages and redirects."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, render_template, request, url_for
from flask import session as notes
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as AnyResponse

from foundation import idempotency
from foundation.connecting import is_deadlock
from foundation.crowding import keep_room
from foundation.csrf import check_csrf, cookie_name
from foundation.db import READING_METHODS, database, session
from foundation.errors import Denied, TooFast
from foundation.failpoints import failpoint
from foundation.pace import Pace
from foundation.spool import SpoolingRequest

log = logging.getLogger("duly")
_pace = Pace()
SAID = "_flashes"
"""Where Flask keeps what the next page is to say."""
MOST_DEADLOCKS = 3
"""How often one request is done anew before its asker hears of it."""

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Plate:
    """What a view demands of its visitor. `check` raises Denied, or answers a redirect."""

    name: str
    check: Callable[[], ResponseReturnValue | None]
    again: Callable[[], ResponseReturnValue | None] | None = None
    """Asked last, when the form is known to be ours: an answer of it stands before the view."""


@dataclass(frozen=True, slots=True)
class Door:
    """A way in: the addresses it covers and how it learns who stands there.

    `authenticate` reads in a transaction that is closed before the body is read.
    """

    prefix: str
    authenticate: Callable[[Session], object | None]
    has_cookies: bool = True
    after: Callable[[], None] | None = None
    """Runs when the reading is over: the place for a side_write such as last_seen."""
    paced_by: str = ""
    """The cookie whose bearer may send only so many changes a second; empty for no such limit."""


class House(Flask):
    """The application: Flask with doors, plates and one transaction per request."""

    request_class = SpoolingRequest

    def __init__(self, name: str, **folders: str) -> None:
        """Start with no doors; rooms hang them. `folders` are Flask's own."""
        super().__init__(name, **folders)  # type: ignore[arg-type]  # Flask names each of them
        self.doors: list[Door] = []
        self.before_request(_gate)
        self.teardown_request(_close)

    def hang(self, door: Door) -> None:
        """Add a way in; the longest matching prefix wins."""
        self.doors.append(door)
        self.doors.sort(key=lambda known: -len(known.prefix))

    def door(self) -> Door | None:
        """Return the door that covers the requested address."""
        return next((d for d in self.doors if request.path.startswith(d.prefix)), None)

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view, and commit before the answer leaves, or roll back."""
        if isinstance(request.routing_exception, RequestRedirect):
            return _respelled(request.routing_exception)
        if request.method in READING_METHODS or request.routing_exception is not None:
            return super().dispatch_request()
        key = idempotency.requested()
        replayed = idempotency.replay(key) if key else None
        if replayed is not None:
            return replayed
        failpoint("request.begun")
        try:
            response = self._done(key)
        except Exception:
            replayed = self._done_meanwhile(key)
            if replayed is None:
                raise
            return replayed
        if response.status_code < 400:
            return response
        return self._done_meanwhile(key) or response

    def _done(self, key: str | None) -> Response:
        """Do the work, and once more where two requests waited for each other's locks."""
        for _ in range(MOST_DEADLOCKS):
            try:
                return self._done_once(key)
            except OperationalError as error:
                if not is_deadlock(error):
                    raise
                log.warning("deadlock %s at %s", g.request_id, request.endpoint)
                _close(None)
                for upload in request.files.values():
                    upload.stream.seek(0)
        return self._done_once(key)

    def _done_once(self, key: str | None) -> Response:
        said = list(notes.get(SAID, ()))
        try:
            return self._done_and_kept(key)
        except Exception:
            if notes.get(SAID, []) != said:
                notes[SAID] = said  # nobody is told that something was saved which was not
            raise

    def _done_and_kept(self, key: str | None) -> Response:
        response = self.make_response(super().dispatch_request())
        if response.status_code >= 400:
            session().rollback()
            return response
        if key:
            idempotency.remember(session(), key, response)
        failpoint("request.before_commit")
        session().commit()
        failpoint("request.after_commit")
        return response

    def _done_meanwhile(self, key: str | None) -> AnyResponse | None:
        """Return the answer the same request got that came at the same time and was first."""
        if key is None:
            return None
        _close(None)
        return idempotency.replay(key)

    def refuse_undeclared_views(self) -> None:
        """Stop the start when a view declares no plate, and name it."""
        bare = sorted(
            {
                rule.endpoint
                for rule in self.url_map.iter_rules()
                if plate_of(self.view_functions[rule.endpoint]) is None
            }
        )
        if bare:
            raise RuntimeError(f"These views declare no right and cannot start: {', '.join(bare)}")


def declare(view: View, plate: Plate) -> View:
    """Hang a lock plate on a view. The gate opens no view without one."""
    view.__plate__ = plate  # type: ignore[attr-defined]
    return view


def plate_of(view: Callable[..., Any]) -> Plate | None:
    """Return the plate of a view, if it has one."""
    found: Plate | None = getattr(view, "__plate__", None)
    return found


def public(view: View) -> View:
    """Declare a view open to everybody."""
    return declare(view, Plate("public", lambda: None))


def _gate() -> ResponseReturnValue | None:
    """Find out who is there, check the plate, then the form's origin; the body comes last."""
    g.request_id = secrets.token_hex(8)
    g.visitor = None
    house = _house()
    door = house.door()
    if request.endpoint is None:
        return None
    if door is not None:
        _keep_pace(door)
        with database().reading() as reading:
            g.visitor = door.authenticate(reading)
        if door.after is not None:
            _note_visit(door.after)
    keep_room(request.environ, is_known=g.visitor is not None)
    plate = plate_of(house.view_functions[request.endpoint])
    if plate is None:
        raise Denied("This page declares no right, so it opens for nobody.")
    answer = plate.check()
    if answer is not None:
        return answer
    if request.method not in READING_METHODS and (door is None or door.has_cookies):
        check_csrf()
    return plate.again() if plate.again is not None else None


def _keep_pace(door: Door) -> None:
    """Refuse whoever sends changes like a machine, before it costs a statement. Raises TooFast."""
    if not door.paced_by or request.method in READING_METHODS:
        return
    token = request.cookies.get(cookie_name(door.paced_by), "")
    if token and not _pace.is_kept(token):
        raise TooFast


def _note_visit(note: Callable[[], None]) -> None:
    """Let a door note who was here; where nothing can be written, reading goes on without."""
    try:
        note()
    except OperationalError:
        if request.method not in READING_METHODS:
            raise
        log.warning("visit %s could not be noted", g.request_id)


def _respelled(found: RequestRedirect) -> AnyResponse:
    """Lead to the right spelling of an address within this house, whatever host was named."""
    there = urlsplit(found.new_url)
    return redirect(f"/{there.path.lstrip('/')}{'?' * bool(there.query)}{there.query}", found.code)


def _house() -> House:
    return cast("House", current_app)


def _close(error: BaseException | None) -> None:
    del error
    open_session: Session | None = g.pop("session", None)
    if open_session is not None:
        open_session.close()


def page(template: str, **context: object) -> str:
    """Print a page."""
    return render_template(template, **context)


def redirect_to(endpoint: str, **values: Any) -> Response:  # noqa: ANN401  as url_for takes them
    """Send the browser on with 303, so that a reload repeats nothing."""
    return cast("Response", redirect(url_for(endpoint, **values), code=303))
