"""Signed out by time: the page says why, and leads back to where one was."""

import pytest

from foundation import clock
from identity import sessions
from tests.accounts.entering import (
    carry,
    code_of,
    come_in,
    give_app,
    token_of,
    type_code,
    type_password,
)
from tests.client import client_of
from tests.people import ADIL, PERVEZ, RABIA

TOLD = 'class="alert info"'


@pytest.fixture
def rabia(client, database):
    client.secret = give_app(database, RABIA)
    come_in(client, RABIA, client.secret)
    return client


def test_after_half_an_hour_without_a_step_it_says_so_and_leads_back(rabia, later):
    with later(minutes=31):
        sent_to = rabia.get("/vendors?tier=1")
        assert sent_to.headers["Location"] == "/sign-in?next=/vendors?tier%3D1"
        page = rabia.get(sent_to.headers["Location"]).text
        assert "You were signed out after 30 minutes without a step. Sign in to go on." in page
        wrong = type_password(rabia, RABIA, password="not the right one", path="/sign-in")
        assert "30 minutes without a step" in wrong.text, "it is still so"
        half = type_password(rabia, RABIA, path=sent_to.headers["Location"])
        done = type_code(rabia, code_of(rabia.secret), path=half.headers["Location"])
        assert done.headers["Location"] == "/vendors?tier=1"


def test_after_twelve_hours_it_says_that_instead(rabia, later):
    for minutes in range(29, 720, 29):
        with later(minutes=minutes):
            assert rabia.get("/account").status_code == 200
    with later(hours=12, minutes=1):
        assert "after 12 hours, as everybody is" in rabia.get("/sign-in").text


def test_a_code_that_was_not_typed_in_time_is_the_reason_too(rabia, later):
    with later(minutes=16):
        browser = client_of(rabia.application)
        type_password(browser, RABIA)
    with later(minutes=32):
        assert "No code was typed within 15 minutes. Start again." in browser.get("/sign-in").text


def test_a_browser_that_was_signed_out_from_elsewhere_says_so(rabia, people, database):
    with database.writing() as session:
        sessions.end_all(session, people.id_of(RABIA), clock.now())
    assert "This browser was signed out" in rabia.get("/sign-in").text


def test_nothing_is_said_where_nothing_ended(client, rabia, people):
    for browser in (client_of(client.application), carry(client_of(client.application), "x" * 43)):
        assert TOLD not in browser.get("/sign-in").text
    rabia.get("/account")
    assert rabia.post("/sign-out").status_code == 303
    assert TOLD not in rabia.get("/sign-in").text, "one knows what one did oneself"
    assert not token_of(rabia)


@pytest.mark.parametrize(
    ("path", "back"),
    [("/account/time-zone", "/sign-in"), ("/vendors/new", "/sign-in?next=/vendors/new")],
)
def test_what_is_sent_after_that_is_not_stored_and_says_the_way_on(people, later, path, back):
    pervez = people.browser(PERVEZ)
    pervez.get("/account")
    with later(minutes=31):
        answer = pervez.post(path, data={"name": "Acme"})
        assert answer.status_code == 403
        assert "You are signed out, so what you sent was not stored." in answer.text
        assert f'<a href="{back}">Sign in</a>' in answer.text


def test_who_is_signed_in_and_may_not_is_told_just_that(people):
    answer = people.browser(ADIL).post("/vendors/new", data={})
    assert answer.status_code == 403
    assert "You may not do this" in answer.text
    assert "You are signed out" not in answer.text
