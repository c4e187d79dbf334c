"""How many calls a person's programs have, and how they are told."""

from foundation import settings
from identity.rules import Scope
from tests.api import program_of
from tests.people import PERVEZ, RABIA


def allow(calls):
    settings.configure(settings.current().model_copy(update={"api_calls_per_minute": calls}))


def test_what_is_left_is_told_and_the_next_one_waits(people, later):
    allow(3)
    pervez = program_of(people, PERVEZ)
    left = [pervez.get("/vendors").headers["RateLimit"] for _ in range(3)]
    assert left == ['"api";r=2;t=0', '"api";r=1;t=0', '"api";r=0;t=20']
    put_off = program_of(people, PERVEZ, Scope.READ).get("/vendors")
    assert put_off.status_code == 429, "a second token is no second purse"
    assert put_off.headers["Retry-After"] == "20"
    assert put_off.headers["RateLimit-Policy"] == '"api";q=3;w=60'
    assert "Wait 20 seconds" in put_off.get_json()["detail"]
    assert program_of(people, RABIA).get("/vendors").status_code == 200
    with later(seconds=19):
        assert pervez.get("/vendors").status_code == 429
    with later(seconds=20):
        assert pervez.get("/vendors").status_code == 200
    with later(days=1):
        assert pervez.get("/vendors").headers["RateLimit"] == '"api";r=2;t=0'


def test_a_call_that_is_put_off_changes_nothing_and_says_nothing(people, later):
    allow(1)
    pervez = program_of(people, PERVEZ)
    pervez.get("/vendors")
    assert pervez.post("/vendors", json={"name": "Acme"}).status_code == 429
    assert pervez.get("/no-such-thing").status_code == 404
    with later(minutes=1):
        assert pervez.get("/vendors").get_json()["items"] == []


def test_refused_calls_count_too(people):
    allow(2)
    reader = program_of(people, PERVEZ, Scope.READ)
    assert reader.post("/vendors", json={}).status_code == 403
    assert reader.get("/events").status_code == 403
    assert reader.get("/vendors").status_code == 429


def test_nobody_is_counted_without_a_token(people, client):
    for _ in range(3):
        reply = client.get("/api/v1/vendors")
        assert reply.status_code == 401
        assert "RateLimit" not in reply.headers
    assert not any("try_counter" in each for each in client.statements)
