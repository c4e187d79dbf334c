"""People on lines that hardly move: they begin to speak, or to listen, and never come to an end."""

import socket
import threading
import time
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from tests.attacks.files_ground import multipart
from tests.operations.served import PATIENCE

PAUSE = 0.2


def head_of(path, headers, method="POST"):
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode()


class Dripping:
    """Connections that say something and then a byte now and then; they read as slowly."""

    def __init__(self, url, said, *, drip=b"x"):
        self.said, self.drip = said, drip
        self.place = place_of(url)
        self.lines = []
        self.over = threading.Event()

    @contextmanager
    def hold(self, count):
        """Hold so many connections while somebody else does something."""
        try:
            self.lines = [self._line() for _ in range(count)]
            dripping = threading.Thread(target=self._go_on)
            dripping.start()
            try:
                time.sleep(3 * PAUSE)  # until each of them has what it can get
                yield self
            finally:
                self.over.set()
                dripping.join()
        finally:
            for line in self.lines:
                line.close()

    def _line(self):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(PATIENCE)
        line.connect(self.place)
        line.sendall(self.said)
        line.setblocking(False)
        return line

    def _go_on(self):
        while not self.over.wait(PAUSE):
            for line in self.lines:
                with suppress(OSError):
                    line.send(self.drip)
                with suppress(OSError):
                    line.recv(200)


def bringing(hand, content, headers, *, announced=None):
    """Write an upload; `announced` is the length its head tells."""
    known = {"vendor_id": str(hand.vendor_id), "kind": "other"}
    body, boundary = multipart(content, "slow.txt", "text/plain", known)
    told = {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Content-Length": announced or len(body),
    }
    return head_of("/p/evidence", headers | told) + body[: -20 if announced else None]


def send_slowly(url, said, per_second):
    """Send a request at so many bytes a second; return the status of its answer."""
    with socket.create_connection(place_of(url), timeout=PATIENCE) as line:
        began = time.monotonic()
        for at in range(0, len(said), 4096):
            line.sendall(said[at : at + 4096])
            time.sleep(max(0.0, (at + 4096) / per_second - (time.monotonic() - began)))
        return int(line.recv(64).split(b" ")[1])


def place_of(url):
    return urlsplit(url).hostname, urlsplit(url).port
