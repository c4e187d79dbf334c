"""One's own authenticator app beside passkeys: set up, taken away, never the last factor."""

import pytest
from sqlalchemy import select

from accounts import tries
from identity.factors import LAST_FACTOR
from identity.models import RecoveryCode
from tests.accounts.entering import (
    SECRET_SHOWN,
    carry,
    code_of,
    give_app,
    give_password,
    give_recovery_codes,
    token_of,
    type_code,
    type_password,
)
from tests.accounts.passkeys import give_passkey, is_in
from tests.accounts.test_own_passkeys import letters
from tests.client import client_of
from tests.people import RABIA

AT = "/account/app"


@pytest.fixture
def rabia(people, database):
    """Rabia, who has a password and a passkey."""
    give_password(database, RABIA)
    give_passkey(database, RABIA)
    browser = people.browser(RABIA)
    browser.get(AT)
    return browser


def begun(browser):
    assert browser.post(f"{AT}/begin").status_code == 303
    return SECRET_SHOWN.search(browser.get(AT).text).group(1).replace(" ", "")


def test_an_app_is_set_up_by_its_first_code_and_told(rabia, database, later):
    assert 'id="secret"' not in rabia.get(AT).text
    secret = begun(rabia)
    assert rabia.get(f"{AT}/picture.svg").mimetype == "image/svg+xml"
    assert rabia.post(AT, data={"code": code_of(secret)}).status_code == 303
    page = rabia.get(AT).text
    assert "The app is set up." in page
    assert secret not in page
    assert rabia.get(f"{AT}/picture.svg").status_code == 404
    assert "An authenticator app was added" in letters(database)[0][0]
    with later(minutes=1):
        stranger = client_of(rabia.application)
        type_password(stranger, RABIA)
        assert type_code(stranger, code_of(secret)).status_code == 303


def test_a_key_that_waits_opens_nothing(rabia):
    secret = begun(rabia)
    thief = client_of(rabia.application)
    type_password(thief, RABIA)
    assert thief.get("/sign-in/enrol").headers["Location"] == "/sign-in/code"
    assert type_code(thief, code_of(secret)).status_code == 422


def test_a_wrong_code_sets_nothing_up_and_guessing_has_an_end(rabia):
    begun(rabia)
    for code in ("000000", "", "x" * 61, "12345", "٤٢"):
        assert rabia.post(AT, data={"code": code}).status_code == 422
    for _ in range(tries.TRIES_OF_CODE):
        last = rabia.post(AT, data={"code": "000000"})
    assert last.status_code == 429


def test_a_second_app_is_not_begun(rabia, database):
    give_app(database, RABIA)
    answer = rabia.post(f"{AT}/begin")
    assert answer.status_code == 422
    assert "is set up already" in answer.text


def test_it_is_taken_away_where_a_passkey_is_left_and_every_other_browser_is_out(
    rabia, people, database
):
    give_app(database, RABIA)
    give_recovery_codes(database, RABIA)
    other, before = people.browser(RABIA), token_of(rabia)
    assert rabia.post(f"{AT}/remove").status_code == 303
    assert is_in(rabia)
    assert not is_in(other)
    assert not is_in(carry(client_of(rabia.application), before))
    assert "The authenticator app was removed" in letters(database)[0][0]
    with database.reading() as session:
        assert len(session.scalars(select(RecoveryCode)).all()) == 10, "those stay"
    assert rabia.post(f"{AT}/remove").status_code == 404


def test_the_last_second_factor_stays(people, database):
    give_app(database, RABIA)
    rabia = people.browser(RABIA)
    assert f"{AT}/remove" not in rabia.get(AT).text
    answer = rabia.post(f"{AT}/remove")
    assert answer.status_code == 422
    assert LAST_FACTOR in answer.text


def test_all_of_it_asks_again_after_a_quarter_of_an_hour(rabia, later):
    with later(minutes=16):
        for path in (AT, f"{AT}/begin", f"{AT}/remove"):
            assert "Is it you?" in rabia.post(path).text


def test_a_stranger_comes_to_the_door(client):
    assert client.get(AT).headers["Location"] == f"/sign-in?next={AT}"
    for path in (AT, f"{AT}/begin", f"{AT}/remove"):
        assert client.post(path).status_code == 403
