"""The porter: holds everybody who is still talking, so that no thread waits for a slow line.

Gunicorn's own worker gives a thread to whoever begins to speak; a head that comes byte by byte
keeps it. This one collects heads and small bodies in its loop, sends what slow readers leave, and
has threads of their own for large bodies and files, where a line forms.
"""

import errno
import selectors
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from foundation.crowding import PLACE, Place, Strangers
from foundation.csrf import cookie_name
from identity.sessions import COOKIES
from operations.file_line import FILES, FileLine
from operations.heads import Need, need_of, session_of
from operations.wire import Caller, Step

UNHURRIED = 20.0
"""Seconds in which a head, and a small body with it, has to come."""
UNMOVED = 30.0
"""Seconds after which a reader who takes nothing of an answer has gone."""
PARTING = 15.0
"""Seconds after the last byte of whoever is told to go while still sending: who is cut off does not
read why."""
LONGEST_PARTING = 120.0
AT_THE_END = 2.0
"""Seconds for everybody who is not served when the process is told to stop."""
MOST_LEFT = 64_000_000
"""Bytes of answers that wait for slow readers; beyond it who has waited longest is let go."""
SPARE = 32
LATE = b"The request did not come whole in time.\n"
TOO_LONG = b"The head of the request is too long.\n"


class Porter(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's worker with threads, none of which ever waits for a slow line of a page."""

    wsgi: Any

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401  gunicorn's own
        """Begin with nobody."""
        super().__init__(*given, **named)
        self.loose: dict[Caller, None] = {}
        self.in_line: FileLine[Caller] = FileLine()
        self.strangers = Strangers()
        self.swept = 0.0

    def init_process(self) -> None:
        """Make room for files beside the threads of pages, and run."""
        self.files = ThreadPoolExecutor(FILES)
        super().init_process()

    def load_wsgi(self) -> None:
        """Tell the application of the place a request has."""
        super().load_wsgi()
        self.names = tuple(cookie_name(each).encode() for each in COOKIES.values())
        inner = self.wsgi
        self.wsgi = lambda environ, start: inner(_placed(environ), start)

    def accept(self, listener: Any) -> None:  # noqa: ANN401
        """Listen to somebody who comes in; where it is full, who is slowest has to go."""
        try:
            sock, client = listener.accept()
        except OSError as fault:
            if fault.errno in {errno.EMFILE, errno.ENFILE}:
                self._let_one_go()
            elif fault.errno not in {errno.EAGAIN, errno.ECONNABORTED}:
                raise
            return
        self.nr_conns += 1
        if self.nr_conns > self.worker_connections - SPARE:
            self._let_one_go()
        caller = Caller(self.cfg, sock, client, listener.getsockname())
        self._hold(caller, selectors.EVENT_READ, self._hear, self.cfg.keepalive * 2)

    def murder_pending(self) -> None:
        """Let go of whoever is too late. Gunicorn calls this once in each turn of its loop."""
        now = time.monotonic()
        if now - self.swept < 0.2:
            return
        self.swept = now
        for caller in tuple(self.loose):
            if not self.alive:
                caller.until = min(caller.until, now + AT_THE_END)
            if caller in self.loose and caller.until < now:
                is_talking = caller.step == self._hear and caller.line.ready
                self._turn_away(caller, 408, LATE) if is_talking else self._drop(caller)
        for caller in self.in_line.too_late(now):
            self._serve_late(caller)

    def finish_request(self, conn: Caller, fs: "Future[Any]") -> None:
        """Take over from a thread: give the place on, send what is left, then listen or part."""
        conn.keeps = fs.exception() is None and bool(fs.result())
        place, conn.line.place = conn.line.place, None
        if place is not None:
            place.leave()
            self.in_line.leave(conn)
            self._next_in_line()
        try:
            conn.line.be_free()
            self._send_on(conn)
        except (OSError, ValueError):  # closed: gunicorn does so where an answer broke off
            self._forget(conn)

    def _hold(self, caller: Caller, event: int, step: Step, seconds: float) -> None:
        self.poller.register(caller.line.sock, event, partial(self._move, caller))
        caller.step, caller.until = step, time.monotonic() + seconds
        self.loose[caller] = None

    def _move(self, caller: Caller, sock: Any) -> None:  # noqa: ANN401  the poller's own
        del sock
        if caller not in self.loose:  # let go in this very turn
            return
        try:
            caller.step(caller)
        except BlockingIOError:
            return
        except OSError:
            self._drop(caller)

    def _release(self, caller: Caller) -> None:
        del self.loose[caller]
        self.poller.unregister(caller.line.sock)

    def _drop(self, caller: Caller) -> None:
        self._release(caller)
        self._forget(caller)

    def _forget(self, caller: Caller) -> None:
        self.nr_conns -= 1
        caller.close()

    def _let_one_go(self) -> None:
        """Make room: whoever has been at the same thing the longest has to go."""
        for oldest in tuple(self.loose)[:1]:
            self._drop(oldest)

    def _hear(self, caller: Caller) -> None:
        part = caller.line.recv_now()
        if not part:
            self._drop(caller)
            return
        if not caller.line.ready:
            caller.until = time.monotonic() + UNHURRIED
        caller.line.ready += part
        self._judge(caller)

    def _judge(self, caller: Caller) -> None:
        need = need_of(caller.line.ready)
        if need is Need.SHORTER:
            self._turn_away(caller, 431, TOO_LONG)
        elif need is not Need.MORE:
            self._release(caller)
            if need is Need.PAGE:
                self._serve(caller, self.tpool)
            else:
                self._line_up(caller)

    def _serve(self, caller: Caller, threads: ThreadPoolExecutor) -> None:
        done = threads.submit(self.handle, caller)
        done.add_done_callback(lambda f: self.method_queue.defer(self.finish_request, caller, f))

    def _line_up(self, caller: Caller) -> None:
        session = session_of(caller.line.ready, self.names)
        if self.in_line.enter(caller, session, time.monotonic()):
            self._next_in_line()
        else:
            self._serve_late(caller)

    def _next_in_line(self) -> None:
        for caller in self.in_line.next_ones():
            caller.line.waits, caller.line.place = True, Place(self.strangers)
            self._serve(caller, self.files)

    def _serve_late(self, caller: Caller) -> None:
        """Let the application say in its own words that there was no place."""
        caller.line.place = Place(self.strangers, is_late=True)
        self._serve(caller, self.tpool)

    def _keepalive_after(self, conn: Caller, keepalive: object) -> bool:
        conn.line.is_answered = True
        return bool(super()._keepalive_after(conn, keepalive))

    def _send_on(self, caller: Caller) -> None:
        """Send what a reader left behind; then listen to the same browser again, or part."""
        if caller.line.left:
            self._hold(caller, selectors.EVENT_WRITE, self._drain, UNMOVED)
            self._bound_what_is_left()
        elif caller.keeps and self.alive:
            self._hold(caller, selectors.EVENT_READ, self._hear, self.cfg.keepalive)
            caller.line.ready[:0] = caller.parser.unreader.take_buffered()
            if caller.line.ready:
                caller.until = time.monotonic() + UNHURRIED
                self._judge(caller)
        else:
            self._part(caller)

    def _drain(self, caller: Caller) -> None:
        caller.until = time.monotonic() + UNMOVED
        caller.line.drain()
        if not caller.line.left:
            self._release(caller)
            self._send_on(caller)

    def _bound_what_is_left(self) -> None:
        left = {each: each.line.waiting for each in self.loose if each.line.left}
        total = sum(left.values())
        for caller, size in left.items():
            if total <= MOST_LEFT:
                return
            total -= size
            self._drop(caller)

    def _turn_away(self, caller: Caller, status: int, sentence: bytes) -> None:
        self._release(caller)
        with suppress(OSError):
            caller.line.refuse(status, sentence)
        caller.keeps = False
        self._send_on(caller)

    def _part(self, caller: Caller) -> None:
        """Say goodbye and let the other end finish: cut off, it would not read our answer."""
        try:
            caller.line.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._forget(caller)
            return
        self._hold(caller, selectors.EVENT_READ, self._overhear, PARTING)
        caller.ends = time.monotonic() + LONGEST_PARTING

    def _overhear(self, caller: Caller) -> None:
        if not caller.line.recv_now():
            self._drop(caller)
        else:
            caller.until = min(time.monotonic() + PARTING, caller.ends)


def _placed(environ: dict[str, Any]) -> dict[str, Any]:
    environ[PLACE] = environ["gunicorn.socket"].place
    return environ
