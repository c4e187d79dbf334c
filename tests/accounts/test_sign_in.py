"""The password page: one sentence for every wrong try, limits that lock nobody out, no foreign goals."""

import pytest
from sqlalchemy import func, select

from accounts import tries
from audit.models import Entry
from foundation import clock
from identity import commands, limits, queries
from tests.accounts.entering import (
    code_of,
    come_in,
    give_app,
    give_password,
    token_of,
    type_code,
    type_password,
)
from tests.client import client_of
from tests.people import AMNA, RABIA, VANIA


def test_the_page_asks_for_address_and_password(client):
    page = client.get("/sign-in")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert 'autocomplete="current-password"' in page.text


def test_the_right_password_leads_to_the_second_factor_only(client, database):
    give_app(database, RABIA)
    answer = type_password(client, RABIA)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in/code")
    assert client.get("/account").headers["Location"].startswith("/sign-in?next=")


def test_the_goal_goes_along_to_the_end(client, database):
    secret = give_app(database, RABIA)
    assert client.get("/account").headers["Location"] == "/sign-in?next=/account"
    answer = type_password(client, RABIA, path="/sign-in?next=/account")
    assert answer.headers["Location"] == "/sign-in/code?next=/account"
    done = type_code(client, code_of(secret), path=answer.headers["Location"])
    assert done.headers["Location"] == "/account"


def test_a_foreign_goal_leads_home(client, database):
    secret = give_app(database, RABIA)
    answer = type_password(client, RABIA, path="/sign-in?next=//evil.example/")
    assert answer.headers["Location"] == "/sign-in/code"
    done = type_code(client, code_of(secret), path="/sign-in/code?next=https://evil.example")
    assert done.headers["Location"] == "/"


@pytest.mark.parametrize(
    "wrong", ["unknown", "password", "disabled", "never set", "contact", "no address", "nought"]
)
def test_every_wrong_try_gets_the_same_answer(client, database, wrong):
    give_password(database, RABIA)
    typed = {"email": RABIA.email, "password": "not the right one"}
    if wrong == "unknown":
        typed["email"] = "nobody@northwind.example"
    if wrong == "no address":
        typed["email"] = "nobody at all"
    if wrong == "nought":
        typed["email"] = "rabia\0@northwind.example"
    if wrong == "never set":
        typed = {"email": AMNA.email, "password": "velvet otter 9 marmalade"}
    if wrong == "contact":
        typed = {"email": VANIA.email, "password": "velvet otter 9 marmalade"}
        with database.writing() as session:
            commands.add_person(session, email=VANIA.email, name="Vania", at=clock.now())
        give_password(database, VANIA)
    if wrong == "disabled":
        typed["password"] = "velvet otter 9 marmalade"
        _disable(database, RABIA)
    answer = client.post("/sign-in", data=typed)
    assert answer.status_code == 422
    assert "The address or the password is not right. Check both and try again." in answer.text
    assert token_of(client) is None
    assert _failures(database) == 1


def test_an_empty_form_says_what_is_missing(client):
    answer = client.post("/sign-in", data={})
    assert answer.status_code == 422
    assert "Type your e-mail address." in answer.text
    assert "Type your password." in answer.text


def test_a_form_of_another_site_is_refused(client, database):
    give_password(database, RABIA)
    assert type_password(client, RABIA, with_csrf=False).status_code == 403
    answer = type_password(client, RABIA, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert token_of(client) is None


def test_after_ten_wrong_tries_even_the_right_password_waits(client, database, later):
    give_password(database, RABIA)
    for _ in range(10):
        assert type_password(client, RABIA, "wrong").status_code == 422
    refused = type_password(client, RABIA)
    assert refused.status_code == 429
    assert "Nothing is locked for good." in refused.text
    with later(minutes=16):
        assert type_password(client, RABIA).status_code == 303


def test_the_limit_is_the_same_for_an_address_nobody_has(client):
    answers = [
        client.post("/sign-in", data={"email": "nobody@x.example", "password": "wrong"}).status_code
        for _ in range(11)
    ]
    assert answers == [422] * 10 + [429]


def test_an_outsider_who_uses_the_tries_up_does_not_lock_rabia_out(app, client, database, later):
    secret = give_app(database, RABIA)
    come_in(client, RABIA, secret)
    client.post("/sign-out")
    stranger = client_of(app)
    for _ in range(11):
        last = type_password(stranger, RABIA, "wrong")
    assert last.status_code == 429
    assert type_password(client, RABIA).status_code == 303


def test_one_network_address_cannot_spray_one_password_over_everybody(client, database):
    with database.writing() as session:
        for _ in range(tries.TRIES_OF_ADDRESS - 2):
            assert limits.take(
                session, "ip|127.0.0.1", capacity=tries.TRIES_OF_ADDRESS, per=tries.WINDOW
            )
    answers = [
        client.post("/sign-in", data={"email": f"p{n}@x.example", "password": "Spring"}).status_code
        for n in range(3)
    ]
    assert answers == [422, 422, 429]


def test_a_session_planted_before_the_sign_in_is_worth_nothing(app, client, database):
    secret = give_app(database, RABIA)
    client.set_cookie("duly_staff", "planted" * 6, domain="localhost")
    come_in(client, RABIA, secret)
    assert token_of(client) != "planted" * 6
    stranger = client_of(app)
    stranger.set_cookie("duly_staff", "planted" * 6, domain="localhost")
    assert stranger.get("/account").status_code == 303


def test_each_step_has_a_new_token_and_the_old_one_is_dead(app, client, database):
    secret = give_app(database, RABIA)
    type_password(client, RABIA)
    half_way = token_of(client)
    type_code(client, code_of(secret))
    full = token_of(client)
    assert half_way != full
    stranger = client_of(app)
    stranger.set_cookie("duly_staff", half_way, domain="localhost")
    assert stranger.get("/account").status_code == 303
    assert stranger.get("/sign-in/code").headers["Location"] == "/sign-in"


def test_the_password_again_ends_what_was_begun_before(app, client, database):
    give_app(database, RABIA)
    type_password(client, RABIA)
    first = token_of(client)
    type_password(client, RABIA)
    stranger = client_of(app)
    stranger.set_cookie("duly_staff", first, domain="localhost")
    assert stranger.get("/sign-in/code").headers["Location"] == "/sign-in"


def test_somebody_signed_in_is_sent_on(people):
    rabia = people.browser(RABIA)
    assert rabia.get("/sign-in?next=/account").headers["Location"] == "/account"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, database):
    secret = give_app(database, RABIA)
    answer = come_in(client, RABIA, secret)
    for line in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in line
        assert "SameSite=Lax" in line
        assert "Path=/" in line
        assert "Domain" not in line


def test_signing_in_stands_in_the_ledger(client, database):
    secret = give_app(database, RABIA)
    come_in(client, RABIA, secret)
    with database.reading() as session:
        actions = list(session.scalars(select(Entry.action).order_by(Entry.seq)))
    assert actions[-1] == "session.start"


def _disable(database, character):
    with database.writing() as session:
        person = queries.find_by_email(session, character.email)
        by = queries.author_of(session, person.id)
        commands.disable_person(session, person, by=by, at=clock.now())


def _failures(database):
    with database.reading() as session:
        failed = select(func.count()).where(Entry.action == "sign_in.failed")
        return session.scalar(failed)
