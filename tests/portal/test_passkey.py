"""The second factor of vendor people by passkey: set up once, signed with, and no way around it."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from foundation import clock
from identity import ceremonies, passkeys, totp
from identity.passkey_models import Passkey
from mail.models import Letter
from tests import makers
from tests.authenticator import UP, Authenticator
from tests.client import client_of
from tests.people import VIKTOR

SECONDS = count(1)


@pytest.fixture
def critical(ask):
    return ask(exposure=makers.CRITICAL)


@pytest.fixture
def come(app, codes_to):
    """Bring somebody through the link and the mailed code, in a new browser."""

    def do(asked):
        browser = client_of(app)
        browser.get(f"/p/i/{asked.token}", follow_redirects=True)
        with clock.fixed(clock.now() + timedelta(seconds=next(SECONDS))):
            browser.post("/p/i", follow_redirects=True)
            done = browser.post("/p/code", data={"code": codes_to(asked.email)[-1]})
        assert done.location == "/p/factor"
        browser.get("/p/factor")
        return browser

    return do


@pytest.fixture
def set_up(come, critical):
    """Vania, who set a passkey up: her browser and her device."""
    browser, device = come(critical), Authenticator()
    made = device.make(asked(browser, "/p/factor/enrol/passkey/begin"))
    page = browser.post("/p/factor/enrol/passkey", data={"credential": made})
    assert page.status_code == 200, page.text
    browser.codes = page.text
    return browser, device


def asked(browser, path):
    answer = browser.post(path)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def sign(browser, device):
    wanted = asked(browser, "/p/factor/passkey/begin")
    return browser.post("/p/factor/passkey", data={"credential": device.sign(wanted)})


def test_it_is_offered_beside_the_app(come, critical):
    page = come(critical).get("/p/factor").text
    assert "Set up a passkey" in page
    assert 'id="secret"' in page


def test_setting_it_up_opens_the_questions_and_is_told(set_up, critical, database):
    browser, _ = set_up
    assert critical.at in browser.codes
    assert browser.codes.count("<li><code>") == 10
    assert browser.get(critical.at).status_code == 200
    with database.reading() as session:
        told = session.scalars(select(Letter.subject).where(Letter.kind == "vendor_factor")).all()
    assert told == ["[Northwind Payments] A second factor was set up for your answers"]


def test_who_comes_back_signs(set_up, come, critical):
    browser = come(critical)
    page = browser.get("/p/factor").text
    assert "Use your passkey" in page
    assert "authenticator app" not in page
    assert browser.get(critical.at).location == "/p/factor"
    before = browser.get_cookie("duly_portal").value
    assert sign(browser, set_up[1]).location == critical.at
    assert browser.get_cookie("duly_portal").value != before
    assert browser.get(critical.at).status_code == 200


def test_what_is_nearly_right_opens_nothing(set_up, come, critical):
    device = set_up[1]
    for name, value in (("flags", UP), ("origin", "http://evil.example"), ("rp_id", "evil")):
        true = getattr(device, name)
        setattr(device, name, value)
        browser = come(critical)
        answer = sign(browser, device)
        setattr(device, name, true)
        assert answer.status_code == 422
        assert ceremonies.NOT_SIGNED in answer.text
        assert browser.get(critical.at).location == "/p/factor"


def test_a_colleagues_passkey_is_not_ones_own(set_up, come, ask):
    other = ask("Borealis Data", VIKTOR, exposure=makers.CRITICAL)
    viktor, device = come(other), Authenticator()
    made = device.make(asked(viktor, "/p/factor/enrol/passkey/begin"))
    viktor.post("/p/factor/enrol/passkey", data={"credential": made})
    again = come(other)
    assert sign(again, set_up[1]).status_code == 422
    assert sign(again, device).location == other.at


def test_a_mailed_code_alone_adds_no_factor_to_the_one_there_is(
    set_up, come, critical, database, person_of
):
    thief = come(critical)
    made = Authenticator().make(asked(thief, "/p/factor/enrol/passkey/begin"))
    sent = thief.post("/p/factor/enrol/passkey", data={"credential": made})
    assert sent.status_code == 404
    with database.writing() as session:
        totp.begin(session, person_of(critical.email))
        session.commit()
    assert thief.get("/p/factor/qr.svg").status_code == 404
    assert thief.post("/p/factor/enrol", data={"code": "123456"}).status_code == 404
    with database.reading() as session:
        assert len(session.scalars(select(Passkey)).all()) == 1


def test_a_recovery_code_opens_for_whoever_lost_it(set_up, come, critical):
    code = set_up[0].codes.split("<li><code>")[1].split("</code>")[0]
    assert come(critical).post("/p/factor", data={"code": code}).location == critical.at


def test_trying_has_an_end(come, critical):
    browser = come(critical)
    tried = [browser.post("/p/factor/passkey", data={"credential": "{}"}) for _ in range(10)]
    assert [one.status_code for one in tried] == [422] * 8 + [429] * 2
    begun = [browser.post("/p/factor/passkey/begin").status_code for _ in range(41)]
    assert begun[-2:] == [200, 429]


def test_it_is_asked_where_no_factor_is_demanded_but_one_is_there(ask, come, database, person_of):
    """Tier 4 asks for none; whoever has one is asked for it all the same."""
    acme = ask()
    with database.writing() as session:
        session.add(_key_of(person_of(acme.email)))
    assert come(acme).get(acme.at).location == "/p/factor"


def _key_of(person):
    from foundation.ids import new_id

    return Passkey(
        id=new_id(),
        person_id=person.id,
        credential_id=b"k",
        public_key=b"k",
        sign_count=0,
        name="Key",
        may_be_backed_up=False,
        is_backed_up=False,
        created_at=clock.now(),
    )


def test_no_way_in_before_the_mailed_code(client):
    assert passkeys.MOST
    for path in ("/p/factor/passkey", "/p/factor/passkey/begin", "/p/factor/enrol/passkey"):
        assert client.post(path, data={"credential": "{}"}).status_code == 403
