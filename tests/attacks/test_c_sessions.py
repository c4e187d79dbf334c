"""C: sessions under force: planted, copied, kept too long, tampered with; and keys that change."""

import random
import re
from functools import partial
from html import unescape

import pytest
from sqlalchemy import func, select

from foundation import clock, keyring
from identity.queries import author_of
from questionnaires.answer_models import Answer
from questionnaires.models import Assessment
from tests.attacks.browser import faults_of_cookie
from tests.attacks.fort import IS_LONG, PASSWORD
from tests.people import ADIL, ASIF, LAILA, PERVEZ, RABIA, VANIA, VIKTOR
from vendors.contact_commands import remove_contact
from vendors.models import Contact

pytestmark = pytest.mark.slow

STAFF, PORTAL = "__Host-duly_staff", "__Host-duly_portal"
NEW = "quiet lantern over 7 hills"
LOOKS = 8
"""How often a dead cookie is shown, each time on a new line: both web processes see it."""


def is_out(browser, path="/account"):
    """Say whether a copied cookie is worth nothing, whichever process looks at it."""
    told = {browser.copy().get(path).header("Location").partition("?")[0] for _ in range(LOOKS)}
    return told in ({"/sign-in"}, {"/p/i"})


def test_C10_a_session_planted_before_the_sign_in_is_nobodys(fort):
    planted = "planted" * 7
    victim = fort.browser()
    victim.cookies[STAFF] = planted
    victim.get("/sign-in")
    before = re.search(r"[0-9a-f]{64}", victim.shown)[0]
    fort.knock(victim, LAILA.email)
    half = victim.copy()
    assert half.cookies[STAFF] != planted
    victim.get("/sign-in/code")
    between = re.search(r"[0-9a-f]{64}", victim.shown)[0]
    assert victim.post("/sign-in/code", code=fort.code_of(LAILA)).status == 303
    victim.get("/account")
    after = re.search(r"[0-9a-f]{64}", victim.shown)[0]
    assert len({before, between, after}) == 3, "the token of forms follows the session"
    assert len({planted, half.cookies[STAFF], victim.cookies[STAFF]}) == 3
    thief = fort.browser()
    thief.cookies[STAFF] = planted
    assert is_out(thief)
    assert half.get("/sign-in/code").header("Location").startswith("/sign-in")
    assert is_out(half)


def test_C10_a_half_way_session_opens_no_page_and_ends_soon(fort):
    browser = fort.browser()
    fort.knock(browser, LAILA.email)
    assert is_out(browser)
    assert is_out(browser, "/vendors")
    fort.later(minutes=16)
    assert browser.get("/sign-in/code").header("Location").startswith("/sign-in")


@pytest.fixture
def adil(fort):
    return fort.sign_in(ADIL)


def by_adil(adil, path, **fields):
    """Let the administrator send a form of somebody's page."""
    adil.get(path.rpartition("/")[0])
    done = proven(adil, path, PASSWORD, **fields)
    assert done.status == 303, done.text[:800]


def proven(browser, path, known, /, **fields):
    """Send a form, and prove who one is where the last proof is a quarter of an hour old."""
    done = browser.post(path, **fields)
    kept = re.search(r'name="again_kept" value="([^"]+)"', done.text)
    if done.status != 403 or kept is None:
        return done
    return browser.post(path, again_kept=unescape(kept[1]), again_password=known)


def test_C11_whatever_ends_a_session_ends_its_copies_in_every_process(fort, adil):
    def person(who, act):
        return f"/people/{fort.accounts[who.email].person_id}/{act}"

    def out(browser):
        browser.get("/account")
        browser.post("/sign-out")

    def everywhere(browser):
        browser.get("/account")
        browser.post("/account/sign-out-everywhere")

    def from_another(browser):
        other = fort.sign_in(RABIA)
        other.get("/account")
        other.post("/account/sign-out-elsewhere")
        assert not is_out(other)

    def changed(browser):
        other = fort.sign_in(RABIA)
        other.get("/account/password")
        code = fort.code_of(RABIA)
        fields = {"old": PASSWORD, "password": NEW, "again": NEW, "code": code}
        done = other.post("/account/password", **fields)
        assert done.status == 303, done.text[:500]
        assert not is_out(other)
        fort.later(minutes=16)
        other.get("/account/password")
        code = fort.code_of(RABIA)
        fields = {"old": NEW, "password": PASSWORD, "again": PASSWORD, "code": code}
        assert proven(other, "/account/password", NEW, **fields).status == 303

    def reset(browser):
        by_adil(adil, person(RABIA, "invite"))
        guest = fort.browser()
        guest.follow(guest.get(f"/account/set-password/{fort.link(RABIA)}"))
        assert guest.post("/account/set-password", password=PASSWORD, again=PASSWORD).status == 303

    both = ["analyst", "lead"]
    acts = {
        "signed out": out,
        "signed out everywhere": everywhere,
        "signed out from another browser": from_another,
        "a new password": changed,
        "a password by a mailed link": reset,
        "an administrator": lambda _: by_adil(adil, person(RABIA, "sign-out")),
        "a new role": lambda _: by_adil(adil, person(RABIA, "roles"), roles=both),
        "a role taken": lambda _: by_adil(adil, person(RABIA, "roles"), roles="analyst"),
        "disabled": lambda _: by_adil(adil, person(RABIA, "disable")),
    }
    for name, act in acts.items():
        fort.later(minutes=4)
        adil.get("/people")
        rabia = fort.sign_in(RABIA)
        copy = rabia.copy()
        assert not is_out(copy), name
        act(rabia)
        assert is_out(copy), name
    by_adil(adil, person(RABIA, "enable"))
    assert is_out(copy), "an old session does not come back with its person"


def test_C11_a_second_factor_that_is_reset_ends_sessions(fort, adil):
    asif = fort.sign_in(ASIF)
    copy = asif.copy()
    by_adil(adil, f"/people/{fort.accounts[ASIF.email].person_id}/reset-factor")
    assert is_out(copy)
    browser = fort.browser()
    assert fort.knock(browser, ASIF.email).header("Location") == "/sign-in/enrol"


def test_C11_a_vendors_person_is_out_at_once(fort):
    vania = fort.come_in(VANIA)
    copy = vania.copy()
    assert copy.get("/p/help").status == 200
    vania.get("/p/help")
    vania.post("/p/sign-out")
    assert is_out(copy, "/p/")
    fort.later(minutes=15)
    fort.quiet()
    browser, before = fort.browser(), fort.n_codes(VIKTOR)
    fort.ring(browser, fort.link(VIKTOR))
    browser.get("/p/code")
    assert browser.post("/p/code", code=fort.mailed_code(VIKTOR, after=before)).status == 303
    person_id = fort.accounts[VIKTOR.email].person_id

    def let_go(session):
        contact = session.scalars(select(Contact).where(Contact.person_id == person_id)).one()
        pervez = author_of(session, fort.accounts[PERVEZ.email].person_id)
        remove_contact(session, contact, by=pervez, at=clock.now())

    fort.write(let_go)
    assert is_out(browser, "/p/")


@pytest.mark.parametrize(
    ("idle", "hours", "path"), [(30, 12, "/account"), (60, 24, "/p/help")], ids=["staff", "vendor"]
)
def test_C12_idle_and_absolute_ends_hold_whatever_goes_on(fort, idle, hours, path):
    fort.later(minutes=30)
    enter = partial(fort.sign_in, LAILA) if path == "/account" else partial(fort.come_in, VANIA)
    browser = enter()
    fort.later(minutes=idle - 1)
    assert browser.get(path).status == 200
    fort.later(minutes=idle + 1)
    assert is_out(browser, path)
    browser, lived = enter(), 0
    while lived + idle - 2 < hours * 60:
        fort.later(minutes=idle - 2)
        lived += idle - 2
        assert browser.get(path).status == 200, lived
    fort.later(minutes=hours * 60 - lived)
    assert is_out(browser, path), "nothing prolongs the absolute end"


def test_C13_cookies_go_as_they_came(fort):
    """Each answer of every test is looked at by the browser; here, that it looks."""
    good = "__Host-duly_staff=x; Secure; HttpOnly; Path=/; SameSite=Lax"
    assert faults_of_cookie(good) == []
    for flag in ("; Secure", "; HttpOnly", "; Path=/", "; SameSite=Lax", "__Host-"):
        assert faults_of_cookie(good.replace(flag, "")), flag
    assert faults_of_cookie(good + "; Domain=duly.example")
    laila = fort.sign_in(LAILA)
    assert {name.partition("duly")[0] for name in laila.cookies} == {"__Host-"}
    laila.get("/account")
    gone = laila.post("/sign-out")
    assert STAFF not in laila.cookies
    assert '"storage"' in gone.header("Clear-Site-Data")


def test_C14_a_cookie_that_is_none_of_ours_is_nobody_and_no_fault(fort):
    laila, chance = fort.sign_in(LAILA), random.Random(14)
    true = laila.cookies[STAFF]
    strange = [
        true[:-1],
        true[:-1] + ("A" if true[-1] != "A" else "B"),
        true + "A",
        true.lower(),
        f"{true} ",
        f'"{true[:-2]}"',
        "",
        "x" * 4000,
        "%00" * 10,
        "é" * 20,
        "\xff\xfe",
        "null",
        "' OR 1=1 --",
        "eyJhbGciOiJub25lIn0.e30.",
        ".eJwrLkksKVayUkrLz1eyqgYAJm4FBg.aRZ1Zw.forged",
    ]
    strange += [chance.randbytes(40).decode("latin-1") for _ in range(100 if IS_LONG else 10)]
    for value in strange:
        if any(sign in value for sign in "\r\n"):
            continue
        for name in (STAFF, PORTAL, "__Host-duly_notes", "__Host-duly_invitation"):
            other = fort.browser()
            other.cookies = {name: value}
            path = "/p/i" if "invitation" in name else "/p/" if name == PORTAL else "/account"
            answer = other.get(path)
            assert answer.status in {200, 303, 400}, (name, value)
            assert answer.header("Location").partition("?")[0] in {"", "/sign-in", "/p/i"}
    for name in ("__Host-duly_browser", "__Host-duly_known", "__Host-duly_link"):
        other = fort.browser()
        other.cookies = {name: "é\xff" * 30}
        assert other.get("/sign-in").status == 200
        assert other.get("/account/set-password").status == 404
    assert laila.get("/account").status == 200
    crossed = fort.browser()
    crossed.cookies[PORTAL] = true
    assert is_out(crossed, "/p/")


def test_C14_new_keys_end_no_session_no_code_and_no_form(fort):
    laila = fort.sign_in(LAILA)
    laila.get("/account")
    vania, before = fort.browser(), fort.n_codes(VANIA)
    fort.ring(vania, fort.link(VANIA))
    vania.get("/p/code")
    code = fort.mailed_code(VANIA, after=before)
    stale = laila.copy()
    _rotate(fort)
    assert laila.get("/account").status == 200
    assert stale.post("/account/time-zone", time_zone="Asia/Karachi").status == 303
    assert vania.post("/p/code", code=code).status == 303
    vania.get("/p/factor")
    assert vania.post("/p/factor", code=fort.code_of(VANIA)).status == 303
    laila.get("/account")
    laila.post("/sign-out")
    laila.get("/sign-in")
    for _ in range(11):
        fort.knock(fort.browser(), LAILA.email, "wrong and long enough")
    assert fort.knock(laila, LAILA.email).status == 303, "a browser that is known stays known"


def _rotate(fort):
    ring, path = keyring.current(), fort.settings.keys_path
    fresh = ring.extended()
    fresh.replace(path)
    assert keyring.current().current_id == fresh.current_id


def test_D03_a_form_that_was_open_for_nine_hours_still_saves(fort):
    fort.later(minutes=30)
    vania = fort.come_in(VANIA)
    chosen = select(Assessment).join(Contact, Contact.id == Assessment.contact_id)
    mine = Contact.person_id == fort.accounts[VANIA.email].person_id
    assessment = fort.read(chosen.where(mine))[0]
    at = f"/p/a/{assessment.id}"
    vania.get(at)
    vania.post(f"{at}/start")
    section = vania.get(f"{at}/s/our_information")
    assert section.status == 200
    old = vania.copy()
    for _ in range(11):
        fort.later(minutes=50)
        assert vania.get(at).status == 200
    saved = old.post(
        f"{at}/answers", code="enc_in_transit", options="yes", version="0", sequence="1"
    )
    assert saved.status == 200, saved.text[:500]
    answers = select(func.count()).where(Answer.assessment_id == assessment.id)
    assert fort.read(answers)[0] == 1
    fort.later(hours=9)
    late = old.post(f"{at}/s/our_information", **{"enc_in_transit:text": "typed for nine hours"})
    assert late.status == 403
    assert "typed for nine hours" in late.text, "what was typed is given back"
