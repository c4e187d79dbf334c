"""The line to a browser that is slow: a page never waits for it, a file does for a while."""

import socket

import pytest
from werkzeug.exceptions import RequestTimeout

from operations import wire
from operations.wire import LEAST, Line, Slow, Speed


@pytest.fixture
def ends():
    """Yield a line of ours and the other end of it, which takes little at once."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    yield Line(ours), theirs
    ours.close()
    theirs.close()


def test_a_page_reads_what_is_here_and_never_waits(ends):
    line, theirs = ends
    line.ready += b"here"
    theirs.sendall(b"later")
    assert (line.recv(3), line.recv(8)) == (b"her", b"e")
    with pytest.raises(Slow):
        line.recv(1)


def test_the_answer_of_a_page_is_left_for_who_reads_slowly(ends):
    line, theirs = ends
    answer = bytes(range(256)) * 4000
    line.sendall(answer[:500_000])
    line.sendall(answer[500_000:])
    assert line.waiting > len(answer) // 2
    got = b""
    while len(got) < len(answer):
        got += theirs.recv(65_536)
        line.drain()
    assert (got, line.left) == (answer, [])


def test_more_than_may_be_left_is_sent_at_a_least_speed(ends, monkeypatch):
    line, _ = ends
    monkeypatch.setattr(wire, "MOST_OF_A_PAGE", 1000)
    monkeypatch.setattr(wire, "WINDOW", 0.02)
    with pytest.raises(Slow):
        line.sendall(b"x" * 1_000_000)


def test_a_file_that_does_not_come_is_not_waited_for(ends, monkeypatch):
    line, theirs = ends
    monkeypatch.setattr(wire, "WINDOW", 0.02)
    line.waits = True
    theirs.sendall(b"a little")
    assert line.recv(100) == b"a little"
    with pytest.raises(RequestTimeout):
        line.recv(100)
    line.is_answered = True
    with pytest.raises(Slow):
        line.recv(100)


def test_each_window_needs_its_bytes_and_work_between_them_does_not_count():
    speed = Speed()
    speed.note(LEAST - 1, wire.WINDOW / 2)
    assert speed.left == wire.WINDOW / 2
    speed.note(1, wire.WINDOW / 3)
    assert speed.left == wire.WINDOW
    speed.note(LEAST - 1, wire.WINDOW)
    with pytest.raises(Slow):
        _ = speed.left


def test_a_line_of_twenty_kilobytes_a_second_is_fast_enough_by_far():
    assert 20_000 * wire.WINDOW >= 10 * LEAST
