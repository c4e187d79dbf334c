"""Asking a provider: one bounded JSON object, by way of the one door out."""

import pytest

from foundation import outbound
from foundation.outbound import MOST_JSON, Reach, Told, Unreached, ask_json
from tests.foundation.test_outbound import server

HERE = Reach(is_private_allowed=True, is_loopback_plain=True)


def answer(body, status=b"200 OK"):
    return b"HTTP/1.1 " + status + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def test_a_question_has_no_body_and_its_object_comes_back():
    with server(answer(b'{"a": [1]}')) as (url, heard):
        assert ask_json(f"{url}/x?y=1", HERE) == Told(200, {"a": [1]})
    assert heard[0].startswith(b"GET /x?y=1 HTTP/1.1\r\n")
    assert b"Accept: application/json\r\n" in heard[0]


def test_a_form_goes_by_post_with_its_headers():
    with server(answer(b"{}", b"400 Bad Request")) as (url, heard):
        assert ask_json(url, HERE, b"code=1", Authorization="Basic x").status == 400
    assert heard[0].startswith(b"POST / HTTP/1.1\r\n")
    assert b"Content-Type: application/x-www-form-urlencoded\r\n" in heard[0]
    assert b"Authorization: Basic x\r\n" in heard[0]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"<html>", b"\xff", b"[" * 100_000, b'{"a": 1'], ids=range(7)
)
def test_what_is_no_object_is_none(body):
    with server(answer(body)) as (url, _), pytest.raises(Unreached, match="no JSON object"):
        ask_json(url, HERE)


def test_an_answer_without_end_is_cut():
    def pour(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b" " * 65536)

    with server(pour) as (url, _), pytest.raises(Unreached, match=str(MOST_JSON)):
        ask_json(url, HERE)


def test_a_redirect_leads_nowhere():
    moved = answer(b"{}", b"302 Found\r\nLocation: http://127.0.0.1:1/")
    with server(moved) as (url, heard):
        assert ask_json(url, HERE).status == 302
        assert len(heard) == 1


def test_a_provider_without_tls_is_asked_on_this_machine_only():
    with pytest.raises(Unreached, match="private network"):
        ask_json("http://127.0.0.1:1/", Reach())
    with pytest.raises(Unreached, match="private network"):
        ask_json("https://169.254.169.254/", HERE)


def test_who_drips_is_cut_off(monkeypatch):
    monkeypatch.setattr(outbound, "SECONDS", 0.2)

    def drip(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
        connection.recv(1)

    with server(drip) as (url, _), pytest.raises(Unreached, match="No whole answer"):
        ask_json(url, HERE)
