"""Two hands at the same instant: never more tries than allowed, never one code twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest
from sqlalchemy import select

from foundation import clock
from foundation.errors import Refused
from foundation.ids import new_id
from identity import (
    challenges,
    commands,
    factors,
    invitations,
    limits,
    passkey_challenges,
    passkeys,
    queries,
    recovery,
    totp,
)
from identity.ceremonies import Answer
from identity.models import Challenge
from identity.passkey_models import Passkey
from identity.rules import CODE_TRIES, Ceremony, Purpose
from tests.people import RABIA, VANIA

BROWSER = "b" * 43
HANDS = 8


def together(database, work):
    """Let several hands do the same thing in transactions of their own; return what each got."""
    barrier = Barrier(HANDS)

    def one(number):
        barrier.wait()
        with database.writing() as session:
            return work(session, number)

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(one, range(HANDS)))


@pytest.fixture
def asked(database):
    """Vania's invitation and the code that was mailed to her."""
    with database.writing() as session:
        at = clock.now()
        vania = commands.add_person(session, email=VANIA.email, name=VANIA.name, at=at)
        invitation, _ = invitations.invite(
            session, vania, purpose=Purpose.VENDOR_ENTRY, for_id=None, at=at
        )
        code = challenges.ask(session, invitation, browser_secret=BROWSER, at=at)
    return invitation.id, code


def test_wrong_codes_at_once_are_counted_one_by_one(database, asked):
    invitation_id, code = asked
    at = clock.now()

    def guess(session, number):
        wrong = f"0000000{number}"
        return challenges.try_in(session, invitation_id, browser_secret=BROWSER, code=wrong, at=at)

    assert together(database, guess) == [False] * HANDS
    with database.reading() as session:
        assert session.scalars(select(Challenge.tries_left)).all() == [0]
    with database.writing() as session:
        assert not challenges.try_in(
            session, invitation_id, browser_secret=BROWSER, code=code, at=at
        ), f"the right code came after {CODE_TRIES} wrong ones"


def test_the_right_code_at_once_opens_once(database, asked):
    invitation_id, code = asked
    at = clock.now()
    got = together(
        database,
        lambda session, _: challenges.try_in(
            session, invitation_id, browser_secret=BROWSER, code=code, at=at
        ),
    )
    assert sorted(got) == [False] * (HANDS - 1) + [True]


def test_a_recovery_code_at_once_opens_once(database, authors):
    person_id = authors[RABIA.email].person_id
    with database.writing() as session:
        code = recovery.issue(session, person_id)[0]
    at = clock.now()
    got = together(database, lambda session, _: recovery.use(session, person_id, code, at=at))
    assert sorted(got) == [False] * (HANDS - 1) + [True]


def test_a_code_of_the_app_at_once_opens_once(database, authors):
    by = authors[RABIA.email]
    at = clock.now()
    with database.writing() as session:
        secret = totp.begin(session, queries.get_person(session, by.person_id))
        before = pyotp.TOTP(secret).at(at - timedelta(seconds=30))
        assert totp.confirm(session, before, by=by, at=at)
    code = pyotp.TOTP(secret).at(at)
    got = together(database, lambda session, _: totp.check(session, by.person_id, code, at=at))
    assert sorted(got) == [False] * (HANDS - 1) + [True]


def test_a_bucket_of_three_gives_three(database):
    got = together(
        database,
        lambda session, _: limits.take(session, "door", capacity=3, per=timedelta(hours=1)),
    )
    assert got.count(True) == 3


def test_a_password_link_at_once_works_once(database, authors):
    with database.writing() as session:
        rabia = queries.get_person(session, authors[RABIA.email].person_id)
        invitation, token = invitations.invite(
            session, rabia, purpose=Purpose.SET_PASSWORD, for_id=None, at=clock.now()
        )

    def use(session, _):
        found = invitations.find(session, token, clock.now())
        return found is not None and invitations.use(session, found, clock.now())

    assert together(database, use).count(True) == 1
    assert invitations.token_of(invitation) == token


def test_a_challenge_at_once_is_signed_once(database, authors):
    person_id, at = authors[RABIA.email].person_id, clock.now()
    with database.writing() as session:
        challenge = passkey_challenges.ask(
            session, Ceremony.AGAIN, browser_secret=BROWSER, person_id=person_id, at=at
        )
    answer = Answer(text="", credential_id=b"", challenge=challenge, user_handle=None)
    got = together(
        database,
        lambda session, _: passkey_challenges.take_in(
            session,
            answer,
            Ceremony.AGAIN,
            browser_secret=BROWSER,
            person_id=person_id,
            at=at,
        ),
    )
    assert sorted(got) == [False] * (HANDS - 1) + [True]


def test_a_counter_at_once_moves_once(database, authors):
    [key] = give_keys(database, authors[RABIA.email], 1)
    at = clock.now()
    got = together(
        database,
        lambda session, _: passkeys.advance(session, key, 7, is_backed_up=False, at=at),
    )
    assert sorted(got) == [False] * (HANDS - 1) + [True]


def test_of_all_passkeys_removed_at_once_one_stays(database, authors):
    by, at = authors[RABIA.email], clock.now()
    keys = give_keys(database, by, HANDS)

    def take_away(session, number):
        try:
            return passkeys.remove(session, keys[number], by=by, at=at, needs_factor=True)
        except Refused:
            return None

    assert together(database, take_away).count(None) == 1
    with database.reading() as session:
        assert factors.count(session, by.person_id) == 1


def give_keys(database, by, count):
    """Let somebody have passkeys; return their ids."""
    ids = [new_id() for _ in range(count)]
    with database.writing() as session:
        for number, key in enumerate(ids):
            session.add(
                Passkey(
                    id=key,
                    person_id=by.person_id,
                    credential_id=bytes([number]),
                    public_key=b"",
                    sign_count=1,
                    name="Key",
                    may_be_backed_up=False,
                    is_backed_up=False,
                    created_at=clock.now(),
                )
            )
    return ids
