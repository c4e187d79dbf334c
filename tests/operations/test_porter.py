"""The porter listens to slow people himself, and gives threads to those who have said all."""

import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import pytest

from operations.heads import SMALL
from tests.mail.server import free_port
from tests.operations.served import PATIENCE, ROOT

pytestmark = pytest.mark.slow

PAGE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
SILENCE = 30
"""Seconds after which nobody says anything any more, on any machine."""
HALF = b"GET / HTTP/1.1\r\nHost: local"
LARGE = SMALL + 1


@pytest.fixture(scope="module")
def port():
    found = free_port()
    command = [sys.executable, "-m", "tests.operations.porter_house", str(found)]
    house = subprocess.Popen(command, cwd=ROOT)
    until = time.monotonic() + PATIENCE
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", found)):
            break
        assert house.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    yield found
    house.terminate()
    house.wait(PATIENCE)


@contextmanager
def saying(port, said):
    with socket.create_connection(("127.0.0.1", port), timeout=SILENCE) as line:
        line.sendall(said)
        yield line


def answer(line, ends=b""):
    """Read until the end of an answer, or of the line."""
    got = b""
    while not (ends and got.endswith(ends)) and (part := line.recv(65_536)):
        got += part
    return got


def test_who_does_not_come_to_an_end_is_told_so(port):
    with saying(port, HALF) as line:
        got = answer(line)
    assert got.startswith(b"HTTP/1.1 408 ")
    assert b"did not come whole in time" in got
    with saying(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf") as line:
        assert answer(line).startswith(b"HTTP/1.1 408 ")


def test_who_says_nothing_is_let_go_without_a_word(port):
    with saying(port, b"") as line:
        assert answer(line) == b""


def test_a_head_without_end_is_refused(port):
    with saying(port, b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000) as line:
        assert answer(line).startswith(b"HTTP/1.1 431 ")


def test_two_requests_in_one_breath_have_two_answers_on_a_line_that_stays(port):
    with saying(port, PAGE + PAGE) as line:
        got = b""
        while got.count(b"HTTP/1.1 200 OK") < 2 or not got.endswith(b"\r\n\r\n0"):
            got += line.recv(65_536)
        line.sendall(PAGE[:20])
        line.sendall(PAGE[20:])
        assert answer(line, b"\r\n\r\n0").startswith(b"HTTP/1.1 200 OK")


def test_an_answer_that_breaks_off_ends_its_line_and_no_process(port):
    who = PAGE.replace(b"/ ", b"/who ", 1).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with saying(port, who) as line:
        before = answer(line).rpartition(b"\r\n")[2]
    with saying(port, PAGE.replace(b"/ ", b"/breaks-off ", 1)) as line:
        assert answer(line).endswith(b"\r\n\r\nhalf")
    with saying(port, who) as line:
        assert answer(line).rpartition(b"\r\n")[2] == before, "another process had to take over"


def test_where_it_is_full_the_slowest_make_room(port):
    with saying(port, HALF) as first:
        others = [socket.create_connection(("127.0.0.1", port)) for _ in range(30)]
        with saying(port, PAGE) as page:
            assert answer(page, b"\r\n\r\n0").startswith(b"HTTP/1.1 200 OK")
        with suppress(ConnectionError):
            assert answer(first) == b"", "cut off without a word"
        for each in others:
            each.close()


def test_who_finds_no_place_for_a_large_body_is_told_and_who_has_one_is_not_hurried(port):
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % LARGE
    with saying(port, head + b"x" * 10) as holder:
        with saying(port, PAGE) as page:
            assert answer(page, b"\r\n\r\n0").startswith(b"HTTP/1.1 200 OK")
        with saying(port, head + b"x" * 1000) as other:
            got = other.recv(12)
            assert got == b"HTTP/1.1 503"
            with suppress(OSError):  # it may go on: what it says is heard and thrown away
                other.sendall(b"x" * (LARGE - 1000))
        holder.sendall(b"x" * (LARGE - 10))
        assert answer(holder, b"%d" % LARGE).startswith(b"HTTP/1.1 200 OK")
