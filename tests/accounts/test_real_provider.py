"""The whole way, there and back, with a provider that somebody else wrote, over loopback."""

import urllib.error
import urllib.request
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from oidc_provider_mock import User, run_server_in_thread
from sqlalchemy import select

from foundation import clock
from identity.sign_on_models import WorkAccount
from tests.accounts.entering import CODE_SHOWN, SECRET_SHOWN, code_of, type_code
from tests.accounts.passkeys import is_in
from tests.accounts.work_accounts import come_back, set_for, set_out
from tests.client import client_of
from tests.people import RABIA

USERS = (
    User(sub="rabia", claims={"email": RABIA.email, "email_verified": True}),
    User(sub="rabia2", claims={"email": RABIA.email, "email_verified": True}),
    User(sub="unchecked", claims={"email": RABIA.email, "email_verified": False}),
    User(sub="nobody", claims={"email": "nobody@northwind.example", "email_verified": True}),
)


class Unmoved(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_parts):
        return None


@pytest.fixture
def provider(database, monkeypatch):
    """The real provider; its clock is the true one, so the story's is too."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    now = datetime.now(UTC)
    with (
        run_server_in_thread(require_nonce=True, user_claims=USERS) as server,
        clock.fixed(now),
    ):
        there = SimpleNamespace(url=f"http://localhost:{server.server_port}")
        with set_for(there):
            yield there


def show_who(address, **form):
    """Say at the provider who one is; return what it sends back to us, and where."""
    opener = urllib.request.build_opener(Unmoved, urllib.request.ProxyHandler({}))
    with pytest.raises(urllib.error.HTTPError) as moved:
        opener.open(address, urlencode(form).encode())
    back = urlsplit(moved.value.headers["Location"])
    return f"{back.scheme}://{back.netloc}{back.path}", dict(parse_qsl(back.query))


def sign_on(client, **form):
    address, asked = set_out(client, "/vendors")
    back, carried = show_who(address, **form)
    assert back == asked["redirect_uri"]
    return come_back(client, **carried)


def test_rabia_comes_by_her_work_account_and_nobody_else_does(app, client, database, provider):
    answer = sign_on(client, sub="rabia")
    assert answer.headers["Location"] == "/sign-in/enrol?next=/vendors"
    page = client.get("/sign-in/enrol").text
    secret = SECRET_SHOWN.search(page).group(1).replace(" ", "")
    assert CODE_SHOWN.search(type_code(client, code_of(secret), "/sign-in/enrol").text)
    assert is_in(client)
    for sub in ("rabia2", "unchecked", "nobody"):
        assert sign_on(client_of(app), sub=sub).status_code == 422, sub
    denied = sign_on(client_of(app), action="deny")
    assert denied.status_code == 422
    assert "was not finished" in denied.text
    with database.reading() as session:
        assert [one.subject for one in session.scalars(select(WorkAccount))] == ["rabia"]
