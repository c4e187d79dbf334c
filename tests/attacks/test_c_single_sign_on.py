"""C: work accounts, tried over the wire: forged, replayed, raced, carried to another browser."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from threading import Barrier
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import delete, select

from accounts.sign_on_commands import NOT_LET_IN, NOT_VERIFIED
from audit.models import Entry
from foundation.csrf import cookie_name
from identity.id_tokens import NOT_RIGHT
from identity.models import TryCounter
from identity.sign_on_models import SignOn, WorkAccount
from tests.attacks import attacker
from tests.attacks.attacker import Attacker
from tests.attacks.world import World
from tests.journeys.conftest import ROOT, _wait_for, free_port
from tests.people import ADIL, RABIA, VANIA
from tests.provider import CLIENT, OTHER_KEY, SECRET, listening

pytestmark = pytest.mark.slow

ROUNDS = 200 if os.environ.get("DULY_ATTACKS") == "long" else 4
HANDS = 8
OUT, BACK = "/sign-in/work-account", "/sign-in/work-account/back"
LED = re.compile(r"0; url=(.+)")


@pytest.fixture(scope="module")
def provider():
    with listening() as there:
        yield there


@pytest.fixture(scope="module")
def door(world, product, provider):
    """A second server of the same installation, with work accounts set up and their word trusted."""
    port, chosen = free_port(), product.settings
    url = f"http://localhost:{port}"
    surroundings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DULY_DATA_DIR": str(chosen.data_dir),
        "DULY_DATABASE_URL": chosen.database_url,
        "DULY_BASE_URL": url,
        "DULY_OIDC_ISSUER": provider.url,
        "DULY_OIDC_CLIENT_ID": CLIENT,
        "DULY_OIDC_CLIENT_SECRET": SECRET,
        "DULY_OIDC_SECOND_FACTOR": "mfa",
    }
    with product.log.open("ab") as out:
        command = [sys.executable, "-m", "operations.cli", "serve", "--port", str(port)]
        started = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=out, stderr=out)
        try:
            _wait_for(url, product.log)
            yield World(url, world.database)
        finally:
            started.terminate()
            started.wait(timeout=30)


@pytest.fixture(autouse=True)
def fresh(door, provider):
    """Every case begins with full buckets, nobody linked, and a provider that tells the truth."""
    provider.says, provider.token, provider.asked = {}, "", []
    with door.database.writing() as session:
        for table in (TryCounter, WorkAccount, SignOn):
            session.execute(delete(table))


def post(visitor, path, **fields):
    return visitor.send("POST", path, urlencode(fields))


def set_out(visitor):
    answer = post(visitor, OUT)
    assert answer.status == 200, answer.text
    address = LED.fullmatch(answer.header("Refresh")).group(1)
    return dict(parse_qsl(urlsplit(address).query))


def come_in(door, provider, **carried):
    """Go there and back in a new browser; return the answer and the visitor."""
    visitor = door.nobody()
    asked = set_out(visitor)
    provider.nonce = asked["nonce"]
    answer = post(visitor, BACK, **{"state": asked["state"], "code": "good", **carried})
    return answer, signed_in(visitor, answer)


def signed_in(visitor, answer):
    name = cookie_name("duly_staff")
    jars = [SimpleCookie(value) for key, value in answer.headers if key.lower() == "set-cookie"]
    token = next((jar[name].value for jar in jars if name in jar and jar[name].value), "")
    return Attacker(visitor.url, visitor.name, cookie="duly_staff", session=token)


def refusals(door):
    with door.database.reading() as session:
        found = session.scalars(select(Entry).where(Entry.action == "sign_in.failed"))
        return [one.detail["step"] for one in found if "work_account" in one.detail["step"]]


def with_two_factors(provider):
    from foundation import clock

    provider.says = {"amr": ["mfa"], "auth_time": int(clock.now().timestamp())}


def test_C21_only_what_the_provider_signed_for_us_now_opens(door, provider):
    with_two_factors(provider)
    answer, rabia = come_in(door, provider)
    assert answer.status == 303
    assert rabia.send("GET", "/account").status == 200
    before = len(refusals(door))
    lies = (
        {"iss": "https://evil.example"},
        {"aud": "other"},
        {"aud": [CLIENT, "other"]},
        {"azp": "other"},
        {"nonce": "other"},
        {"exp": 1},
        {"iat": 1},
        {"sub": ""},
        {"sub": None},
    )
    truth = provider.says
    for lie in lies:
        provider.says = truth | lie
        answer, visitor = come_in(door, provider)
        assert (answer.status, visitor.session) == (422, ""), lie
        assert NOT_RIGHT in answer.text
    assert len(refusals(door)) == before + len(lies)


def test_C21_forged_signatures_open_nothing(door, provider):
    visitor = door.nobody()
    for forge in (unsigned, by_the_public_key, by_another_key):
        asked = set_out(visitor)
        provider.nonce = asked["nonce"]
        provider.token = forge(provider)
        answer = post(visitor, BACK, state=asked["state"], code="good")
        assert (answer.status, signed_in(visitor, answer).session) == (422, ""), forge.__name__
        provider.token = ""


def unsigned(provider):
    text = jwt.encode({"alg": "RS256", "kid": "one"}, provider.claims(), provider.key)
    return f"eyJhbGciOiJub25lIn0.{text.split('.')[1]}."


def by_the_public_key(provider):
    secret = OctKey.import_key(provider.published[0]["n"])
    header = {"alg": "HS256", "kid": "one"}
    return jwt.encode(header, provider.claims(), secret, algorithms=["HS256"])


def by_another_key(provider):
    return jwt.encode({"alg": "RS256", "kid": "one"}, provider.claims(), OTHER_KEY)


def test_C21_a_way_is_good_once_in_one_browser_and_not_by_get(door, provider, monkeypatch):
    with_two_factors(provider)
    visitor = door.nobody()
    asked = set_out(visitor)
    provider.nonce = asked["nonce"]
    carried = {"state": asked["state"], "code": "good"}
    page = visitor.send("GET", f"{BACK}?{urlencode(carried)}")
    assert page.status == 200
    assert not signed_in(visitor, page).session
    assert "/token" not in [path for path, _ in provider.asked]
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(attacker, "SECRET", "t" * 43)
        assert post(door.nobody(), BACK, **carried).status == 422
    assert visitor.send("POST", BACK, urlencode(carried), with_csrf=False).status == 403
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert visitor.send("POST", BACK, urlencode(carried), headers=cross).status == 403
    assert post(visitor, BACK, **carried).status == 303
    assert post(visitor, BACK, **carried).status == 422


@pytest.mark.parametrize("rounds", [ROUNDS])
def test_C21_of_many_hands_with_one_way_back_one_comes_in(door, provider, rounds):
    with_two_factors(provider)
    for _ in range(rounds):
        with door.database.writing() as session:
            session.execute(delete(TryCounter))
        asked = set_out(door.nobody())
        provider.nonce = asked["nonce"]
        barrier = Barrier(HANDS)

        def hand(_number, state=asked["state"], barrier=barrier):
            visitor = door.nobody()
            barrier.wait()
            return signed_in(visitor, post(visitor, BACK, state=state, code="good")).session

        with ThreadPoolExecutor(HANDS) as pool:
            assert len([token for token in pool.map(hand, range(HANDS)) if token]) == 1


def test_C21_nobody_comes_in_who_was_not_added(door, provider):
    for says, told in (
        ({"email": "evil@northwind.example"}, NOT_LET_IN),
        ({"email": VANIA.email}, NOT_LET_IN),
        ({"email_verified": False}, NOT_VERIFIED),
        ({"email_verified": "true"}, NOT_VERIFIED),
        ({"email": None}, NOT_LET_IN),
    ):
        provider.says = says
        answer, visitor = come_in(door, provider)
        assert (answer.status, visitor.session) == (422, ""), says
        assert told in answer.text


def test_C21_an_address_that_changed_hands_opens_no_old_account(door, provider):
    with_two_factors(provider)
    truth = provider.says
    assert come_in(door, provider)[0].status == 303
    provider.says = truth | {"sub": "the new colleague"}
    assert come_in(door, provider)[0].status == 422
    provider.says = truth | {"email": ADIL.email, "groups": ["administrator"]}
    _, still = come_in(door, provider)
    page = still.send("GET", "/account")
    assert RABIA.email in page.text
    assert still.send("GET", "/people").status == 403


def test_C21_the_providers_word_for_one_factor_opens_only_half(door, provider):
    for ways in ([], ["pwd"], "mfa", None):
        with_two_factors(provider)
        provider.says["amr"] = ways
        answer, half = come_in(door, provider)
        assert answer.header("Location") == "/sign-in/code", ways
        assert half.send("GET", "/account").status == 303


def test_C21_where_no_provider_is_set_there_is_no_such_door(world):
    nobody = world.nobody()
    assert post(nobody, OUT).status == 404
    assert nobody.send("GET", BACK).status == 404
    assert post(nobody, BACK, state="x", code="y").status == 404
