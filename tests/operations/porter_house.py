"""A porter in a hurry, with few places, before an application that counts what it is sent."""

import os
import sys

from foundation import settings
from foundation.crowding import keep_room
from foundation.errors import NoRoom
from foundation.settings import Settings
from operations import file_line, porter
from operations.serving import Server, options


def breaking_off():
    yield b"half"
    raise RuntimeError("The file was changed.")


def count(environ, start):
    if environ["PATH_INFO"] == "/breaks-off":
        start("200 OK", [("Content-Length", "100")])
        return breaking_off()
    if environ["PATH_INFO"] == "/who":
        told = b"%d" % os.getpid()
        start("200 OK", [("Content-Length", str(len(told))), ("Connection", "close")])
        return [told]
    status, told = "200 OK", b""
    try:
        keep_room(environ, is_known=True)
        told = b"%d" % len(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    except NoRoom:
        status = "503 Service Unavailable"
    start(status, [("Content-Length", str(len(told)))])
    return [told]


if __name__ == "__main__":
    settings.configure(Settings(base_url="http://localhost"))
    porter.UNHURRIED = 1.5
    file_line.PATIENCE, file_line.FILES = 0.5, 1
    chosen = options("127.0.0.1", int(sys.argv[1]), 1)
    changed = {"worker_connections": porter.SPARE + 8, "post_worker_init": None, "keepalive": 1}
    Server(chosen | changed, make=lambda: count).run()
