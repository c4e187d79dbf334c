"""The second factor: asked of people whose vendors matter, and no page opens before it."""

from datetime import timedelta

import pyotp
import pytest

from foundation import clock
from identity import totp
from tests import makers
from tests.client import client_of


@pytest.fixture
def critical(ask):
    return ask(exposure=makers.CRITICAL)


@pytest.fixture
def half_way(app, critical, codes_to):
    """A browser that typed the mailed code and stands before the second factor."""
    browser = client_of(app)
    browser.get(f"/p/i/{critical.token}", follow_redirects=True)
    browser.post("/p/i", follow_redirects=True)
    done = browser.post("/p/code", data={"code": codes_to(critical.email)[-1]})
    assert done.location == "/p/factor"
    browser.get("/p/factor")
    return browser


def code_of(database, person):
    with database.reading() as session:
        secret = totp.pending_secret(session, person.id)
    return pyotp.TOTP(secret).at(clock.now())


def enrol(browser, database, person):
    return browser.post("/p/factor/enrol", data={"code": code_of(database, person)})


def test_b16_every_page_leads_back_to_the_second_factor(half_way, critical):
    for address in ("/p/", critical.at, f"{critical.at}/check", "/p/evidence", "/p/help"):
        assert half_way.get(address).location == "/p/factor"
    for address in (f"{critical.at}/start", f"{critical.at}/answers", "/p/evidence"):
        assert half_way.post(address).status_code == 403


def test_the_app_is_set_up_once_and_the_way_goes_on(half_way, database, critical, person_of):
    person = person_of(critical.email)
    picture = half_way.get("/p/factor/qr.svg")
    assert picture.mimetype == "image/svg+xml"
    before = half_way.get_cookie("duly_portal").value
    page = enrol(half_way, database, person).get_data(as_text=True)
    assert critical.at in page
    assert half_way.get_cookie("duly_portal").value != before
    assert half_way.get(critical.at).status_code == 200
    assert half_way.get("/p/factor/qr.svg").status_code == 404
    assert half_way.post("/p/factor", data={"code": "123456"}).status_code == 404


def test_a_wrong_first_code_enrols_nobody(half_way, critical):
    answer = half_way.post("/p/factor/enrol", data={"code": "000000"})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.get_data(as_text=True)
    assert half_way.get(critical.at).location == "/p/factor"


def test_who_comes_back_types_both_codes(half_way, database, critical, person_of, codes_to, later):
    person, app = person_of(critical.email), half_way.application
    with database.reading() as session:
        secret = totp.pending_secret(session, person.id)
    recovery = enrol(half_way, database, person).get_data(as_text=True)
    one = recovery.split('<ol id="codes">')[1].split("<code>")[1].split("</code>")[0]
    with later(days=1):
        for typed in (pyotp.TOTP(secret).at(clock.now()), one):
            browser = client_of(app)
            browser.get(f"/p/i/{critical.token}", follow_redirects=True)
            with later(seconds=len(codes_to(critical.email))):
                browser.post("/p/i", follow_redirects=True)
                browser.post("/p/code", data={"code": codes_to(critical.email)[-1]})
                page = browser.get("/p/factor").get_data(as_text=True)
                assert "authenticator app" in page
                assert secret not in page
                done = browser.post("/p/factor", data={"code": typed})
            assert done.location == critical.at, done.get_data(as_text=True)
            assert browser.get(critical.at).status_code == 200
            again = client_of(app)
            assert again.post("/p/factor", data={"code": typed}).status_code == 403


def test_guessing_the_second_factor_is_limited(half_way):
    tried = [half_way.post("/p/factor/enrol", data={"code": "000000"}) for _ in range(10)]
    assert [one.status_code for one in tried] == [422] * 8 + [429] * 2


def test_low_tiers_go_straight_in(vania, acme):
    assert vania.get(acme.at).status_code == 200
    assert vania.get("/p/factor").location == "/p/"


def test_the_wrong_person_passes_it_on_without_setting_an_app_up_but_not_past_one(
    half_way, critical, database, person_of, app, codes_to
):
    address = f"{critical.at}/pass-on"
    assert address in half_way.get("/p/factor").get_data(as_text=True)
    assert half_way.get(address).status_code == 200
    enrol(half_way, database, person_of(critical.email))
    thief = client_of(app)
    thief.get(f"/p/i/{critical.token}", follow_redirects=True)
    with clock.fixed(clock.now() + timedelta(seconds=5)):
        thief.post("/p/i", follow_redirects=True)
        thief.post("/p/code", data={"code": codes_to(critical.email)[-1]})
    assert thief.get(address).location == "/p/factor"
    named = {"person_name": "Zoe", "email": "zoe@acme.example", "stay": "leave"}
    assert thief.post(address, data=named).status_code == 403
