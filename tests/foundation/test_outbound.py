"""The way out: where it may not lead, and servers that do not behave."""

import socket
import threading
from contextlib import contextmanager
from ipaddress import ip_address

import pytest

from foundation import outbound
from foundation.errors import Refused
from foundation.outbound import Reach, Unreached, checked_address, may_call, post

NEAR = Reach()
PRIVATE = Reach(is_private_allowed=True)
DEMO = Reach(is_loopback_plain=True)


@pytest.mark.parametrize(
    ("address", "near", "private"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1::1", True, True),
        ("10.0.0.1", False, True),
        ("172.16.5.4", False, True),
        ("192.168.1.1", False, True),
        ("fd00::1", False, True),
        ("127.0.0.1", False, True),
        ("127.9.9.9", False, True),
        ("::1", False, True),
        ("::ffff:127.0.0.1", False, True),
        ("::ffff:10.0.0.1", False, True),
        ("64:ff9b::a00:1", False, True),
        ("2002:a00:1::", False, True),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("fe80::1", False, False),
        ("0.0.0.0", False, False),
        ("::", False, False),
        ("224.0.0.1", False, False),
        ("ff02::1", False, False),
        ("255.255.255.255", False, False),
        ("100.64.0.1", False, False),
        ("168.63.129.16", False, False),
        ("::ffff:168.63.129.16", False, False),
        ("100.100.100.200", False, False),
        ("fec0::1", False, True),
        ("::7f00:1", False, False),
        ("64:ff9b:1::a00:1", False, False),
        ("64:ff9b::a9fe:a9fe", False, False),
        ("2002:7f00:1::1", False, True),
    ],
)
def test_where_nothing_is_sent(address, near, private):
    assert may_call(ip_address(address), NEAR) == near
    assert may_call(ip_address(address), PRIVATE) == private


def test_the_demo_reaches_this_machine_and_no_other_inside():
    assert may_call(ip_address("127.0.0.1"), DEMO)
    assert not may_call(ip_address("10.0.0.1"), DEMO)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "example.com",
        "ftp://example.com",
        "file:///etc/passwd",
        "http://example.com",
        "http://localhost:8000",
        "https://",
        "https:///path",
        "https://user:secret@example.com",
        "https://user@example.com",
        "https://example.com/#part",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://[::1",
        "https://10.0.0.1/",
        "https://[::ffff:169.254.169.254]/",
        "https://exa mple.com",
        "https://example.com/\r\nHost: other",
        "https://exämple.com/",
        "https://example.com/" + "a" * 500,
    ],
)
def test_an_address_that_may_not_be_called_is_refused_without_asking_anybody(typed, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: pytest.fail("asked"))
    with pytest.raises(Refused):
        checked_address(typed, NEAR)


def test_an_address_that_may_be_called_stays_as_it_is():
    assert (
        checked_address(" https://example.com:8443/a?b=c ", NEAR)
        == "https://example.com:8443/a?b=c"
    )
    assert checked_address("http://localhost:9/x", DEMO) == "http://localhost:9/x"
    with pytest.raises(Refused):
        checked_address("http://example.com/", DEMO)


@contextmanager
def server(answer):
    """Answer each connection on this machine with these bytes, or by this function."""
    listening = socket.create_server(("127.0.0.1", 0))
    heard = []

    def serve():
        while True:
            try:
                connection, _peer = listening.accept()
            except OSError:
                return
            with connection:
                heard.append(connection.recv(65536))
                try:
                    answer(connection) if callable(answer) else connection.sendall(answer)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", heard
    finally:
        listening.close()


def test_a_name_that_leads_inside_is_not_called(monkeypatch):
    found = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: pytest.fail("called"))
    with pytest.raises(Unreached, match="private network"):
        post("https://two-faced.example/", b"{}", {}, NEAR)


def test_the_name_is_asked_once_and_the_checked_address_is_called(monkeypatch):
    asked = []
    with server(b"HTTP/1.1 204 No Content\r\n\r\n") as (url, heard):
        port = int(url.rpartition(":")[2])

        def resolve(host, _port, **_more):
            asked.append(host)
            return [(2, 1, 6, "", ("127.0.0.1", port))]

        with monkeypatch.context() as patched:
            patched.setattr(outbound.socket, "getaddrinfo", resolve)
            patched.setattr(
                outbound.socket,
                "create_connection",
                _connected,
            )
            assert post(f"http://rebinding.example:{port}/in?x=1", b"{}", {"A": "b"}, DEMO) == 204
    assert asked == ["rebinding.example"]
    assert heard[0].startswith(b"POST /in?x=1 HTTP/1.1\r\nHost: rebinding.example")


def _connected(address, timeout):
    made = socket.socket()
    made.settimeout(timeout)
    made.connect(address)
    return made


def test_a_redirect_is_an_answer_and_not_followed():
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with server(moved) as (url, heard):
        assert post(url, b"{}", {}, DEMO) == 302
        assert len(heard) == 1


def test_no_proxy_is_asked(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with server(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as (url, _heard):
        assert post(url, b"{}", {}, DEMO) == 200


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=range(6),
)
def test_an_answer_that_is_none_is_a_failure_with_a_sentence(answer):
    with server(answer) as (url, _heard), pytest.raises(Unreached, match="broke off"):
        post(url, b"{}", {}, DEMO)


def test_an_endless_answer_is_not_read_to_its_end():
    def pour(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"a" * 65536)

    with server(pour) as (url, _heard):
        assert post(url, b"{}", {}, DEMO) == 200


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\n"])
def test_who_answers_drop_by_drop_is_cut_off(monkeypatch, first):
    monkeypatch.setattr(outbound, "SECONDS", 0.2)
    stop = threading.Event()

    def drip(connection):
        connection.sendall(first)
        while not stop.wait(0.02):
            connection.sendall(b"X")

    with server(drip) as (url, _heard):
        with pytest.raises(Unreached, match="No whole answer"):
            post(url, b"{}", {}, DEMO)
        stop.set()


def test_nobody_there(monkeypatch):
    with pytest.raises(Unreached, match="Nobody listens"):
        post("http://127.0.0.1:1/", b"{}", {}, DEMO)
    monkeypatch.setattr(socket, "getaddrinfo", _nobody_knows)
    with pytest.raises(Unreached, match="not known"):
        post("https://no-such-name.invalid/", b"{}", {}, NEAR)


def _nobody_knows(*_args, **_more):
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "127.1", "0177.0.0.1"])
def test_other_spellings_of_this_machine_lead_nowhere(host):
    """They are no addresses to us, and the system takes them for 127.0.0.1."""
    with pytest.raises((Unreached, Refused)):
        post(checked_address(f"https://{host}/", NEAR), b"{}", {}, NEAR)


def test_https_wants_a_certificate():
    plain = server(b"HTTP/1.1 200 OK\r\n\r\n")
    with plain as (url, _heard), pytest.raises(Unreached, match="does not speak https"):
        post(url.replace("http:", "https:"), b"{}", {}, DEMO)
