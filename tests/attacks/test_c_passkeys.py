"""C: passkeys and the question who it is, tried over the wire: replayed, forged, raced, outwaited."""

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookies import SimpleCookie
from threading import Barrier
from urllib.parse import urlencode

import pytest
from sqlalchemy import delete, select, update

from accounts.permissions import Permission, grants_of
from audit.models import Entry
from foundation import clock
from foundation.csrf import cookie_name
from identity import passwords
from identity.ceremonies import NOT_SIGNED
from identity.factors import LAST_FACTOR
from identity.models import Person, TotpFactor, TryCounter, WebSession
from identity.passkey_models import Passkey
from identity.rules import FRESH_FOR
from tests.attacks.attacker import Attacker
from tests.attacks.test_a_access import address
from tests.attacks.world import STAFF
from tests.authenticator import UP, UV, Authenticator
from tests.house.test_doors import ASKS_AGAIN, DOORS
from tests.people import ADIL, LAILA, RABIA

pytestmark = pytest.mark.slow

ROUNDS = 200 if os.environ.get("DULY_ATTACKS") == "long" else 4
HANDS = 8
PASSWORD = "velvet otter 9 marmalade"
KEPT = re.compile(r'name="again_kept" value="([^"]+)"')
IN, ASK = "/sign-in/passkey", "/sign-in/passkey/begin"


@pytest.fixture(autouse=True)
def fresh_tries(world):
    """Every case begins with full buckets and without passkeys."""
    with world.database.writing() as session:
        session.execute(delete(TryCounter))
        session.execute(delete(Passkey))


@pytest.fixture
def without_app(world):
    """For as long as a case runs nobody has an authenticator app."""
    with world.database.writing() as session:
        held = dict(session.execute(select(TotpFactor.id, TotpFactor.confirmed_at)).all())
        session.execute(update(TotpFactor).values(confirmed_at=None))
    yield
    with world.database.writing() as session:
        for factor_id, confirmed_at in held.items():
            mine = update(TotpFactor).where(TotpFactor.id == factor_id)
            session.execute(mine.values(confirmed_at=confirmed_at))


def post(attacker, path, **fields):
    return attacker.send("POST", path, urlencode(fields, doseq=True))


def asked(attacker, path):
    answer = attacker.send("POST", path)
    assert answer.status == 200, answer.text
    return json.loads(answer.text)


def device_of(world, **lies):
    return Authenticator(**{"origin": world.url, "rp_id": "localhost", **lies})


def add(world, attacker, name="Key"):
    """Add a passkey by the pages of the product; return the device that holds it."""
    device = device_of(world)
    made = device.make(asked(attacker, "/account/passkeys/begin"))
    assert post(attacker, "/account/passkeys", name=name, credential=made).status == 303
    return device


def come_in(world, device, **changed):
    """Try to sign in without a password from a new browser; return the answer and the visitor."""
    visitor = world.nobody()
    answer = post(visitor, IN, credential=device.sign(asked(visitor, ASK), **changed))
    return answer, signed_in(visitor, answer)


def signed_in(visitor, answer):
    """Return the visitor with the session an answer gave, if it gave one."""
    name = cookie_name("duly_staff")
    jars = [SimpleCookie(value) for key, value in answer.headers if key.lower() == "set-cookie"]
    token = next((jar[name].value for jar in jars if name in jar and jar[name].value), "")
    return Attacker(visitor.url, visitor.name, cookie="duly_staff", session=token)


def is_in(attacker):
    """Ask several times on new lines, so that both workers have answered."""
    statuses = set()
    for _ in range(4):
        attacker.line = None
        statuses.add(attacker.send("GET", "/account").status)
    assert len(statuses) == 1, statuses
    return statuses == {200}


def refusals(world):
    with world.database.reading() as session:
        found = session.scalars(select(Entry).where(Entry.action == "sign_in.failed"))
        return [one.detail["step"] for one in found.all() if "passkey" in one.detail["step"]]


def grow_old(world, who):
    with world.database.writing() as session:
        theirs = select(Person.id).where(Person.email == who.email).scalar_subquery()
        aged = update(WebSession).where(WebSession.person_id == theirs)
        past = clock.now() - FRESH_FOR - timedelta(seconds=60)
        session.execute(aged.values(authenticated_at=past))


def give_password(world, who):
    with world.database.writing() as session:
        theirs = update(Person).where(Person.email == who.email)
        session.execute(theirs.values(password_hash=passwords.hash(PASSWORD)))


def test_C07_only_what_the_device_signed_for_us_now_opens(world):
    device = add(world, world.staff(RABIA))
    answer, rabia = come_in(world, device)
    assert answer.status == 303
    assert is_in(rabia)
    before = len(refusals(world))
    lies = (
        {"origin": "https://evil.example"},
        {"origin": world.url + "0"},
        {"rp_id": "evil.example"},
        {"flags": UP},
        {"flags": UV},
        {"user": bytes(16)},
        {"count": 0},
        {"key": Authenticator().key},
    )
    for lie in lies:
        true = {name: getattr(device, name) for name in lie}
        vars(device).update(lie)
        answer, visitor = come_in(world, device)
        vars(device).update(true)
        assert (answer.status, bool(visitor.session)) == (422, False), lie
        assert NOT_SIGNED in answer.text
    for changed in ({"challenge": "AAAA"}, {"type": "webauthn.create"}, {"crossOrigin": True}):
        assert come_in(world, device, **changed)[0].status == 422, changed
    assert len(refusals(world)) == before + len(lies) + 3
    device.count += 100
    assert come_in(world, device)[0].status == 303


def test_C07_a_signature_is_good_once_for_one_browser_and_one_purpose(world):
    device = add(world, world.staff(RABIA))
    visitor = world.nobody()
    signed = device.sign(asked(visitor, ASK))
    assert post(visitor, IN, credential=signed).status == 303
    assert post(visitor, IN, credential=signed).status == 422
    rabia = world.staff(RABIA)
    for_proof = device.sign(asked(rabia, "/account/again/passkey"))
    assert post(visitor, IN, credential=for_proof).status == 422
    for_entry = device.sign(asked(visitor, ASK))
    assert post(rabia, "/account/again", again_credential=for_entry).status == 422


@pytest.mark.parametrize("rounds", [ROUNDS])
def test_C07_of_many_hands_with_one_signature_one_comes_in(world, rounds):
    device = add(world, world.staff(RABIA))
    for _ in range(rounds):
        with world.database.writing() as session:
            session.execute(delete(TryCounter))
        signed = device.sign(asked(world.nobody(), ASK))
        barrier = Barrier(HANDS)

        def hand(_number, signed=signed, barrier=barrier):
            visitor = world.nobody()
            barrier.wait()
            return signed_in(visitor, post(visitor, IN, credential=signed)).session

        with ThreadPoolExecutor(HANDS) as pool:
            tokens = [token for token in pool.map(hand, range(HANDS)) if token]
        assert len(tokens) == 1


def test_C07_somebody_elses_passkey_and_a_removed_one_open_nothing(world, without_app):
    adil, rabia = world.staff(ADIL), world.staff(RABIA)
    his, hers = add(world, adil), add(world, rabia)
    grow_old(world, RABIA)
    signed = his.sign(asked(rabia, "/account/again/passkey"))
    assert post(rabia, "/account/again", again_credential=signed).status == 422
    with world.database.reading() as session:
        keys = {one.credential_id: one.id for one in session.scalars(select(Passkey))}
    assert post(adil, f"/account/passkeys/{keys[hers.credential_id]}/remove").status == 404
    last = post(adil, f"/account/passkeys/{keys[his.credential_id]}/remove")
    assert last.status == 422
    assert LAST_FACTOR in last.text
    add(world, adil, "Second")
    assert post(adil, f"/account/passkeys/{keys[his.credential_id]}/remove").status == 303
    assert come_in(world, his)[0].status == 422


@pytest.mark.parametrize("rounds", [ROUNDS])
def test_C07_two_hands_that_remove_two_passkeys_leave_one(world, without_app, rounds):
    for _ in range(rounds):
        with world.database.writing() as session:
            session.execute(delete(Passkey))
        rabia = world.staff(RABIA)
        add(world, rabia, "One")
        add(world, rabia, "Two")
        with world.database.reading() as session:
            ids = list(session.scalars(select(Passkey.id)))
        barrier = Barrier(2)

        def hand(key, barrier=barrier):
            attacker = world.staff(RABIA)
            barrier.wait()
            return post(attacker, f"/account/passkeys/{key}/remove").status

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(hand, ids))
        with world.database.reading() as session:
            assert len(list(session.scalars(select(Passkey)))) == 1


def test_C11_a_removed_passkey_ends_every_copy_in_both_workers(world):
    rabia, other = world.staff(RABIA), world.staff(RABIA)
    device = add(world, rabia)
    add(world, rabia, "Second")
    _, by_key = come_in(world, device)
    assert is_in(by_key)
    with world.database.reading() as session:
        mine = Passkey.credential_id == device.credential_id
        key = session.scalars(select(Passkey.id).where(mine)).one()
    answer = post(rabia, f"/account/passkeys/{key}/remove")
    assert [is_in(one) for one in (rabia, other, by_key)] == [False, False, False]
    assert is_in(signed_in(rabia, answer)), "the browser that removed it has a new token"


def doors_that_ask():
    for line in DOORS.read_text().splitlines():
        method, rule, _endpoint, *plate = line.split()
        if ASKS_AGAIN in plate:
            yield method, rule, " ".join(plate[1:-1])


def holder(permission):
    """Return somebody a door opens for."""
    held = (p for p in STAFF.items())
    return next(
        who
        for role, who in held
        if not permission or Permission(permission) in grants_of(frozenset({role}))
    )


def test_C15_every_dangerous_door_asks_after_a_quarter_of_an_hour(world):
    tried = 0
    for method, rule, permission in doors_that_ask():
        who = holder(permission)
        attacker = world.staff(who)
        grow_old(world, who)
        before = world.entries()
        answer = attacker.send(method, address(rule, world.open), "a=1" if method == "POST" else "")
        if method == "GET":
            assert (answer.status, answer.header("Location")[:19]) == (
                303,
                "/account/again?next",
            ), rule
        else:
            assert (answer.status, bool(KEPT.search(answer.text))) == (403, True), rule
        assert world.entries() == before, rule
        tried += 1
    assert tried >= 15


def test_C15_the_form_goes_on_with_the_proof_and_an_old_cookie_is_dead(world):
    give_password(world, ADIL)
    adil = world.staff(ADIL)
    grow_old(world, ADIL)
    form = {"name": "Zoya Mir", "email": "zoya@northwind.example", "roles": ["auditor", "lead"]}
    question = post(adil, "/people/new", **form)
    kept = KEPT.search(question.text).group(1)
    assert form["email"] not in question.text
    assert post(adil, "/people/new", again_kept=kept, again_password="guess").status == 422
    done = post(adil, "/people/new", again_kept=kept, again_password=PASSWORD)
    assert done.status == 303
    page = signed_in(adil, done).send("GET", done.header("Location")).text
    assert form["name"] in page
    assert not is_in(adil)
    assert is_in(signed_in(adil, done))


def test_C15_nobody_lays_a_form_into_the_question(world):
    """Neither another site, nor another session, nor the form of another address."""
    give_password(world, ADIL)
    adil, other = world.staff(ADIL), world.staff(ADIL)
    grow_old(world, ADIL)
    form = {"name": "Zara Noon", "email": "zara@northwind.example", "roles": "administrator"}
    kept = KEPT.search(post(adil, "/people/new", **form).text).group(1)
    forged = adil.send("POST", "/people/new", urlencode(form), with_csrf=False)
    assert KEPT.search(forged.text) is None
    for attacker, path in ((other, "/people/new"), (adil, "/account/tokens")):
        answer = post(attacker, path, again_kept=kept, again_password=PASSWORD)
        assert answer.status == 403, path
    with world.database.reading() as session:
        assert session.scalars(select(Person).where(Person.email == form["email"])).all() == []


def test_C15_a_download_asks_too_and_then_opens(world):
    give_password(world, LAILA)
    laila = world.staff(LAILA)
    grow_old(world, LAILA)
    sent = laila.send("GET", "/vendors/download?format=csv")
    done = post(laila, sent.header("Location"), again_password=PASSWORD)
    assert done.status == 200
    file = signed_in(laila, done).send("GET", "/vendors/download?format=csv")
    assert file.header("Content-Type").startswith("text/csv")
