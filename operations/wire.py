"""The line to one browser, which may be slow: no thread of a page ever waits for it."""

import errno
import socket
import time
from collections.abc import Callable
from typing import Any

from gunicorn.workers.gthread import TConn
from werkzeug.exceptions import RequestTimeout

from foundation.crowding import Place

LEAST = 120_000
"""Bytes of a large body or file that have to go over the line in each WINDOW: 2 kB a second, where
a bad line of our days has ten times as much."""
WINDOW = 60.0
"""Seconds."""
MOST_OF_A_PAGE = 8_000_000
"""Bytes of a page's answer that wait here for a slow reader; of more than that a thread waits."""
PART = 64 * 1024


class Slow(TimeoutError):  # noqa: N818  a state, not a fault
    """The other end is too slow. To the server it is as if it had hung up."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "The other end is too slow.")


class Speed:
    """Counts what went over a line while somebody waited for it; the work between is left out."""

    def __init__(self) -> None:
        """Begin a window."""
        self._moved, self._waited = 0, 0.0

    @property
    def left(self) -> float:
        """Seconds that may still be waited in this window. Raises Slow."""
        if self._waited >= WINDOW:
            raise Slow
        return WINDOW - self._waited

    def note(self, moved: int, waited: float) -> None:
        """Count bytes and the seconds they took; a full window is followed by the next one."""
        self._moved += moved
        self._waited += waited
        if self._moved >= LEAST:
            self._moved, self._waited = 0, 0.0


class Line:
    """A socket as gunicorn's thread uses it.

    Before a page everything is here already (`ready`), and its answer is left here (`left`) for the
    porter to send. Where it `waits`, a thread reads and sends by itself, at a least speed.
    """

    def __init__(self, sock: socket.socket) -> None:
        """Take over an accepted socket."""
        self.sock = sock
        self.ready = bytearray()
        self.left: list[memoryview] = []
        self.place: Place | None = None
        self.be_free()

    def be_free(self) -> None:
        """Belong to the porter again, who never waits."""
        self.sock.setblocking(False)
        self.waits = self.is_answered = False
        self._limit: float | None = None
        self.speed = Speed()

    def __getattr__(self, name: str) -> object:
        """Everything else is the socket's own."""
        return getattr(self.sock, name)

    def settimeout(self, seconds: float | None) -> None:
        """Bound the next reads further, as gunicorn does where it throws a body away."""
        self._limit = seconds

    def setblocking(self, flag: bool) -> None:
        """Do nothing: whoever waits here says how long."""

    def gettimeout(self) -> float | None:
        """Return what was last set."""
        return self._limit

    @property
    def waiting(self) -> int:
        """Bytes that were answered and not sent yet."""
        return sum(len(each) for each in self.left)

    def recv(self, size: int) -> bytes:
        """Return what came; for a page nobody waits. Raises Slow, or 408 before the answer."""
        if self.ready:
            part = bytes(self.ready[:size])
            del self.ready[:size]
            return part
        if not self.waits:
            raise Slow
        try:
            return self._read(size)
        except Slow:
            if self.is_answered:
                raise
            raise RequestTimeout from None

    def recv_now(self) -> bytes:
        """Return what is there without waiting. Raises BlockingIOError."""
        return self.sock.recv(PART)

    def sendall(self, content: bytes) -> None:
        """Send, or keep for the porter to send. Raises Slow."""
        parts = memoryview(content)
        if not self.waits:
            parts = parts if self.left else self._push(parts)
            if self.waiting + len(parts) <= MOST_OF_A_PAGE:
                self.left += [parts] if parts else []
                return
            self.waits = True
        left, self.left = self.left, []
        for each in (*left, parts):
            self._write(each)

    def refuse(self, status: int, sentence: bytes) -> None:
        """Answer before anybody knows what was asked, in plain words."""
        head = (
            f"HTTP/1.1 {status} \r\nConnection: close\r\nContent-Type: text/plain\r\n"
            f"Content-Length: {len(sentence)}\r\n\r\n"
        )
        self.sendall(head.encode() + sentence)

    def drain(self) -> None:
        """Send of what is left as much as goes without waiting."""
        while self.left:
            rest = self._push(self.left[0])
            if rest:
                self.left[0] = rest
                return
            del self.left[0]

    def _push(self, parts: memoryview) -> memoryview:
        """Send what goes without waiting; return the rest."""
        while parts:
            try:
                parts = parts[self.sock.send(parts) :]
            except BlockingIOError:
                break
        return parts

    def _read(self, size: int) -> bytes:
        left = self.speed.left
        self.sock.settimeout(left if self._limit is None else min(left, self._limit))
        began = time.monotonic()
        try:
            part = self.sock.recv(size)
        except TimeoutError:
            raise Slow from None
        self.speed.note(len(part), time.monotonic() - began)
        return part

    def _write(self, parts: memoryview) -> None:
        while parts:
            self.sock.settimeout(self.speed.left)
            began = time.monotonic()
            try:
                sent = self.sock.send(parts[:PART])
            except TimeoutError:
                raise Slow from None
            self.speed.note(sent, time.monotonic() - began)
            parts = parts[sent:]


class Caller(TConn):  # type: ignore[misc]
    """A connection, what it does while no thread has it, and until when it may."""

    step: "Step"
    until: float
    ends: float
    keeps = False

    def __init__(self, cfg: Any, sock: Any, client: Any, server: Any) -> None:  # noqa: ANN401
        """Take the accepted socket behind a line."""
        super().__init__(cfg, Line(sock), client, server)
        self.data_ready = True
        self.line: Line = self.sock


Step = Callable[[Caller], None]
