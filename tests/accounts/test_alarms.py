"""What is told of wrong tries: to whose account it is, and to administrators of many."""

import pytest
from sqlalchemy import select

from accounts import tries
from audit.models import Entry
from identity import limits
from mail.models import Letter
from tests.accounts.entering import (
    code_of,
    come_in,
    give_app,
    give_password,
    type_code,
    type_password,
)
from tests.client import client_of
from tests.people import ADIL, AMNA, RABIA


@pytest.fixture
def letters(database):
    def read(kind):
        with database.reading() as session:
            return session.scalars(select(Letter.to_email).where(Letter.kind == kind)).all()

    return read


def test_five_wrong_tries_are_nobodys_news_and_the_sixth_is_told_once(client, database, letters):
    give_password(database, RABIA)
    for _ in range(5):
        type_password(client, RABIA, "wrong")
    assert letters("sign_in_tries") == []
    for _ in range(4):
        type_password(client, RABIA, "wrong")
    assert letters("sign_in_tries") == [RABIA.email]


def test_wrong_codes_count_like_wrong_passwords(client, database, letters, later):
    give_app(database, RABIA)
    for minutes in (0, 16):
        with later(minutes=minutes):
            type_password(client, RABIA)
            for _ in range(4):
                type_code(client, "000000")
    assert letters("sign_in_tries") == [RABIA.email]


def test_nobody_is_told_of_an_address_nobody_has(client, letters):
    for _ in range(9):
        client.post("/sign-in", data={"email": "nobody@x.example", "password": "wrong"})
    assert letters("sign_in_tries") == []


@pytest.mark.parametrize(("wrong", "told"), [(0, []), (2, []), (3, [RABIA.email])])
def test_who_gets_in_after_several_wrong_tries_is_told(client, database, letters, wrong, told):
    secret = give_app(database, RABIA)
    for _ in range(wrong):
        type_password(client, RABIA, "wrong")
    assert come_in(client, RABIA, secret).status_code == 303
    assert letters("sign_in_tries") == told


def test_a_right_sign_in_begins_the_count_anew(app, client, database, letters, later):
    secret = give_app(database, RABIA)
    for _ in range(3):
        type_password(client, RABIA, "wrong")
    come_in(client, RABIA, secret)
    with later(minutes=1):
        other = client_of(app)
        type_password(other, RABIA)
        assert type_code(other, code_of(secret)).status_code == 303
    assert len(letters("sign_in_tries")) == 1


def test_administrators_hear_of_a_flood_once_a_day_and_the_ledger_each_quarter(
    client, database, letters, later
):
    for hours in (0, 1):
        with later(hours=hours):
            with database.writing() as session:
                for _ in range(tries.TRIES_OF_ADDRESS):
                    limits.take(
                        session, "ip|127.0.0.1", capacity=tries.TRIES_OF_ADDRESS, per=tries.WINDOW
                    )
            for number in range(3):
                typed = {"email": f"p{number}@x.example", "password": "Spring"}
                assert client.post("/sign-in", data=typed).status_code == 429
    assert letters("sign_in_flood") == [ADIL.email]
    with database.reading() as session:
        found = session.scalars(select(Entry).where(Entry.action == "sign_in.limited")).all()
    assert [entry.detail for entry in found] == [{"limit": "ip"}] * 2


def test_a_right_password_costs_an_unknown_address_as_much(client, monkeypatch):
    """The dummy hash is worked through: an answer in no time would tell that nobody is there."""
    from identity import passwords

    worked = []
    hasher = passwords._hasher

    class Counting:
        def __getattr__(self, name):
            return getattr(hasher, name)

        def verify(self, known, password):
            worked.append(known)
            return hasher.verify(known, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    for email in ("nobody@x.example", AMNA.email, "no address"):
        client.post("/sign-in", data={"email": email, "password": "wrong and long"})
    assert worked == [passwords._NOBODYS] * 3
