"""Two hands at the same instant: never more tries than allowed, never one code twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest
from sqlalchemy import select

from foundation import clock
from identity import challenges, commands, invitations, limits, queries, recovery, totp
from identity.models import Challenge
from identity.rules import CODE_TRIES, Purpose
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
