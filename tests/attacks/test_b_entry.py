"""B: the ways in of vendors, under force: their links, their codes, their post."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from email import message_from_bytes, policy
from functools import partial

import pytest
from sqlalchemy import select, text

from audit.actions import Action
from foundation import clock
from foundation.db import Model
from foundation.errors import Refused
from identity import invitations, limits, tokens
from identity.models import Invitation, Person
from identity.rules import Purpose
from portal.entry_views import CODES_PER_PLACE, WINDOW
from questionnaires.models import Assessment, QuestionnaireVersion
from tests import makers
from tests.attacks.browser import HOST, raw
from tests.attacks.fort import ROUNDS, ask
from tests.attacks.test_a_access import address, routes
from tests.people import ADIL, LAILA, PERVEZ, VANIA, VIKTOR, Character
from vendors.models import Contact

pytestmark = pytest.mark.slow

WRONG = "This code is wrong, too old, or was asked for in another browser."
IN_PARALLEL = 24
SCANNER, ELSEWHERE = "127.0.0.66", "127.0.0.77"


def asked(fort, who, ip="127.0.0.1"):
    """Let somebody ask for a code; return the browser, at the page that takes it, and the code."""
    fort.quiet()
    browser, before = fort.browser(ip), fort.n_codes(who)
    assert fort.ring(browser, fort.link(who)).status == 303
    browser.get("/p/code")
    return browser, fort.mailed_code(who, after=before)


def is_in(browser):
    """Say whether a browser stands inside, or at the second factor."""
    return browser.get("/p/factor").header("Location") != "/p/i"


def status_of(browser, code):
    return tried(browser.copy(), code).status


def tried(browser, code):
    return browser.post("/p/code", code=code)


def test_B01_a_link_only_ever_rings_and_a_code_opens_once(fort):
    first, code = asked(fort, VANIA)
    thief = first.copy()
    assert tried(first, code).header("Location") == "/p/factor"
    first.get("/p/factor")
    assert first.post("/p/factor", code=fort.code_of(VANIA)).status == 303
    first.get("/p/help")
    assert first.post("/p/sign-out").status == 303
    second = fort.browser()
    for again in (first, thief, second):
        again.follow(again.get(f"/p/i/{fort.link(VANIA)}"))
        assert not is_in(again)
        used = tried(again, code)
        wrong = tried(again, "00000000")
        assert used.status == wrong.status == 422
        assert WRONG in used.text
        assert WRONG in wrong.text


def test_B02_a_scanner_that_sends_every_form_is_never_let_in_and_keeps_nobody_out(fort):
    before, had = fort.n_codes(VANIA), fort.sessions_of(VANIA)
    token = fort.link(VANIA)
    for number in range(20):
        scanner = fort.browser(SCANNER)
        assert scanner.send("HEAD", f"/p/i/{token}").status == 303
        scanner.follow(scanner.get(f"/p/i/{token}"))
        scanner.submit_all()
        if number % 5 == 0:
            scanner.get("/p/code")
            scanner.submit_all()
    assert fort.sessions_of(VANIA) == had
    human, code = asked(fort, VANIA)
    assert fort.n_codes(VANIA) - before <= 6
    assert tried(human, code).status == 303


@pytest.mark.browser
def test_B02_a_scanner_that_is_a_browser_is_never_let_in(fort, chromium):
    had = fort.sessions_of(VANIA)
    context = chromium.new_context(base_url=f"http://localhost:{fort.port}")
    page = context.new_page()
    page.goto(f"/p/i/{fort.link(VANIA)}")
    assert page.url.endswith("/p/i")
    page.locator("form button").first.click()
    page.goto("/p/i")
    page.close()
    context.close()
    assert fort.sessions_of(VANIA) == had
    human, code = asked(fort, VANIA)
    assert tried(human, code).status == 303


def test_B03_a_code_opens_in_the_browser_that_asked_for_it_and_in_no_other(fort):
    mine, code = asked(fort, VANIA)
    other = fort.browser(ELSEWHERE)
    other.follow(other.get(f"/p/i/{fort.link(VANIA)}"))
    other.get("/p/code")
    assert tried(other, code).status == 422
    stolen = fort.browser(ELSEWHERE)
    stolen.cookies["__Host-duly_invitation"] = mine.cookies["__Host-duly_invitation"]
    stolen.get("/p/code")
    assert tried(stolen, code).status == 422
    assert tried(mine, code).status == 303


def test_B05_after_five_tries_the_right_code_opens_nothing(fort):
    browser, code = asked(fort, VANIA)
    for _ in range(5):
        assert tried(browser, "0000-0000").status == 422
    refused = tried(browser, code)
    assert refused.status == 422
    assert WRONG in refused.text
    assert fort.challenges()[0].tries_left == 0


def test_B05_of_many_guesses_at_once_five_are_looked_at(fort):
    for _ in range(ROUNDS):
        browser, code = asked(fort, VANIA)
        failed = fort.count(Action.SIGN_IN_FAILED)
        guesses = [f"{number:08d}" for number in range(IN_PARALLEL)]
        with ThreadPoolExecutor(IN_PARALLEL) as crowd:
            told = list(crowd.map(partial(status_of, browser), guesses))
        assert told == [422] * IN_PARALLEL
        assert fort.challenges()[0].tries_left == 0
        assert tried(browser, code).status == 422
        assert fort.count(Action.SIGN_IN_FAILED) == failed + IN_PARALLEL + 1
        fort.later(minutes=15)


def test_B05_the_right_code_sent_many_times_at_once_opens_once(fort):
    for _ in range(ROUNDS):
        browser, code = asked(fort, VANIA)
        had = fort.sessions_of(VANIA)
        with ThreadPoolExecutor(5) as crowd:
            told = list(crowd.map(partial(status_of, browser), [code] * 5))
        assert sorted(told) == [303, 422, 422, 422, 422]
        assert fort.sessions_of(VANIA) == had + 1
        fort.later(minutes=15)


def test_B06_ten_thousand_tokens_differ_and_none_is_stored(fort):
    drawn = {tokens.new_token() for _ in range(10_000)}
    assert len(drawn) == 10_000
    assert {len(token) for token in drawn} == {43}
    secrets = {fort.link(VANIA), fort.link(VIKTOR)}
    vania, before = fort.browser(), fort.n_codes(VANIA)
    fort.ring(vania, fort.link(VANIA))
    vania.get("/p/code")
    code = fort.mailed_code(VANIA, after=before)
    rabia = fort.sign_in(PERVEZ)
    secrets |= {value for who in (vania, rabia) for value in who.cookies.values()}
    secrets |= {code, code.replace("-", ""), *fort.accounts[PERVEZ.email].recovery}
    with fort.database.reading() as session:
        for table in Model.metadata.sorted_tables:
            kept = str(session.execute(select(table)).all())
            assert not [one for one in secrets if one in kept], table.name


def test_B06_a_copy_of_the_database_opens_no_door(fort):
    fort.come_in(VANIA)
    fort.sign_in(LAILA)
    with fort.database.reading() as session:
        hashes = session.execute(text("SELECT token_hash, door FROM web_session")).all()
        links = session.execute(text("SELECT token_hash FROM invitation")).all()
    for known, _door in hashes[-4:]:
        thief = fort.browser()
        thief.cookies |= {"__Host-duly_staff": known, "__Host-duly_portal": known}
        assert thief.get("/vendors").header("Location").startswith("/sign-in")
        assert thief.get("/p/").header("Location") == "/p/i"
    for (known,) in links:
        thief = fort.browser()
        assert fort.ring(thief, known).header("Location") != "/p/code"


def test_B07_no_token_stays_in_an_address_in_a_page_or_in_a_log(fort):
    adil = fort.sign_in(ADIL)
    member = fort.accounts[PERVEZ.email].person_id
    adil.get(f"/people/{member}")
    adil.post(f"/people/{member}/invite")
    for token, path, way in (
        (fort.link(VANIA), "/p/i/", "/p/i"),
        (fort.link(PERVEZ), "/account/set-password/", "/account/set-password"),
    ):
        guest = fort.browser()
        moved = guest.get(path + token)
        assert moved.status == 303
        assert moved.header("Location") == way
        assert moved.header("Referrer-Policy") == "no-referrer"
        assert moved.header("Cache-Control") == "no-store"
        page = guest.get(way, Referer=f"https://{HOST}{path}{token}")
        assert page.status == 200
        assert token not in page.text
        assert page.header("Referrer-Policy") == "no-referrer"
        assert re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', page.text) == []
        raw(fort.port, f"GET {path}{token} HTTP/1.1\r\nHost: a b\r\nX: {token}\r\n\r\n".encode())
        raw(fort.port, f"GET {path}{token} HTTP/9.9\r\nHost: {HOST}\r\n\r\n".encode())
        assert token not in fort.log.read_text()


def test_B08_links_that_are_dead_unknown_or_anothers_look_the_same(fort):
    def kill(session):
        author = makers.make_staff(session)
        version = makers.make_version(session, by=author)
        dead = Character("Dora Dead", "dora@dead.example", ())
        ask(session, dead, "Dead Links", version)
        contact = session.scalars(select(Contact).order_by(Contact.created_at.desc())).first()
        invitations.revoke_of(session, contact.person_id, clock.now())
        return dead

    dead = fort.link(fort.write(kill))
    told = []
    for token in (dead, "k" * 43, "k" * 4000, "%00", "%C3%A9", tokens.hash_of(dead)):
        guest = fort.browser()
        page = guest.follow(guest.get(f"/p/i/{token}"))
        names = sorted(name for name, _ in page.headers)
        told.append((page.status, re.sub(r"\b[0-9a-f]{64}\b", "", page.text), names))
        assert guest.post("/p/i").header("Location") != "/p/code"
    assert all(one == told[0] for one in told)


def test_B09_a_code_goes_to_the_invited_address_whoever_asks(fort):
    taken = len(fort.post.taken)
    colleague, code = asked(fort, VANIA, ELSEWHERE)
    page = colleague.get("/p/code")
    assert VANIA.email not in page.text
    assert "v•••a@a•••.example" in page.text
    welcome = colleague.get("/p/i")
    assert f"Ask {PERVEZ.name}" in welcome.text
    assert VANIA.name not in welcome.text
    assert {to for whom, _ in fort.post.taken[taken:] for to in whom} == {VANIA.email}
    assert code


def test_B10_of_two_links_the_newer_opens_and_a_revoked_one_does_not(fort):
    otto = Character("Otto Older", "otto@older.example", ())

    def begin(session):
        author = makers.make_staff(session)
        ask(session, otto, "Older Links", makers.make_version(session, by=author))
        return makers.make_person(session, otto).id

    person_id = fort.write(begin)

    def another(session):
        person = session.get(Person, person_id)
        about = session.scalars(select(Invitation).where(Invitation.person_id == person.id)).first()
        purpose, at = Purpose.VENDOR_ENTRY, clock.now()
        invitations.invite(session, person, purpose=purpose, for_id=about.for_id, at=at)

    old = fort.link(otto)
    half_way, code = asked(fort, otto)
    fort.write(another)
    new = fort.link(otto)
    assert new != old
    assert tried(half_way, code).header("Location") == "/p/i", "asked for under the old link"
    assert fort.ring(fort.browser(), old).header("Location") != "/p/code"
    assert fort.ring(fort.browser(), new).header("Location") == "/p/code"

    half_way, code = asked(fort, otto)
    fort.write(lambda session: invitations.revoke_of(session, person_id, clock.now()))
    assert tried(half_way, code).header("Location") == "/p/i"
    assert fort.ring(fort.browser(), new).header("Location") != "/p/code"


def test_B10_links_to_an_address_that_was_changed_are_dead(fort):
    def moved(session):
        author = makers.make_staff(session)
        who = Character("Mona Move", "mona@move.example", ())
        ask(session, who, "Moving House", makers.make_version(session, by=author))
        contact = session.scalars(select(Contact).order_by(Contact.created_at.desc())).first()
        return contact.person_id, who

    person_id, mona = fort.write(moved)
    half_way, code = asked(fort, mona)
    token = fort.link(mona)
    fort.write(lambda session: _readdress(session, person_id))
    assert tried(half_way, code).header("Location") == "/p/i"
    assert fort.ring(fort.browser(), token).header("Location") != "/p/code"


def _readdress(session, person_id):
    session.get(Person, person_id).email = "mona@elsewhere.example"


NASTY = (
    'Acme "><img src=x onerror=alert(1)>',
    "Acme \u202egnp.exe",
    "Acme =?utf-8?q?=0D=0ABcc:_x@evil.example?=",
    "Acme, x@evil.example; <y@evil.example>",
    "Ακμή " + "ü" * 180,
    "A" * 190,
    "Acme\\r\\nBcc: x@evil.example",
    ".",
    "Acme \u2028Bcc: x@evil.example",
    "Acme\r\nBcc: x@evil.example",
    "Acme\n.\nMAIL FROM:<x@evil.example>",
    "Acme\r.\r\nRCPT TO:<x@evil.example>",
)


def test_B12_no_name_breaks_out_of_its_header_or_its_letter(fort):
    n_taken, n_sent = len(fort.post.taken), 0
    version = fort.write(lambda session: makers.make_version(session).id)
    for number, name in enumerate(NASTY):
        with suppress(Refused):
            fort.write(partial(_ask_nasty, name=name, number=number, version_id=version))
            n_sent += 1
    assert n_sent >= 6
    fort.wait(lambda: len(_nasty_letters(fort, n_taken)) >= n_sent)
    assert len(_nasty_letters(fort, n_taken)) == n_sent
    for to, content in fort.post.taken[n_taken:]:
        assert len(to) == 1
        assert "evil" not in to[0]
        head, _, body = content.partition(b"\r\n\r\n")
        letter = message_from_bytes(content, policy=policy.SMTP)
        assert not letter.defects
        assert {name.lower() for name in letter} <= HEADERS, head
        assert [letter[name] for name in ("Bcc", "Cc")] == [None, None]
        assert len(letter["To"].addresses) == 1
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content), "a bare line end"
        assert max(len(line) for line in content.split(b"\r\n")) <= 998
        assert head.isascii()
        assert b"\r\n.\r\n" not in body


HEADERS = {
    *("from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version"),
    *("content-type", "content-transfer-encoding", "list-unsubscribe", "list-unsubscribe-post"),
}


def _ask_nasty(session, name, number, version_id):
    who = Character(name, f"nasty{number}@nasty.example", ())
    ask(session, who, name, session.get(QuestionnaireVersion, version_id))


def _nasty_letters(fort, start):
    return [to for to, _ in fort.post.taken[start:] if to[0].endswith("@nasty.example")]


def test_B13_a_flood_of_requests_mails_few_and_leaves_room_for_whoever_is_meant(fort):
    token, before = fort.link(VANIA), fort.n_codes(VANIA)
    flood = 10 * ROUNDS

    def ring(ip):
        return fort.ring(fort.browser(ip), token).status

    with ThreadPoolExecutor(8) as crowd:
        told = list(crowd.map(ring, [SCANNER] * flood))
    assert told.count(303) == 5
    assert set(told) == {303, 429}
    fort.restart()
    assert ring(SCANNER) == 429, "the count was lost with the processes that made it"
    human, code = asked(fort, VANIA)
    assert tried(human, code).status == 303
    told = [ring(f"127.0.1.{number}") for number in range(1, 12)]
    assert told.count(303) == 4, "from however many places: ten in all"
    fort.later(minutes=3)
    asked(fort, VANIA)
    assert fort.n_codes(VANIA) - before == 11


def test_B13_one_address_cannot_have_many_people_mailed(fort):
    def people(session):
        author = makers.make_staff(session)
        version = makers.make_version(session, by=author)
        crowd = [Character(f"Guest {n}", f"g{n}@crowd.example", ()) for n in range(10)]
        for _ in range(CODES_PER_PLACE - 6):
            assert limits.take(session, place, capacity=CODES_PER_PLACE, per=WINDOW)
        for n, who in enumerate(crowd):
            ask(session, who, f"Crowd {n}", version, makers.LOW)
        return crowd

    place = f"vendor-code|ip|{SCANNER}"
    links = [fort.link(who) for who in fort.write(people)]
    told = [fort.ring(fort.browser(SCANNER), link).status for link in links]
    assert told == [303] * 6 + [429] * 4


def test_B15_one_mailbox_is_one_person_and_a_look_alike_is_shown_for_what_it_is(fort):
    adil = fort.sign_in(ADIL)
    people = len(fort.read(select(Person.id)))
    spelled = (
        "LAILA@NORTHWIND.EXAMPLE",
        " laila@northwind.example. ",
        "laila@NorthWind.example",
        "laila＠northwind.example",
        "ｌａｉｌａ@northwind.example",
    )
    for email in spelled:
        adil.get("/people/new")
        told = adil.post("/people/new", name="Laila Again", email=email, roles="lead")
        assert told.status == 422, email
        assert "already" in told.text
    for email in (
        '"laila"@northwind.example',
        "laila\x00@northwind.example",
        "laila@northwind.example\r\nBcc: x@evil.example",
        "laila@[127.0.0.1]",
        "laila@127.0.0.1",
        "ʟaila@northwind.example",
        "laila@@northwind.example",
    ):
        adil.get("/people/new")
        told = adil.post("/people/new", name="Laila Again", email=email, roles="lead")
        assert told.status == 422, email
    assert len(fort.read(select(Person.id))) == people
    adil.get("/people/new")
    alike = adil.post(
        "/people/new", name="Laila Other", email="laila@nоrthwind.example", roles="lead"
    )
    shown = adil.follow(alike).text
    assert "laila@xn--" in shown
    assert "nоrthwind" not in shown


def test_B16_who_owes_a_second_factor_sees_no_page_before(fort):
    def ask_nina(session):
        author = makers.make_staff(session)
        nina = Character("Nina New", "nina@new.example", ())
        ask(session, nina, "New Comer", makers.make_version(session, by=author))
        newest = select(Assessment).order_by(Assessment.sent_at.desc())
        return nina, session.scalars(newest).first()

    nina, assessment = fort.write(ask_nina)
    browser, code = asked(fort, nina)
    assert tried(browser, code).header("Location") == "/p/factor"
    skipped = 0
    for method, rule, plate in routes():
        if plate != "contact":
            continue
        path = address(rule, {"assessment_id": assessment.id, "vendor_id": assessment.vendor_id})
        answer = browser.get(path) if method == "GET" else browser.post(path)
        skipped += 1
        if method == "GET":
            assert answer.header("Location") == "/p/factor", path
        else:
            assert answer.status == 403, path
    assert skipped > 15
    assert browser.get("/vendors").header("Location").startswith("/sign-in")
