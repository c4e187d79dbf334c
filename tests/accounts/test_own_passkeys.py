"""One's own passkeys: several, each with a name; the last second factor stays; each change is told."""

import pytest
from sqlalchemy import select

from foundation import vault
from identity.ceremonies import NOT_SIGNED
from identity.factors import LAST_FACTOR
from identity.passkey_models import Passkey
from identity.passkeys import MOST
from mail.commands import place_of
from mail.models import Letter
from tests.accounts.entering import (
    CODE_SHOWN,
    PASSWORD,
    carry,
    code_of,
    come_in,
    give_app,
    give_password,
    token_of,
)
from tests.accounts.passkeys import asked, give_passkey, is_in, sign_in
from tests.authenticator import Authenticator
from tests.client import client_of
from tests.people import ADIL, ASIF, RABIA

ADD = "/account/passkeys"


@pytest.fixture
def rabia(people, database):
    give_app(database, RABIA)
    browser = people.browser(RABIA)
    browser.get("/account")
    return browser


def add(browser, name="Blue key", device=None):
    device = device or Authenticator()
    made = device.make(asked(browser, f"{ADD}/begin"))
    return browser.post(ADD, data={"name": name, "credential": made})


def keys(database):
    with database.reading() as session:
        return list(session.scalars(select(Passkey).order_by(Passkey.created_at)))


def letters(database, to=RABIA.email):
    with database.reading() as session:
        chosen = select(Letter).where(Letter.kind == "account_changed", Letter.to_email == to)
        return [
            (one.subject, vault.unseal(one.body_sealed, context=place_of(one.id)).decode())
            for one in session.scalars(chosen.order_by(Letter.created_at))
        ]


def test_several_are_added_and_seen_with_their_names_and_last_use(rabia, database, later):
    assert add(rabia, "  Blue   key <i> ").status_code == 303
    device = Authenticator()
    with later(minutes=1):
        add(rabia, "Laptop", device)
        sign_in(client_of(rabia.application), device)
        page = rabia.get(ADD).text
    assert "Blue key &lt;i&gt;" in page
    assert "Never" in page
    assert "14:31" in page or "09:31" in page, "when it was last used"
    [first, second] = [one for one in letters(database) if "passkey" in one[0]]
    assert first[0] == "[Northwind Payments] A passkey was added to your account"
    assert '"Blue key <i>" was added' in first[1]
    assert "tell an administrator at once" in second[1]


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 101, "a\x00b", "a\u202eb", "4111 1111 1111 1111"]
)
def test_a_name_is_a_name(rabia, database, name):
    assert add(rabia, name).status_code == 422
    assert keys(database) == []


def test_what_no_device_made_is_not_added(rabia, database):
    rabia.get(ADD)
    answer = rabia.post(ADD, data={"name": "Key", "credential": "{}"})
    assert answer.status_code == 422
    assert NOT_SIGNED in answer.text
    wanted = asked(rabia, f"{ADD}/begin")
    made = Authenticator(origin="http://evil.example").make(wanted)
    assert rabia.post(ADD, data={"name": "Key", "credential": made}).status_code == 422
    again = Authenticator().make(wanted)
    assert rabia.post(ADD, data={"name": "Key", "credential": again}).status_code == 422, "spent"
    assert keys(database) == []
    assert letters(database) == []


def test_a_device_that_has_one_is_told_to_make_no_other(rabia, database):
    device = give_passkey(database, RABIA)
    wanted = asked(rabia, f"{ADD}/begin")
    assert len(wanted["excludeCredentials"]) == 1
    again = Authenticator(credential_id=device.credential_id)
    made = again.make(wanted)
    assert rabia.post(ADD, data={"name": "Twice", "credential": made}).status_code == 422
    assert len(keys(database)) == 1


def test_there_is_an_end_to_it(rabia, database):
    for number in range(MOST):
        give_passkey(database, RABIA, name=f"Key {number}")
    answer = add(rabia)
    assert answer.status_code == 422
    assert f"You have {MOST} passkeys" in answer.text


def test_a_removed_passkey_opens_nothing_and_every_other_browser_is_out(rabia, people, database):
    device = give_passkey(database, RABIA)
    other = client_of(rabia.application)
    sign_in(other, device)
    assert is_in(other)
    before = token_of(rabia)
    [key] = keys(database)
    assert rabia.post(f"{ADD}/{key.id}/remove").status_code == 303
    assert keys(database) == []
    assert not is_in(other)
    assert not is_in(carry(client_of(rabia.application), before)), "a copy of this one, too"
    assert is_in(rabia)
    assert sign_in(client_of(rabia.application), device).status_code == 422
    told = dict(letters(database))
    body = told["[Northwind Payments] A passkey was removed from your account"]
    assert '"Laptop" was removed' in body


def test_the_last_second_factor_stays(people, database):
    device = give_passkey(database, ASIF)
    asif = people.browser(ASIF)
    assert "/remove" not in asif.get(ADD).text
    [key] = keys(database)
    answer = asif.post(f"{ADD}/{key.id}/remove")
    assert answer.status_code == 422
    assert LAST_FACTOR in answer.text
    give_passkey(database, ASIF, name="Second")
    assert f"{key.id}/remove" in asif.get(ADD).text
    assert asif.post(f"{ADD}/{key.id}/remove").status_code == 303
    [left] = keys(database)
    asif.get("/account")
    assert asif.post(f"{ADD}/{left.id}/remove").status_code == 422
    assert sign_in(client_of(asif.application), device).status_code == 422


def test_somebody_elses_passkey_is_not_there(rabia, people, database):
    give_passkey(database, ASIF)
    give_passkey(database, ASIF)
    for key in keys(database):
        assert rabia.post(f"{ADD}/{key.id}/remove").status_code == 404
    assert len(keys(database)) == 2
    page = people.browser(ADIL).get(ADD).text
    assert "Laptop" not in page
    assert "No passkeys yet" in page


def test_a_stranger_comes_to_the_door(client):
    assert client.get(ADD).headers["Location"] == f"/sign-in?next={ADD}"
    for path in (ADD, f"{ADD}/begin", f"{ADD}/0190a1b2-0000-7000-8000-000000000000/remove"):
        assert client.post(path).status_code == 403


def test_whoever_has_passkeys_only_changes_password_and_codes_without_an_app(people, database):
    give_password(database, RABIA)
    give_passkey(database, RABIA)
    rabia = people.browser(RABIA)
    assert 'name="code"' not in rabia.get("/account/password").text
    new = "quiet lantern 4 saffron"
    typed = {"old": PASSWORD, "password": new, "again": new}
    assert rabia.post("/account/password", data=typed).status_code == 303
    assert 'name="code"' not in rabia.get("/account/recovery-codes").text
    assert len(CODE_SHOWN.findall(rabia.post("/account/recovery-codes").text)) == 10


def test_a_sign_in_from_a_new_browser_is_told_and_from_a_known_one_is_not(
    app, client, database, later
):
    secret = give_app(database, RABIA)
    come_in(client, RABIA, secret)
    assert letters(database) == [], "the first browser ever is no news"
    client.post("/sign-out")
    with later(minutes=1):
        come_in(client, RABIA, secret)
    assert letters(database) == [], "this browser is known"
    with later(minutes=2):
        other = client_of(app)
        other.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/128.0"
        come_in(other, RABIA, secret)
    [(subject, body)] = letters(database)
    assert subject == "[Northwind Payments] Signed in from a new browser"
    assert "Firefox on Windows (127.0.0.1)" in body


def test_a_sign_in_by_passkey_from_a_new_browser_is_told_too(app, client, database):
    device = give_passkey(database, RABIA)
    sign_in(client, device)
    assert letters(database) == []
    sign_in(client_of(app), device)
    assert [subject for subject, _ in letters(database)] == [
        "[Northwind Payments] Signed in from a new browser"
    ]


def test_a_wrong_code_from_a_new_browser_is_no_sign_in(app, client, database, people):
    from tests.accounts.entering import type_code, type_password

    give_app(database, RABIA)
    people.browser(RABIA)
    type_password(client, RABIA)
    type_code(client, "000000")
    assert letters(database) == []


def test_a_first_app_and_a_reset_are_told(client, database, people):
    from tests.accounts.entering import SECRET_SHOWN, type_password

    give_password(database, RABIA)
    type_password(client, RABIA)
    secret = SECRET_SHOWN.search(client.get("/sign-in/enrol").text).group(1).replace(" ", "")
    client.post("/sign-in/enrol", data={"code": code_of(secret)})
    people.browser(ADIL).post(f"/people/{people.id_of(RABIA)}/reset-factor")
    assert {subject.partition("] ")[2] for subject, _ in letters(database)} == {
        "An authenticator app was added to your account",
        "Your second factor was reset",
    }
