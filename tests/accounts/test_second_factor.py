"""The second factor: each code once, five tries, recovery codes when the phone is lost."""

from identity import queries, totp
from tests.accounts.entering import (
    SECRET_SHOWN,
    code_before,
    code_of,
    come_in,
    give_app,
    give_password,
    give_recovery_codes,
    token_of,
    type_code,
    type_password,
)
from tests.client import client_of
from tests.people import RABIA


def test_the_page_opens_after_the_password_only(client):
    assert client.get("/sign-in/code").headers["Location"] == "/sign-in"
    assert type_code(client, "123456").headers["Location"] == "/sign-in"


def test_the_right_code_opens_the_house(client, database):
    secret = give_app(database, RABIA)
    assert come_in(client, RABIA, secret).status_code == 303
    page = client.get("/account")
    assert page.status_code == 200
    assert RABIA.email in page.text


def test_a_code_is_good_once(app, client, database):
    secret = give_app(database, RABIA)
    come_in(client, RABIA, secret)
    thief = client_of(app)
    type_password(thief, RABIA)
    answer = type_code(thief, code_of(secret))
    assert answer.status_code == 422
    assert "used already" in answer.text
    assert thief.get("/account").status_code == 303


def test_the_code_of_the_last_half_minute_still_fits_but_none_older(client, database, later):
    secret = give_app(database, RABIA)
    with later(minutes=5):
        shown = code_of(secret)
    with later(minutes=5, seconds=61):
        type_password(client, RABIA)
        assert type_code(client, shown).status_code == 422
    with later(minutes=10):
        assert type_code(client, code_before(secret)).status_code == 303


def test_five_wrong_codes_and_the_right_one_waits_even_after_the_password_again(client, database):
    secret = give_app(database, RABIA)
    type_password(client, RABIA)
    for wrong in ("000000", "1", "abcdef", "111111", "222222"):
        assert type_code(client, wrong).status_code == 422
    assert type_code(client, code_of(secret)).status_code == 429
    type_password(client, RABIA)
    assert type_code(client, code_of(secret)).status_code == 429


def test_a_recovery_code_opens_once_however_it_is_typed(app, client, database):
    give_app(database, RABIA)
    codes = give_recovery_codes(database, RABIA)
    type_password(client, RABIA)
    assert type_code(client, codes[0].lower().replace("-", " ")).status_code == 303
    other = client_of(app)
    type_password(other, RABIA)
    assert type_code(other, codes[0]).status_code == 422
    assert type_code(other, codes[1]).status_code == 303


def test_digits_of_another_script_are_digits(client, database):
    secret = give_app(database, RABIA)
    type_password(client, RABIA)
    urdu = code_of(secret).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert type_code(client, urdu).status_code == 303


def test_who_waits_a_quarter_of_an_hour_starts_again(client, database, later):
    secret = give_app(database, RABIA)
    type_password(client, RABIA)
    with later(minutes=16):
        assert type_code(client, code_of(secret)).headers["Location"] == "/sign-in"


def test_an_app_that_is_set_up_is_never_shown_again(client, database):
    give_app(database, RABIA)
    type_password(client, RABIA)
    assert client.get("/sign-in/enrol").headers["Location"] == "/sign-in/code"
    assert client.get("/sign-in/enrol/picture.svg").status_code == 404


def test_the_half_way_token_opens_no_page(client, database):
    give_app(database, RABIA)
    type_password(client, RABIA)
    assert token_of(client)
    for path in ("/account", "/people"):
        assert client.get(path).headers["Location"].startswith("/sign-in")
    assert client.post("/account/sign-out-everywhere").status_code == 403


def test_a_key_that_was_reset_in_that_minute_is_made_anew_and_nobody_runs_in_circles(
    client, database
):
    give_password(database, RABIA)
    type_password(client, RABIA)
    with database.writing() as session:
        totp.remove(session, queries.find_by_email(session, RABIA.email).id)
    page = client.get("/sign-in/code", follow_redirects=True)
    assert page.status_code == 200
    assert "Set up a second factor" in page.text
    assert client.get("/sign-in/enrol/picture.svg").status_code == 404
    wrong = client.post("/sign-in/enrol", data={"code": "123456"})
    assert wrong.status_code == 422
    begun = client.post("/sign-in/enrol/begin?next=/vendors")
    assert begun.headers["Location"] == "/sign-in/enrol?next=/vendors"
    secret = SECRET_SHOWN.search(client.get("/sign-in/enrol").text).group(1).replace(" ", "")
    done = client.post("/sign-in/enrol?next=/vendors", data={"code": code_of(secret)})
    assert done.status_code == 200
    assert 'href="/vendors"' in done.text


def test_a_new_key_is_begun_by_those_half_way_only(client, database):
    assert client.post("/sign-in/enrol/begin").headers["Location"] == "/sign-in"
    give_app(database, RABIA)
    type_password(client, RABIA)
    client.get("/sign-in/code")
    assert client.post("/sign-in/enrol/begin").headers["Location"] == "/sign-in/code"
