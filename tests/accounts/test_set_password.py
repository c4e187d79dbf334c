"""The mailed link: it sets a password once, then asks for an authenticator app."""

import pytest

from accounts.invitation_commands import invite_staff
from foundation import clock
from foundation.links import absolute
from identity import queries
from mail.queries import letters_about
from tests.accounts.entering import (
    CODE_SHOWN,
    PASSWORD,
    SECRET_SHOWN,
    carry,
    code_of,
    give_app,
    token_of,
    type_code,
    type_password,
)
from tests.client import client_of
from tests.people import ADIL, RABIA

NEW = "quiet lantern over 7 hills"
WAY = "/account/set-password"
"""Where the link leads: its token is in a cookie by then."""


@pytest.fixture
def link(database, authors):
    return _link(database, authors)


def _link(database, authors):
    with database.writing() as session:
        person = queries.find_by_email(session, RABIA.email)
        made = invite_staff(session, person, by=authors[ADIL.email], at=clock.now())
    return made.removeprefix(absolute(""))


def _open(client, link):
    return client.get(link, follow_redirects=True)


def _choose(client, link, password=NEW, again=None):
    client.get(link)
    return client.post(WAY, data={"password": password, "again": again or password})


def test_the_link_shows_whose_it_is_and_changes_nothing(client, link):
    for _ in range(3):
        moved = client.get(link)
        assert moved.headers["Location"] == WAY
        assert moved.headers["Referrer-Policy"] == "no-referrer"
        page = client.get(WAY)
        assert page.status_code == 200
        assert link.rpartition("/")[2] not in page.text
        assert RABIA.email in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_a_new_member_chooses_a_password_sets_up_the_app_and_is_in(client, link):
    assert _choose(client, link).headers["Location"] == "/sign-in/enrol"
    secret = SECRET_SHOWN.search(client.get("/sign-in/enrol").text).group(1).replace(" ", "")
    picture = client.get("/sign-in/enrol/picture.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "<svg" in picture.text
    shown = type_code(client, code_of(secret), path="/sign-in/enrol")
    assert shown.status_code == 200
    assert len(set(CODE_SHOWN.findall(shown.text))) == 10
    assert client.get("/account").status_code == 200


def test_nobody_walks_around_the_app(client, link):
    _choose(client, link)
    assert client.get("/account").headers["Location"].startswith("/sign-in")
    assert client.get("/sign-in/code").headers["Location"] == "/sign-in/enrol"
    wrong = type_code(client, "000000", path="/sign-in/enrol")
    assert wrong.status_code == 422
    assert client.get("/account").status_code == 303


def test_the_confirming_code_does_not_sign_in_again(app, client, link):
    _choose(client, link)
    secret = SECRET_SHOWN.search(client.get("/sign-in/enrol").text).group(1).replace(" ", "")
    type_code(client, code_of(secret), path="/sign-in/enrol")
    other = client_of(app)
    type_password(other, RABIA, NEW)
    assert type_code(other, code_of(secret)).status_code == 422


def test_the_link_works_once(app, client, link):
    _choose(client, link)
    again = client_of(app)
    page = _open(again, link)
    assert page.status_code == 410
    assert "already" in page.text
    assert again.post(WAY, data={"password": PASSWORD, "again": PASSWORD}).status_code == 410


def test_a_newer_link_kills_the_older(client, database, authors, link):
    newer = _link(database, authors)
    assert _open(client, link).status_code == 410
    assert _open(client, newer).status_code == 200


def test_after_seven_days_the_link_is_dead(client, link, later):
    with later(days=7, seconds=1):
        page = _open(client, link)
    assert page.status_code == 410
    assert "seven days" in page.text


def test_a_link_nobody_made_is_nowhere(client):
    assert client.get(WAY).status_code == 404
    assert _open(client, f"{WAY}/{'x' * 43}").status_code == 404
    assert _open(client, f"{WAY}/{'x' * 4000}").status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("tiny7word", "tiny7word", "too short"),
        (NEW, NEW + "!", "The two passwords differ"),
        ("Northwind2026", "Northwind2026", "Do not use your name"),
        ("password1234", "password1234", "first that are tried"),
    ],
)
def test_a_bad_password_is_explained_and_the_link_lives_on(client, link, password, again, said):
    answer = _choose(client, link, password, again)
    assert answer.status_code == 422
    assert said in answer.text
    assert password not in answer.text
    assert _choose(client, link).status_code == 303


def test_a_new_password_signs_out_everywhere_and_still_asks_for_the_app(
    app, client, database, link, people
):
    secret = give_app(database, RABIA)
    before = people.browser(RABIA)
    assert before.get("/account").status_code == 200
    assert _choose(client, link).headers["Location"] == "/sign-in/code"
    assert before.get("/account").status_code == 303
    assert carry(client_of(app), token_of(client)).get("/account").status_code == 303
    assert type_code(client, code_of(secret)).status_code == 303


def test_the_letter_waits_in_the_outbox(database, link):
    with database.reading() as session:
        person = queries.find_by_email(session, RABIA.email)
        assert person is not None
        letters = letters_about(session, "staff-invitation:")
    assert len(letters) == 1
