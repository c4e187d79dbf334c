"""D17: requests whose ends are told in two ways, sent as raw bytes to the server as it ships."""

import pytest

from tests.attacks.browser import HOST, raw

pytestmark = pytest.mark.slow

HEAD = f"Host: {HOST}\r\n"
HIDDEN = f"GET /smuggled HTTP/1.1\r\nHost: {HOST}\r\n\r\n"
CHUNKED = f"0\r\n\r\n{HIDDEN}"


def post(*headers, body=""):
    """Write a request with these headers and a body."""
    lines = "".join(f"{header}\r\n" for header in headers)
    return f"POST /sign-in HTTP/1.1\r\n{HEAD}{lines}\r\n{body}".encode("latin-1")


LENGTH = f"Content-Length: {len(CHUNKED)}"
FRAMED_TWICE = {
    "both": post(LENGTH, "Transfer-Encoding: chunked", body=CHUNKED),
    "both, the other way round": post("Transfer-Encoding: chunked", LENGTH, body=CHUNKED),
    "two lengths": post("Content-Length: 0", LENGTH, body=CHUNKED),
    "a list of lengths": post(f"Content-Length: 0, {len(CHUNKED)}", body=CHUNKED),
    "a signed length": post(f"Content-Length: +{len(CHUNKED)}", body=CHUNKED),
    "a length that is none": post("Content-Length: 0x10", body=CHUNKED),
    "a negative length": post("Content-Length: -1", body=CHUNKED),
    "a folded length": post("Content-Length:\r\n 0", body=CHUNKED),
    "a blank before the colon": post("Content-Length : 0", body=CHUNKED),
    "a blank in the encoding": post("Transfer-Encoding : chunked", LENGTH, body=CHUNKED),
    "an unknown encoding": post("Transfer-Encoding: xchunked", LENGTH, body=CHUNKED),
    "chunked twice": post("Transfer-Encoding: chunked, chunked", body=CHUNKED),
    "chunked, then something": post("Transfer-Encoding: chunked, identity", body=CHUNKED),
    "a tab": post("Transfer-Encoding:\tchunked", LENGTH, body=CHUNKED),
    "a line of its own": post("X: y\nTransfer-Encoding: chunked", LENGTH, body=CHUNKED),
    "a bare return": post("X: y\rTransfer-Encoding: chunked", LENGTH, body=CHUNKED),
    "a nought": post("X: y\0", LENGTH, body=CHUNKED),
    "a chunk of no size": post("Transfer-Encoding: chunked", body=f"\r\n\r\n{HIDDEN}"),
    "a chunk with a sign": post("Transfer-Encoding: chunked", body=f"-1\r\n\r\n{HIDDEN}"),
    "a chunk with an underscore": post("Transfer-Encoding: chunked", body=f"1_0\r\n\r\n{HIDDEN}"),
    "a chunk that ends in a bare line": post(
        "Transfer-Encoding: chunked", body=f"1\r\nZ\nQ\r\n{HIDDEN}"
    ),
    "an old version": f"POST /sign-in HTTP/1.0\r\n{HEAD}Transfer-Encoding: chunked\r\n\r\n{CHUNKED}".encode(),
}


def answers(got):
    """Return the status of each answer on a line."""
    return [int(part[:3]) for part in got.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize("name", FRAMED_TWICE)
def test_D17_no_second_request_is_read_out_of_a_body(fort, name):
    got = raw(fort.port, FRAMED_TWICE[name])
    assert 404 not in answers(got), got
    assert answers(got)[0] in {400, 403, 501}, got
    assert answers(got)[1:] in ([], [400]), "the body was not understood, and the line is closed"


OVERSIZE = {
    "ten thousand headers": post(*(f"X-{n}: y" for n in range(10_000))),
    "a header of a megabyte": post("X: " + "y" * 1_000_000),
    "an address of a megabyte": f"GET /{'x' * 1_000_000} HTTP/1.1\r\n{HEAD}\r\n".encode(),
    "a cookie of a megabyte": post("Cookie: duly=" + "y" * 1_000_000),
}


@pytest.mark.parametrize("name", OVERSIZE)
def test_D17_a_head_without_end_is_refused(fort, name):
    got = raw(fort.port, OVERSIZE[name])
    assert answers(got) in ([400], [414], [431], []), got[:300]


STRANGE = {
    "a proxy's address": f"GET http://{HOST}/sign-in HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "an authority": f"GET {HOST}:80 HTTP/1.1\r\n{HEAD}\r\n",
    "a star": f"GET * HTTP/1.1\r\n{HEAD}\r\n",
    "no version": "GET /sign-in\r\n\r\n",
    "another version": f"GET /sign-in HTTP/2.0\r\n{HEAD}\r\n",
    "a low-case version": f"GET /sign-in http/1.1\r\n{HEAD}\r\n",
    "a blank before the name": f"GET /sign-in HTTP/1.1\r\n {HEAD}\r\n",
    "two hosts": f"GET /sign-in HTTP/1.1\r\n{HEAD}Host: evil.example\r\n\r\n",
    "no host": "GET /sign-in HTTP/1.1\r\n\r\n",
}


@pytest.mark.parametrize("name", STRANGE)
def test_D17_a_strange_first_line_is_answered_once_and_names_no_other_host(fort, name):
    got = raw(fort.port, STRANGE[name].encode())
    assert len(answers(got)) <= 1, got
    assert b"evil.example" not in got
    assert all(status < 500 or status in {501, 505} for status in answers(got)), got[:300]


def test_D17_a_chunk_may_say_more_of_itself_and_nothing_comes_of_it(fort):
    body = f'5;a="b"\r\nemail\r\n0;x={"y" * 100}\r\n\r\n'
    got = raw(fort.port, post("Transfer-Encoding: chunked", "Connection: close", body=body))
    assert answers(got) == [403]
    got = raw(fort.port, post("Transfer-Encoding: chunked", body=f"5;{'y' * 10_000_000}"))
    assert answers(got) in ([400], [403], [403, 400], [413], [])


def test_D17_who_expects_to_go_on_is_told_once(fort):
    got = raw(fort.port, post("Content-Length: 0", "Expect: 100-continue", "Connection: close"))
    assert answers(got) in ([100, 403], [403])
    got = raw(fort.port, post("Content-Length: 0", "Expect: 200-maybe", "Connection: close"))
    assert answers(got) in ([417], [400], [403])


def test_D17_a_client_cannot_name_the_place_the_product_is_mounted_at(fort):
    browser = fort.browser()
    plain = browser.get("/sign-in")
    for name in ("SCRIPT_NAME", "Script-Name", "PATH_INFO", "Path-Info", "X-Forwarded-Prefix"):
        answer = browser.send("GET", "/sign-in", headers={name: "/healthz"})
        assert answer.status == plain.status == 200, name
        assert "/healthz" not in answer.text, name
    for name in ("X-Forwarded-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"):
        answer = browser.send("GET", "/vendors", headers={name: "evil.example"})
        assert answer.header("Location") == "/sign-in?next=/vendors", name
