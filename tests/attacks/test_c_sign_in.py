"""C: the staff door under force: guessing, spraying, codes, passwords, many at once."""

import re
import statistics
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import select, text

from accounts import tries
from accounts.invitation_commands import invite_staff
from audit.actions import Action
from audit.models import Entry
from foundation import clock
from identity import limits, passwords
from identity.models import Person
from tests import makers
from tests.attacks.fort import IS_LONG, PASSWORD, ROUNDS
from tests.people import ADIL, AMNA, ASIF, LAILA, PERVEZ, RABIA, VANIA

pytestmark = pytest.mark.slow

WRONG = "wrong and long enough"
REFUSED = "The address or the password is not right. Check both and try again."
CROWD = 200 if IS_LONG else 48


def said(answer):
    """Return an answer without what is new in each: references, tokens, the address typed."""
    plain = re.sub(r"\b[0-9a-f]{16,64}\b", "", answer.text)
    plain = re.sub(r'(id="email"[^>]*) value="[^"]*"|value="[^"]*"([^>]*id="email")', "", plain)
    plain = re.sub(r'value="[^"]*@[^"]*"', "", plain)
    names = [name for name, _ in answer.headers if name not in {"Date", "Content-Length"}]
    return answer.status, plain, names


def half_way(fort, who, ip="127.0.0.1"):
    browser = fort.browser(ip)
    assert fort.knock(browser, who.email).status == 303
    browser.get("/sign-in/code")
    return browser


def _send(browser, code):
    return browser.post("/sign-in/code", code=code).status


def letters(fort, who, about):
    return len(fort.post.to(who.email, about))


def test_C01_ten_guesses_from_one_place_whatever_it_claims_to_be(fort):
    browser = fort.browser("127.0.2.1")
    told = []
    for number in range(500 if IS_LONG else 14):
        claims = {
            "X-Forwarded-For": f"203.0.113.{number % 250}",
            "X-Real-IP": f"198.51.100.{number % 250}",
            "Forwarded": f"for=192.0.2.{number % 250}",
            "X-Client-IP": f"10.0.{number % 250}.1",
        }
        told.append(fort.knock(browser, RABIA.email, f"{WRONG} {number}", **claims).status)
    assert told == [422] * 10 + [429] * (len(told) - 10)
    refused = fort.knock(browser, RABIA.email)
    assert refused.status == 429, "the right password waits too"
    assert "Nothing is locked for good." in refused.text
    rows = fort.read(select(Entry).where(Entry.action == Action.SIGN_IN_FAILED))
    assert rows[-1].ip == "127.0.2.1"


def test_C01_whoever_is_guessed_at_still_gets_in(fort):
    known = fort.sign_in(LAILA, "127.0.2.9")
    known.get("/account")
    known.post("/sign-out")
    stranger = fort.browser("127.0.2.9")
    while fort.knock(stranger, LAILA.email, WRONG).status != 429:
        pass
    fresh = fort.browser("127.0.2.3")
    assert fort.knock(fresh, LAILA.email).status == 303, "from another place"
    known.get("/sign-in")
    assert fort.knock(known, LAILA.email).status == 303, "a browser that was in, next to them"
    fort.later(minutes=15)
    assert fort.knock(stranger, LAILA.email).status == 303, "from the same place, later"


def test_C01_a_guess_a_minute_for_a_day_is_few_and_its_owner_hears_of_it_once(fort):
    before, browser = letters(fort, AMNA, "wrong tries"), fort.browser("127.0.2.4")
    step, span, done = (1, 24 * 60, 0) if IS_LONG else (10, 4 * 60, 40)
    bucket, told = f"both-a-day|127.0.2.4|{AMNA.email}", []
    _spend(fort, bucket, done, tries.TRIES_A_DAY_FROM_ONE_PLACE, tries.A_DAY)
    for number in range(0, span, step):
        told.append(fort.knock(browser, AMNA.email, f"{WRONG} {number}").status)
        fort.later(minutes=step)
    assert told.count(422) + done <= 2 * tries.TRIES_A_DAY_FROM_ONE_PLACE
    assert told.count(429) > 0
    fort.wait(lambda: letters(fort, AMNA, "wrong tries") > before)
    assert letters(fort, AMNA, "wrong tries") - before <= 2
    word = fort.post.to(AMNA.email, "wrong tries")[-1]
    assert "127.0.2.4" in word
    assert "Nobody got in" in word


def test_C01_from_many_places_an_account_has_a_hundred_guesses_a_day(fort):
    places = [f"127.0.{net}.{n}" for net in (3, 4) for n in range(1, 59)]
    done = 0 if IS_LONG else 90
    _spend(fort, f"account|{ASIF.email}", done, tries.TRIES_A_DAY, tries.A_DAY)
    guess = partial(_guess, fort, ASIF.email)
    with ThreadPoolExecutor(8) as crowd:
        told = list(crowd.map(guess, places[done:]))
    assert told.count(422) == tries.TRIES_A_DAY - done
    assert told.count(429) == len(places) - tries.TRIES_A_DAY
    fort.later(minutes=15)
    assert guess("127.0.5.1") == 422, "nothing is locked for good"


def _guess(fort, email, ip):
    return fort.knock(fort.browser(ip), email, WRONG).status


def _spend(fort, key, count, capacity, per):
    """Take tries out of a bucket as guesses would, to save the time they take."""

    def take(session):
        for _ in range(count):
            assert limits.take(session, key, capacity=capacity, per=per)

    fort.write(take)


def test_C01_a_success_after_wrong_tries_is_told(fort):
    fort.later(days=2)
    before = letters(fort, RABIA, "after wrong tries")
    stranger = fort.browser("127.0.2.5")
    for _ in range(3):
        fort.knock(stranger, RABIA.email, WRONG)
    fort.knock(stranger, RABIA.email)
    stranger.get("/sign-in/code")
    assert stranger.post("/sign-in/code", code=fort.code_of(RABIA)).status == 303
    fort.wait(lambda: letters(fort, RABIA, "after wrong tries") > before)
    fort.sign_in(RABIA)
    assert letters(fort, RABIA, "after wrong tries") == before + 1


def test_C02_one_password_over_many_accounts_trips_the_limit_and_an_alarm(fort):
    fort.later(days=1)
    before, floods = letters(fort, ADIL, "many tries"), fort.count(Action.SIGN_IN_LIMITED)
    browser = fort.browser("127.0.2.6")
    done = 0 if IS_LONG else 50
    _spend(fort, "ip|127.0.2.6", done, tries.TRIES_OF_ADDRESS, tries.WINDOW)
    emails = [f"p{number}@northwind.example" for number in range(done, 200 if IS_LONG else 64)]
    told = [fort.knock(browser, email, "Spring2026!").status for email in emails]
    assert told.count(422) + done <= tries.TRIES_OF_ADDRESS + 2
    assert told[-1] == 429
    assert fort.count(Action.SIGN_IN_LIMITED) == floods + 1
    fort.wait(lambda: letters(fort, ADIL, "many tries") > before)
    assert "127.0.2.6" in fort.post.to(ADIL.email, "many tries")[-1]


def test_C03_an_account_nobody_has_is_refused_like_any_other(fort, request):
    def put_away(session):
        session.get(Person, fort.accounts[ASIF.email].person_id).disabled_at = clock.now()

    def take_back(session):
        session.get(Person, fort.accounts[ASIF.email].person_id).disabled_at = None

    typed = {
        "known": (RABIA.email, WRONG),
        "unknown": ("nobody@northwind.example", WRONG),
        "disabled": (ASIF.email, PASSWORD),
        "of a vendor": (VANIA.email, PASSWORD),
        "no address": ("nobody", WRONG),
        "with a nought": ("rabia@northwind.example\0", WRONG),
        "with a quote": ("' OR 1=1 --", WRONG),
        "too long": (RABIA.email, "x" * 500),
    }
    told, spent = {}, {}
    fort.write(put_away)
    request.addfinalizer(lambda: fort.write(take_back))
    for name, (email, password) in typed.items():
        browser = fort.browser("127.0.2.7")
        for _ in range(100 if IS_LONG and name in {"known", "unknown", "disabled"} else 1):
            browser.get("/sign-in")
            began = time.perf_counter()
            told[name] = said(fort.knock(browser, email, password))
            spent.setdefault(name, []).append(time.perf_counter() - began)
            if IS_LONG:
                fort.later(days=1)
    assert told["known"][0] == 422
    assert REFUSED in told["known"][1]
    assert {name: answer == told["known"] for name, answer in told.items()} == dict.fromkeys(
        typed, True
    )
    if IS_LONG:
        middles = [statistics.median(spent[name]) for name in ("known", "unknown", "disabled")]
        assert max(middles) < 1.5 * min(middles)


def test_C05_codes_of_this_and_the_last_step_open_once_and_no_others(fort):
    app = pyotp.TOTP(fort.accounts[PERVEZ.email].secret)
    opened = {}
    for offset in (-3, -2, 1, 2, -1, 0):
        fort.later(minutes=30)
        browser = half_way(fort, PERVEZ)
        at = clock.now() + timedelta(seconds=30 * offset)
        code = app.at(at)
        opened[offset] = browser.post("/sign-in/code", code=code).status
        if opened[offset] == 303:
            again = half_way(fort, PERVEZ)
            assert again.post("/sign-in/code", code=code).status == 422, "a replay"
    assert opened == {-3: 422, -2: 422, -1: 303, 0: 303, 1: 422, 2: 422}


def test_C05_five_codes_are_looked_at_however_often_the_password_is_given(fort):
    fort.later(minutes=30)
    told = []
    for number in range(3):
        browser = half_way(fort, LAILA, f"127.0.6.{number}")
        told += [browser.post("/sign-in/code", code=f"{n:06d}").status for n in range(3)]
    assert told == [422] * 5 + [429] * 4
    right = half_way(fort, LAILA)
    assert right.post("/sign-in/code", code=fort.code_of(LAILA)).status == 429
    fort.later(minutes=15)
    assert fort.sign_in(LAILA).get("/account").status == 200


def test_C05_a_code_sent_many_times_at_once_opens_one_session(fort):
    for _ in range(ROUNDS):
        fort.later(minutes=15)
        browsers = [half_way(fort, LAILA) for _ in range(5)]
        code, had = fort.code_of(LAILA), fort.count(Action.SESSION_START)
        with ThreadPoolExecutor(5) as crowd:
            told = sorted(crowd.map(partial(_send, code=code), browsers))
        assert told == [303, 422, 422, 422, 422]
        assert fort.count(Action.SESSION_START) == had + 1


def test_C06_a_recovery_code_opens_once_also_of_many_at_once(fort):
    fort.later(minutes=30)
    codes = list(fort.accounts[AMNA.email].recovery)
    with fort.database.reading() as session:
        kept = session.execute(text("SELECT code_hash FROM recovery_code")).scalars().all()
    assert not {code for code in codes if code in kept or code.replace("-", "") in kept}
    browsers = [half_way(fort, AMNA) for _ in range(5)]
    with ThreadPoolExecutor(5) as crowd:
        told = sorted(crowd.map(partial(_send, code=codes[0]), browsers))
    assert told == [303, 422, 422, 422, 422]
    fort.later(minutes=15)
    spelled = f" {codes[1].lower().replace('-', ' ')} "
    assert half_way(fort, AMNA).post("/sign-in/code", code=spelled).status == 303
    assert half_way(fort, AMNA).post("/sign-in/code", code=codes[1]).status == 422
    amna = fort.sign_in(AMNA)
    amna.get("/account/recovery-codes")
    fresh = amna.post("/account/recovery-codes", code=fort.code_of(AMNA))
    assert fresh.status == 200
    assert half_way(fort, AMNA).post("/sign-in/code", code=codes[2]).status == 422, "the old set"


def test_C08_a_secret_is_shown_while_it_is_set_up_to_its_owner_and_never_again(fort):
    fort.later(minutes=30)
    adil = fort.sign_in(ADIL)
    rabia_id = fort.accounts[RABIA.email].person_id
    for path in ("/sign-in/enrol", "/sign-in/enrol/picture.svg", f"/people/{rabia_id}/enrol"):
        answer = adil.get(path)
        assert answer.status in {303, 404}, path
        assert "otpauth" not in answer.text
    waiting = half_way(fort, RABIA)
    picture = waiting.get("/sign-in/enrol/picture.svg")
    assert picture.status == 404
    page = waiting.get("/sign-in/enrol")
    assert page.header("Location").startswith("/sign-in/code")
    for key in ("person_id", "uid", "user"):
        asked = waiting.get(
            f"/sign-in/enrol/picture.svg?{key}={fort.accounts[AMNA.email].person_id}"
        )
        assert asked.status == 404
    secret = fort.accounts[RABIA.email].secret
    for path in ("/account", "/account/recovery-codes", f"/people/{rabia_id}"):
        assert secret not in adil.get(path).text
    vania = fort.come_in(VANIA)
    assert vania.get("/p/factor/qr.svg").status == 404


def test_C17_the_password_policy_holds_at_the_door(fort):
    def invited(session):
        by = makers.make_staff(session, ADIL)
        return invite_staff(session, session.get(Person, person_id), by=by, at=clock.now())

    person_id = fort.accounts[PERVEZ.email].person_id
    way = "/account/set-password"
    link = fort.write(invited).rpartition("/")[2]
    browser = fort.browser()
    browser.follow(browser.get(f"{way}/{link}"))
    for password, why in (
        ("eleven sign", "too short"),
        ("v" * 60 + "otter 9 marmalade!" * 4, "too long"),
        ("x" * 1_000_000, ""),
        ("velvet otter\0 marmalade", "control character"),
        ("leavemealone", "first that are tried"),
        ("JustinBieber2026", "first that are tried"),
        ("PervezAnwar12", "your name"),
        ("NorthwindPayments", "your name"),
    ):
        answer = browser.post(way, password=password, again=password)
        assert answer.status == 422, password[:40]
        assert why in answer.text, password[:40]
        assert password[:200] not in answer.text
    composed = unicodedata.normalize("NFC", "über den Käfer läuft ﬁx die Zeit")
    assert browser.post(way, password=composed, again=composed).status == 303
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        other = fort.browser()
        typed = unicodedata.normalize(form, composed)
        assert fort.knock(other, PERVEZ.email, typed).status == 303, form
    longest = "velvet otter 9 marmalade " * 5 + "abc"
    assert len(longest) == 128
    link = fort.write(invited).rpartition("/")[2]
    browser.follow(browser.get(f"{way}/{link}"))
    assert browser.post(way, password=longest, again=longest).status == 303
    assert fort.knock(fort.browser(), PERVEZ.email, longest).status == 303
    assert fort.knock(fort.browser(), PERVEZ.email, longest + "x").status == 422
    _give_back(fort, person_id)


def _give_back(fort, person_id):
    hashed = passwords.hash(PASSWORD)

    def put(session):
        session.get(Person, person_id).password_hash = hashed

    fort.write(put)


def test_C18_many_who_sign_in_at_once_are_all_answered_and_cost_no_more_room(fort):
    fort.later(days=1)
    before = _room(fort)
    people = [PERVEZ, RABIA, LAILA, ASIF, ADIL, AMNA]

    def come(number):
        who, ip = people[number % 6], f"127.0.{8 + number % 40}.{1 + number // 40}"
        browser = fort.browser(ip)
        return fort.knock(browser, who.email, PASSWORD if number % 2 else WRONG).status

    with ThreadPoolExecutor(CROWD) as crowd:
        told = list(crowd.map(come, range(CROWD)))
    assert set(told) == {303, 422}
    assert told.count(303) == CROWD // 2
    assert _room(fort) - before < 4 * 2 * 19 * 1024, "hashing takes 19 MiB, twice in each process"


def _room(fort):
    """Return the largest room the web processes ever took, in KiB, together."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        words = status.with_name("cmdline").read_bytes().split(b"\0")
        if b"tests.attacks.clocked" in words and str(fort.port).encode() in words:
            found = re.search(r"VmHWM:\s+(\d+)", status.read_text())
            total += int(found[1]) if found else 0
    assert total
    return total


def test_D04_nobody_is_signed_in_or_out_by_a_form_of_another_site(fort):
    fort.later(minutes=30)
    victim = fort.browser()
    attacker = fort.browser("127.0.0.99")
    attacker.get("/sign-in")
    stolen = attacker.shown
    victim.get("/sign-in")
    for page, headers in (
        ("", {}),
        (stolen, {}),
        (victim.shown, {"Sec-Fetch-Site": "cross-site"}),
        (victim.shown, {"Origin": "https://attacker.example"}),
        (victim.shown, {"Origin": "null"}),
    ):
        forced = victim.copy()
        forced.shown = page
        answer = forced.post("/sign-in", headers, email=ADIL.email, password=PASSWORD)
        assert answer.status == 403
        assert "__Host-duly_staff" not in forced.cookies
    rabia = fort.sign_in(RABIA)
    for page, headers in (("", {}), (stolen, {}), (rabia.shown, {"Sec-Fetch-Site": "cross-site"})):
        forced = rabia.copy()
        forced.shown = page
        assert forced.post("/sign-out", headers).status == 403
    assert rabia.get("/account").status == 200
    for path in ("/p/i", "/p/code", "/account/set-password", "/setup", "/verify"):
        bare = fort.browser()
        assert bare.post(path).status == 403, path
