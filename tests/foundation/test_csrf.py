"""Cookies and origins where people reach us by https, whatever stands between."""

import pytest
from flask import Flask, Response

from foundation import settings
from foundation.csrf import drop_cookie, is_from_here, set_cookie


@pytest.fixture
def by_https(database):
    del database
    before = settings.current()
    settings.configure(before.model_copy(update={"base_url": "https://duly.example"}))
    yield
    settings.configure(before)


@pytest.mark.usefixtures("by_https")
def test_a_cookie_is_taken_away_with_the_flags_it_was_set_with():
    response = Response()
    set_cookie(response, "duly_staff", "x")
    drop_cookie(response, "duly_staff")
    given, taken = response.headers.getlist("Set-Cookie")
    assert given.startswith("__Host-duly_staff=x;")
    assert taken.startswith("__Host-duly_staff=;")
    assert "Max-Age=0" in taken
    for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert flag in given
        assert flag in taken


@pytest.mark.parametrize(
    ("origin", "is_ours"),
    [
        ("https://duly.example", True),
        ("http://127.0.0.1:8000", True),
        ("https://duly.example.evil", False),
        ("http://duly.example", False),
        ("null", False),
        ("", False),
    ],
)
@pytest.mark.usefixtures("by_https")
def test_the_address_people_type_is_ours_behind_a_proxy_too(origin, is_ours):
    """The proxy ends TLS: what reaches us names http and the address it knows us by."""
    app = Flask("csrf")
    with app.test_request_context(base_url="http://127.0.0.1:8000", headers={"Origin": origin}):
        assert is_from_here() is is_ours
