"""What a head says about its size, told ugly."""

import pytest

from operations.heads import LONGEST_HEAD, SMALL, Need, need_of, session_of

HOST = b"Host: localhost\r\n"


def post(*lines, body=b"", address=b"/x"):
    return (
        b"POST "
        + address
        + b" HTTP/1.1\r\n"
        + b"".join(x + b"\r\n" for x in lines)
        + b"\r\n"
        + body
    )


UGLY = {
    "nothing": (b"", Need.MORE),
    "half a head": (b"GET / HTTP/1.1\r\nHost: lo", Need.MORE),
    "a head": (b"GET / HTTP/1.1\r\n" + HOST + b"\r\n", Need.PAGE),
    "blank lines only": (b"\r\n\r\n", Need.PAGE),
    "a head without end": (b"GET / HTTP/1.1\r\nX: " + b"y" * LONGEST_HEAD, Need.SHORTER),
    "half a small body": (post(b"Content-Length: 5", body=b"abc"), Need.MORE),
    "a small body": (post(b"content-length:5", body=b"abcde"), Need.PAGE),
    "the largest small one": (post(b"Content-Length: %d" % SMALL, body=b"x" * SMALL), Need.PAGE),
    "one more": (post(b"Content-Length: %d" % (SMALL + 1)), Need.FILE),
    "noughts before it": (post(b"Content-Length: 0000000005", body=b"abcde"), Need.PAGE),
    "more digits than a number has": (post(b"Content-Length: " + b"9" * 5000), Need.FILE),
    "two lengths": (post(b"Content-Length: 5", b"Content-Length: 5"), Need.PAGE),
    "a length that is none": (post(b"Content-Length: 0x10"), Need.PAGE),
    "digits of another script": (post("Content-Length: \u0665".encode()), Need.PAGE),
    "pieces": (post(b"Transfer-Encoding: chunked"), Need.FILE),
    "pieces and a length": (post(b"Content-Length: 0", b"transfer-encoding : x"), Need.FILE),
    "who asks first": (post(b"Content-Length: 5", b"Expect: 100-continue"), Need.FILE),
    "a file": (b"GET /p/evidence/1/download?x=1 HTTP/1.1\r\n\r\n", Need.FILE),
    "no address": (b"GET\r\n\r\n", Need.PAGE),
}


@pytest.mark.parametrize("name", UGLY)
def test_what_a_request_needs(name):
    said, need = UGLY[name]
    assert need_of(bytearray(said)) is need


def test_whose_it_is():
    names = (b"duly_staff", b"duly_portal")
    assert session_of(post(b"Cookie: a=b; duly_portal=abc=; c=d"), names) == b"abc="
    assert session_of(post(b"cookie: a=b", b"Authorization: Bearer x"), names) == b"Bearer x"
    assert session_of(post(b"Cookie: duly_portal_not=abc"), names) == b""
