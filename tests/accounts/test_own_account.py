"""One's own password and recovery codes: the old one and a code first, then everybody is told."""

import re

import pytest
from sqlalchemy import select

from accounts import tries
from accounts.browsers import browser_of
from audit.models import Entry
from foundation import vault
from identity import totp
from identity.queries import get_person
from mail.commands import place_of
from mail.models import Letter
from tests.accounts.entering import (
    CODE_SHOWN,
    PASSWORD,
    code_of,
    come_in,
    give_app,
    give_recovery_codes,
    type_code,
    type_password,
)
from tests.client import client_of
from tests.people import ADIL, ASIF, RABIA

NEW = "quiet lantern 4 saffron"


@pytest.fixture
def rabia(people, database):
    """Rabia with password and app, signed in without the forms, so that a code is left."""
    secret = give_app(database, RABIA)
    browser = people.browser(RABIA)
    browser.secret = secret
    return browser


def typed(browser, **other):
    return {
        "old": PASSWORD,
        "password": NEW,
        "again": NEW,
        "code": code_of(browser.secret),
        **other,
    }


def letters(database):
    with database.reading() as session:
        found = session.scalars(select(Letter).where(Letter.kind == "account_changed"))
        return [
            (one.to_email, one.subject, vault.unseal(one.body_sealed, context=place_of(one.id)))
            for one in found
        ]


def acts(database):
    with database.reading() as session:
        return [one.action for one in session.scalars(select(Entry).order_by(Entry.seq))]


def test_a_new_password_ends_every_other_browser_and_is_told_by_mail(rabia, people, database):
    other, asif = people.browser(RABIA), people.browser(ASIF)
    assert rabia.post("/account/password", data=typed(rabia)).status_code == 303
    page = rabia.get("/account").text
    assert "Your password is changed. Every other browser was signed out." in page
    assert other.get("/account").status_code == 303
    assert asif.get("/account").status_code == 200
    [(to, subject, body)] = letters(database)
    assert (to, subject) == (RABIA.email, "[Northwind Payments] Your password was changed")
    assert b"2 March 2026, 09:30 UTC" in body
    assert b"tell an administrator at once" in body
    assert "password.set" in acts(database)


def test_only_the_new_password_opens_from_then_on(rabia, later):
    rabia.post("/account/password", data=typed(rabia))
    with later(minutes=1):
        stranger = client_of(rabia.application)
        assert type_password(stranger, RABIA).status_code == 422
        assert type_password(stranger, RABIA, password=NEW).status_code == 303
        assert type_code(stranger, code_of(rabia.secret)).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"old": "not the right one"}, tries.WRONG_OLD),
        ({"old": ""}, "Type the password you sign in with."),
        ({"code": "000000"}, tries.WRONG_CODE),
        ({"code": ""}, "Type the code."),
        ({"code": "٤٢"}, tries.WRONG_CODE),
        ({"again": "another one"}, "The two passwords differ."),
        ({"password": "short", "again": "short"}, "This password is too short."),
        ({"password": "x" * 200, "again": "x" * 200}, "This password is too long."),
        ({"password": PASSWORD, "again": PASSWORD}, "This is your password of now."),
        ({"password": "rabia.siddiqui", "again": "rabia.siddiqui"}, "Do not use your name"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_and_changes_nothing(
    rabia, people, database, wrong, said
):
    other = people.browser(RABIA)
    answer = rabia.post("/account/password", data=typed(rabia, **wrong))
    assert answer.status_code == 422
    assert said in answer.text
    assert PASSWORD not in answer.text
    assert NEW not in answer.text
    assert other.get("/account").status_code == 200
    assert letters(database) == []
    with database.reading() as session:
        assert get_person(session, people.id_of(RABIA)).password_hash is not None
    assert type_password(client_of(rabia.application), RABIA).status_code == 303


def test_a_code_is_good_once_and_guessing_has_an_end(rabia):
    code = code_of(rabia.secret)
    assert rabia.post("/account/recovery-codes", data={"code": code}).status_code == 200
    again = rabia.post("/account/password", data=typed(rabia, code=code))
    assert tries.WRONG_CODE in again.text
    for _ in range(tries.TRIES_OF_CODE):
        last = rabia.post("/account/recovery-codes", data={"code": "000000"})
    assert last.status_code == 429
    assert rabia.post("/account/password", data=typed(rabia)).status_code == 429


def test_guessing_the_old_password_has_an_end(rabia):
    for _ in range(tries.TRIES_OF_BROWSER + 1):
        last = rabia.post("/account/password", data=typed(rabia, old="a guess of mine"))
    assert last.status_code == 429
    assert tries.TOO_MANY in last.text


def test_new_recovery_codes_take_the_place_of_the_old_ones(rabia, database, later):
    old = give_recovery_codes(database, RABIA)
    page = rabia.post("/account/recovery-codes", data={"code": code_of(rabia.secret)})
    new = CODE_SHOWN.findall(page.text)
    assert len(new) == 10
    assert not set(new) & set(old)
    assert 'href="/account"' in page.text
    [(to, subject, _)] = letters(database)
    assert (to, subject) == (RABIA.email, "[Northwind Payments] You have new recovery codes")
    assert "recovery.renew" in acts(database)
    with later(minutes=1):
        stranger = client_of(rabia.application)
        type_password(stranger, RABIA)
        assert type_code(stranger, old[0]).status_code == 422
        assert type_code(stranger, new[0]).status_code == 303
        page = stranger.get("/account").text
        assert "9 recovery codes are left" in page


def test_whoever_has_no_app_is_offered_neither(people):
    page = people.browser(ADIL).get("/account").text
    assert "/account/password" not in page
    assert "no authenticator app yet" in page
    assert (
        people.browser(ADIL).post("/account/recovery-codes", data={"code": "1"}).status_code == 422
    )


def test_a_stranger_comes_to_the_door(client):
    for path in ("/account/password", "/account/recovery-codes"):
        assert client.get(path).headers["Location"] == f"/sign-in?next={path}"
        assert client.post(path, data={}).status_code == 403
    assert client.post("/account/sign-out-elsewhere").status_code == 403


def test_signing_out_everywhere_else_leaves_this_browser_in(rabia, people):
    assert "Sign out everywhere else" not in rabia.get("/account").text, "there is no other"
    others = [people.browser(RABIA) for _ in range(2)]
    assert rabia.post("/account/sign-out-elsewhere").status_code == 303
    assert "2 other browsers were signed out." in rabia.get("/account").text
    assert [one.get("/account").status_code for one in others] == [303, 303]


def test_a_browser_is_named_and_its_raw_text_never_shown(app, database, people):
    secret = give_app(database, RABIA)
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chromium/120 <b>x</b>"
    rabia = client_of(app)
    rabia.environ_base["HTTP_USER_AGENT"] = agent
    come_in(rabia, RABIA, secret)
    page = rabia.get("/account").text
    assert "Chromium on Linux" in page
    assert "Mozilla" not in page
    assert not re.search("AppleWebKit|&lt;b", page)


@pytest.mark.parametrize(
    ("agent", "known"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", ("Firefox", "Linux")),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", ("Safari", "iPhone")),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36", ("Chrome", "Android")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15", ("Safari", "macOS")),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0 Safari/537.36", ("Chromium", "Linux")),
        ("curl/8.5.0", ("", "")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_programs_and_systems_are_told_apart(agent, known):
    assert browser_of(agent) == known


def test_an_unusual_zone_that_somebody_has_stays_chosen(people, database):
    with database.writing() as session:
        get_person(session, people.id_of(ASIF)).time_zone = "Etc/GMT+5"
    page = people.browser(ASIF).get("/account").text
    assert '<option selected value="Etc/GMT+5">' in page
    assert "Factory" not in page
    assert "Asia/Hong Kong" in page


def test_the_app_of_somebody_else_is_no_help(rabia, people, database):
    secret = give_app(database, ASIF)
    with database.reading() as session:
        assert totp.is_enrolled(session, people.id_of(ASIF))
    answer = rabia.post("/account/password", data=typed(rabia, code=code_of(secret)))
    assert tries.WRONG_CODE in answer.text
