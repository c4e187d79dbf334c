"""Where a request comes from: by which address tries are counted, with and without proxies."""

import pytest
from flask import Flask, request

from app import create_app
from foundation.request_facts import place


@pytest.mark.parametrize(
    ("given", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_tries_are_counted_by_address_and_by_network_where_one_has_many(given, counted):
    with Flask("facts").test_request_context(environ_base={"REMOTE_ADDR": given}):
        assert place() == counted


@pytest.mark.parametrize(
    ("proxies", "claimed", "believed"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.9.9.9, 203.0.113.9", "203.0.113.9"),
        (2, "10.9.9.9, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
    ],
)
def test_an_address_is_believed_where_our_own_proxies_wrote_it(
    settings, proxies, claimed, believed
):
    app = create_app(settings.model_copy(update={"trusted_proxies": proxies}))
    seen = []
    app.before_request_funcs[None].insert(0, lambda: seen.append(request.remote_addr))
    app.test_client().get("/healthz", headers={"X-Forwarded-For": claimed})
    assert seen == [believed]
