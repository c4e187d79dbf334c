"""B, further: whatever host a request names, letters bear our own address."""

import time

import pytest
from sqlalchemy import select

from identity.models import Person
from tests.people import ADIL, RABIA

pytestmark = pytest.mark.slow

ELSEWHERE = (
    {"Host": "evil.example"},
    {"Host": "evil.example:80@localhost"},
    {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example;proto=https"},
    {"X-Original-URL": "/evil.example", "X-Forwarded-Server": "evil.example"},
)


def test_B07_letters_lead_to_us_whatever_host_a_request_names(world, product):
    adil, after = world.staff(ADIL), len(product.mailbox.letters)
    with world.database.reading() as session:
        rabia = session.scalars(select(Person.id).where(Person.email == RABIA.email)).one()
    for headers in ELSEWHERE:
        answer = adil.send("POST", f"/people/{rabia}/invite", headers=headers)
        assert answer.status == 303
        assert "evil" not in answer.header("Location")
    product.mailbox.wait_for(RABIA.email, "", after=after)
    time.sleep(1)
    letters = product.mailbox.letters[after:]
    assert letters
    for letter in letters:
        assert b"evil" not in letter.as_bytes()
    assert any(world.url in letter.get_content() for letter in letters)


def test_B07_a_passkey_is_asked_for_our_own_host(world):
    for who in (world.nobody(), world.staff(ADIL)):
        path = "/account/passkeys/begin" if who.session else "/sign-in/passkey/begin"
        answer = who.send("POST", path, headers={"Host": "evil.example"})
        assert answer.status == 200
        assert "evil" not in answer.text
