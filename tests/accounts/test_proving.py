"""Dangerous doors ask again who it is after a quarter of an hour, and lose nothing of the form."""

import json
import re

import pytest
from sqlalchemy import select

from accounts import tries
from accounts.proving import NOT_KEPT
from accounts.queries import roles_of
from accounts.rules import Role
from audit.models import Entry
from foundation.web import plate_of
from identity.models import Person, WebSession
from tests.accounts.entering import (
    PASSWORD,
    carry,
    code_of,
    give_app,
    give_password,
    token_of,
)
from tests.accounts.passkeys import asked, give_passkey, is_in
from tests.client import client_of
from tests.people import ADIL, AMNA, ASIF, PERVEZ, RABIA

KEPT = re.compile(r'name="again_kept" value="([^"]+)"')
NOOR = {"name": "Noor <b>Baig</b>", "email": "noor@northwind.example", "roles": ["lead", "analyst"]}


@pytest.fixture
def adil(people, database):
    give_password(database, ADIL)
    browser = people.browser(ADIL)
    browser.get("/people/new")
    return browser


def asks(answer):
    """Return what a page keeps that asks who it is, or nothing."""
    found = KEPT.search(answer.text) if answer.status_code in {403, 422, 429} else None
    return found.group(1) if found else ""


def noor(database):
    with database.reading() as session:
        return session.scalars(select(Person).where(Person.email == NOOR["email"])).first()


def acts(database):
    with database.reading() as session:
        return [one.action for one in session.scalars(select(Entry).order_by(Entry.seq))]


def test_within_the_quarter_nobody_is_asked(adil, database, later):
    with later(minutes=15):
        assert adil.post("/people/new", data=NOOR).status_code == 303
    assert noor(database).name == NOOR["name"]


def test_after_it_the_form_waits_for_the_password_and_goes_on_whole(adil, database, later):
    before = token_of(adil)
    with later(minutes=15, seconds=1):
        answer = adil.post("/people/new?from=list", data=NOOR)
        assert "Is it you?" in answer.text
        assert 'action="/people/new?from=list"' in answer.text
        assert NOOR["email"] not in answer.text, "what waits is sealed"
        assert noor(database) is None
        sent = {"again_kept": asks(answer), "again_password": PASSWORD}
        assert adil.post("/people/new?from=list", data=sent).status_code == 303
        with database.reading() as session:
            assert roles_of(session, noor(database).id) == {Role.LEAD, Role.ANALYST}
        assert noor(database).name == NOOR["name"]
        assert token_of(adil) != before
        assert not is_in(carry(client_of(adil.application), before)), "a copy of it is dead"
        assert is_in(adil)
        assert "session.again" in acts(database)
    with later(minutes=29):
        adil.get("/people/new")
        assert adil.post(f"/people/{noor(database).id}/roles", data=NOOR).status_code == 303


def test_a_wrong_password_keeps_the_form_and_the_right_one_sends_it(adil, database, later):
    with later(minutes=16):
        kept = asks(adil.post("/people/new", data=NOOR))
        wrong = adil.post("/people/new", data={"again_kept": kept, "again_password": "a guess"})
        assert wrong.status_code == 422
        assert tries.WRONG_OLD in wrong.text
        assert noor(database) is None
        right = {"again_kept": asks(wrong), "again_password": PASSWORD}
        assert adil.post("/people/new", data=right).status_code == 303
    assert noor(database) is not None


def test_guessing_has_an_end(adil, database, later):
    with later(minutes=16):
        kept = asks(adil.post("/people/new", data=NOOR))
        for _ in range(tries.TRIES_OF_BROWSER + 1):
            last = adil.post("/people/new", data={"again_kept": kept, "again_password": "x"})
        assert last.status_code == 429
        assert asks(last)
    assert noor(database) is None


def test_a_form_with_faults_comes_back_with_what_was_typed(adil, database, later):
    """The proof counts although the form was refused: nobody is asked twice."""
    with later(minutes=16):
        kept = asks(adil.post("/people/new", data={**NOOR, "roles": []}))
        sent = {"again_kept": kept, "again_password": PASSWORD}
        answer = adil.post("/people/new", data=sent)
        assert answer.status_code == 422
        assert "Choose at least one role." in answer.text
        assert NOOR["email"] in answer.text
        assert "again_password" not in answer.text
        assert adil.post("/people/new", data=NOOR).status_code == 303


def test_a_code_of_the_app_or_a_passkey_will_do_and_each_once(people, database, later):
    secret, device = give_app(database, ADIL), give_passkey(database, ADIL)
    for way in ("code", "passkey"):
        adil = people.browser(ADIL)
        with later(minutes=16):
            kept = asks(adil.post("/people/new", data={**NOOR, "roles": []}))
            proof = {"again_code": code_of(secret)}
            if way == "passkey":
                proof = {"again_credential": device.sign(asked(adil, "/account/again/passkey"))}
            sent = {"again_kept": kept, **proof}
            assert "Choose at least one role" in adil.post("/people/new", data=sent).text
            other = people.browser(ADIL)
        with later(minutes=33):
            again = other.post("/people/new", data=sent)
            assert again.status_code == 422
            assert "Is it you?" in again.text


def test_somebody_elses_passkey_proves_nothing(people, database, later, adil):
    device = give_passkey(database, ASIF)
    with later(minutes=16):
        kept = asks(adil.post("/people/new", data=NOOR))
        signed = device.sign(asked(adil, "/account/again/passkey"))
        sent = {"again_kept": kept, "again_credential": signed}
        assert adil.post("/people/new", data=sent).status_code == 422
        assert noor(database) is None
        assert "sign_in.failed" in acts(database)


def test_a_signature_for_signing_in_proves_nothing_here(adil, database, later):
    device = give_passkey(database, ADIL)
    with later(minutes=16):
        signed = device.sign(asked(adil, "/sign-in/passkey/begin"))
        answer = adil.post("/people/new", data={**NOOR, "again_credential": signed})
        assert answer.status_code == 422
        assert noor(database) is None


def test_what_waits_opens_at_its_own_address_for_its_own_session(adil, people, database, later):
    with later(minutes=16):
        kept = asks(adil.post("/people/new", data=NOOR))
        sent = {"again_kept": kept, "again_password": PASSWORD}
        elsewhere = adil.post("/account/tokens", data=sent)
        assert elsewhere.status_code == 403
        assert NOT_KEPT in elsewhere.text
        other = people.browser(ADIL)
        assert other.post("/people/new", data=sent).status_code == 403
        broken = adil.post("/people/new", data={**sent, "again_kept": "AQJrMf" + kept[6:-4]})
        assert broken.status_code == 403
        assert adil.post("/people/new", data={**sent, "again_kept": "é"}).status_code == 403
    assert noor(database) is None


def test_a_form_that_was_confirmed_in_another_tab_meanwhile_goes_on(adil, database, later):
    with later(minutes=16):
        kept = asks(adil.post("/people/new", data=NOOR))
        other = {"again_kept": asks(adil.post("/account/tokens")), "again_password": PASSWORD}
        adil.post("/account/tokens", data=other)
        adil.get("/people/new")
        assert adil.post("/people/new", data={"again_kept": kept}).status_code == 303
    assert noor(database).name == NOOR["name"]


def test_another_site_is_not_even_asked(adil, database, later):
    """Else it could lay its own form into the page that the person confirms."""
    with later(minutes=16):
        forged = adil.post("/people/new", data=NOOR, with_csrf=False)
        assert forged.status_code == 403
        assert not asks(forged)
        elsewhere = {"Sec-Fetch-Site": "cross-site"}
        assert not asks(adil.post("/people/new", data=NOOR, headers=elsewhere))


def test_whoever_has_no_right_is_not_asked(people, database, later):
    give_password(database, RABIA)
    rabia = people.browser(RABIA)
    rabia.get("/account")
    with later(minutes=16):
        answer = rabia.post("/people/new", data=NOOR)
        assert answer.status_code == 403
        assert not asks(answer)


def test_a_program_in_the_page_is_told_in_words(adil, later):
    with later(minutes=16):
        answer = adil.post("/people/new", data=NOOR, headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert "prove once more that it is you" in answer.get_json()["detail"]


def test_a_download_leads_by_the_question_and_back(people, database, later):
    give_password(database, PERVEZ)
    pervez = people.browser(PERVEZ)
    with later(minutes=16):
        sent = pervez.get("/vendors/download?format=csv&q=a b")
        assert sent.status_code == 303
        at = sent.headers["Location"]
        assert at.startswith("/account/again?next=")
        page = pervez.get(at)
        assert page.status_code == 200
        assert "again_kept" not in page.text
        wrong = pervez.post(at, data={"again_password": "a guess"})
        assert wrong.status_code == 422
        done = pervez.post(at, data={"again_password": PASSWORD})
        assert done.status_code == 200
        assert 'href="/vendors/download?format=csv&amp;q=a' in done.text
        assert pervez.get("/vendors/download?format=csv").mimetype == "text/csv"


def test_the_way_back_stays_in_the_house(adil, later):
    with later(minutes=16):
        at = "/account/again?next=//evil.example"
        done = adil.post(at, data={"again_password": PASSWORD})
    assert 'href="/"' in done.text
    assert 'href="//evil' not in done.text


def test_no_secret_of_the_form_stands_in_the_page(people, database, later):
    secret = give_app(database, RABIA)
    rabia = people.browser(RABIA)
    rabia.get("/account/password")
    new = "quiet lantern 4 saffron"
    with later(minutes=16):
        typed = {"old": PASSWORD, "password": new, "again": new, "code": code_of(secret)}
        answer = rabia.post("/account/password", data=typed)
        assert new not in answer.text
        assert PASSWORD not in answer.text
        sent = {"again_kept": asks(answer), "again_password": PASSWORD}
        assert rabia.post("/account/password", data=sent).status_code == 303
        assert "Your password is changed." in rabia.get("/account").text


def test_a_session_that_ended_meanwhile_proves_nothing(adil, database, later):
    with later(minutes=16):
        kept = asks(adil.post("/people/new", data=NOOR))
        with database.writing() as session:
            for one in session.scalars(select(WebSession)):
                one.revoked_at = one.created_at
        sent = {"again_kept": kept, "again_password": PASSWORD}
        assert adil.post("/people/new", data=sent).status_code == 403
    assert noor(database) is None


def test_whoever_has_nothing_to_prove_with_is_told(people, later):
    amna = people.browser(AMNA)
    with later(minutes=16):
        page = amna.get("/account/again")
    assert "You have neither a password nor a passkey here." in page.text
    assert "again_demo" not in page.text


def test_a_press_of_the_demos_button_proves_nothing_elsewhere(adil, database, later):
    with later(minutes=16):
        kept = asks(adil.post("/people/new", data=NOOR))
        sent = {"again_kept": kept, "again_demo": "1"}
        assert adil.post("/people/new", data=sent).status_code == 422
    assert noor(database) is None


DANGEROUS = {
    *("accounts.change_password", "accounts.renew_codes", "accounts.make_token"),
    *("accounts.add_passkey", "accounts.remove_passkey", "accounts.add_member"),
    *("accounts.begin_app", "accounts.confirm_app", "accounts.remove_app"),
    *("accounts.set_roles", "accounts.reset_factor", "accounts.link"),
    *("contracts.waive", "operations.add_webhook", "operations.rotate_secret"),
    *("operations.do_merge", "operations.ledger_file", "vendors.download"),
    *("operations.person_file", "operations.erase_person", "operations.erase_whole_vendor"),
    *("operations.save_retention", "operations.lift_legal_hold", "accounts.unlink_work_account"),
}


def test_no_dangerous_door_forgets_to_ask(app):
    asking = {
        name
        for name, view in app.view_functions.items()
        if (plate := plate_of(view)) and plate.again
    }
    assert asking >= DANGEROUS


@pytest.mark.parametrize("what", ["not json", json.dumps([["name", "x"]])])
def test_nothing_is_given_back_that_was_not_sealed_here(adil, database, later, what):
    with later(minutes=16):
        sent = {"again_kept": what, "again_password": PASSWORD}
        assert adil.post("/people/new", data=sent).status_code == 403
