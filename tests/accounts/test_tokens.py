"""Tokens for programs: shown once, good for a year at most, dead at once when revoked."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from audit.models import Entry
from foundation import clock
from identity.models import ApiToken
from tests.api import Program
from tests.client import client_of
from tests.people import ADIL, AMNA, PERVEZ, RABIA

TOKEN = re.compile(r'<code id="token">(duly_[^<]+)</code>')


def day(days):
    return (clock.now() + timedelta(days=days)).date().isoformat()


def make(browser, **changed):
    new = {"name": "nightly export", "scope": "read", "last_day": day(30), **changed}
    return browser.post("/account/tokens", data=new)


def tokens(database):
    with database.reading() as session:
        return list(session.scalars(select(ApiToken)))


def test_a_token_is_shown_once_and_works(people, database):
    pervez = people.browser(PERVEZ)
    made = make(pervez)
    assert made.status_code == 200
    [token] = TOKEN.findall(made.text)
    assert token not in pervez.get("/account/tokens").text
    program = Program(client_of(people.app), token)
    assert program.get("/vendors").status_code == 200
    assert program.post("/vendors", json={"name": "Acme"}).status_code == 403
    assert tokens(database)[0].last_used_at == clock.now()
    with database.reading() as session:
        newest = session.scalars(select(Entry).order_by(Entry.seq.desc()).limit(1)).one()
    assert (newest.action, newest.detail) == ("token.create", {"token": "nightly export"})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"last_day": "yesterday"}, "Not a valid date"),
        ({"last_day": -1}, "This day is over"),
        ({"last_day": 0}, "This day is over"),
        ({"last_day": 400}, "twelve months at most"),
        ({"scope": "admin"}, "Not a valid choice"),
        ({"name": ""}, "Type what it is for."),
        ({"name": "\u202e"}, "Give a name of 1 to 100"),
        ({"name": "n" * 101}, "longer than 100"),
    ],
)
def test_it_refuses_what_cannot_be(people, database, changed, said):
    if isinstance(changed.get("last_day"), int):
        changed = {"last_day": day(changed["last_day"])}
    answer = make(people.browser(PERVEZ), **changed)
    assert answer.status_code == 422
    assert said in answer.text
    assert tokens(database) == []


def test_a_reload_makes_no_second_token(people, database):
    pervez = people.browser(PERVEZ)
    make(pervez)
    again = make(pervez)
    assert again.status_code == 422
    assert "already" in again.text
    assert len(tokens(database)) == 1


def test_a_name_is_text_and_never_markup(people):
    pervez = people.browser(PERVEZ)
    made = make(pervez, name="<script>alert(1)</script>")
    for text in (
        made.text,
        pervez.get("/account/tokens").text,
        people.browser(ADIL).get("/tokens").text,
    ):
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_a_revoked_token_is_dead_at_once_and_only_its_owner_or_an_administrator_revokes(
    people, database
):
    pervez = people.browser(PERVEZ)
    [token] = TOKEN.findall(make(pervez).text)
    program, [row] = Program(client_of(people.app), token), tokens(database)
    assert people.browser(RABIA).post(f"/account/tokens/{row.id}/revoke").status_code == 404
    theirs = f"/people/{row.person_id}/tokens/{row.id}/revoke"
    assert people.browser(AMNA).post(theirs).status_code == 403
    assert program.get("/vendors").status_code == 200
    assert people.browser(ADIL).post(theirs).status_code == 303
    assert program.get("/vendors").status_code == 401
    assert "Revoked" in pervez.get("/account/tokens").text
    assert pervez.post(f"/account/tokens/{row.id}/revoke").status_code == 303
    with database.reading() as session:
        revoked = session.scalars(select(Entry).where(Entry.action == "token.revoke")).all()
    assert len(revoked) == 1


def test_the_list_of_all_is_for_administrators(people):
    make(people.browser(PERVEZ))
    assert PERVEZ.name in people.browser(ADIL).get("/tokens").text
    for who in (PERVEZ, AMNA):
        assert people.browser(who).get("/tokens").status_code == 403


def test_use_is_noted_once_a_minute(people, database, later):
    [token] = TOKEN.findall(make(people.browser(PERVEZ)).text)
    program = Program(client_of(people.app), token)
    first = clock.now()
    program.get("/vendors")
    with later(seconds=30):
        program.get("/vendors")
        assert tokens(database)[0].last_used_at == first
    with later(minutes=5):
        program.get("/vendors")
        assert tokens(database)[0].last_used_at == first + timedelta(minutes=5)


def test_the_page_says_where_the_api_is_and_describes_all_of_it(people, client):
    pervez = people.browser(PERVEZ)
    text = pervez.get("/account/tokens").text
    assert "<code>http://localhost/api/v1</code>" in text
    assert "curl -H" in text
    assert 'href="/docs/api"' in text
    assert "/api/v1/vendors?limit=5" in make(pervez).text
    described = pervez.get("/docs/api").text
    for told in ("<code>GET /vendors</code>", "<h2>Problems</h2>", "<strong>Changing.</strong>"):
        assert told in described
    assert "**" not in described
    for told in ("POST /contracts/{contract_id}/document", 'id="shape-Problem"', "-F file=@"):
        assert told in described
    assert described.index("<h3>Vendors</h3>") < described.index("<h3>Events</h3>")
    assert "| ---" not in described
    assert client.get("/docs/api").headers["Location"].startswith("/sign-in")
