"""A mailed code: in the asking browser, for ten minutes, five tries, once."""

from datetime import timedelta

import pytest

from foundation import clock
from identity import challenges, commands, invitations
from identity.models import Challenge
from identity.rules import ALPHABET, Purpose
from tests.people import VANIA

BROWSER, OTHER = "b" * 43, "o" * 43


@pytest.fixture
def invitation(session):
    vania = commands.add_person(session, email=VANIA.email, name=VANIA.name, at=clock.now())
    made, _ = invitations.invite(
        session, vania, purpose=Purpose.VENDOR_ENTRY, for_id=None, at=clock.now()
    )
    return made


def fits(session, invitation, code, *, browser=BROWSER, after=timedelta(0)):
    at = clock.now() + after
    return challenges.try_in(session, invitation.id, browser_secret=browser, code=code, at=at)


def ask(session, invitation, browser=BROWSER):
    return challenges.ask(session, invitation, browser_secret=browser, at=clock.now())


def test_the_code_opens_once(session, invitation):
    code = ask(session, invitation)
    assert len(code) == 8
    assert set(code) <= set(ALPHABET)
    assert fits(session, invitation, f" {code[:4].lower()}-{code[4:]} ")
    assert not fits(session, invitation, code)


def test_another_browser_cannot_use_it_and_does_not_spend_its_tries(session, invitation):
    code = ask(session, invitation)
    for _ in range(6):
        assert not fits(session, invitation, code, browser=OTHER)
    assert fits(session, invitation, code)


def test_a_scanner_that_asks_for_its_own_code_does_not_kill_mine(session, invitation):
    mine = ask(session, invitation)
    theirs = ask(session, invitation, OTHER)
    assert mine != theirs
    assert not fits(session, invitation, theirs)
    assert fits(session, invitation, mine)


def test_a_new_code_in_the_same_browser_replaces_the_old(session, invitation):
    old, new = ask(session, invitation), ask(session, invitation)
    assert not fits(session, invitation, old)
    assert fits(session, invitation, new)


def test_after_five_wrong_ones_the_right_one_is_dead(session, invitation):
    code = ask(session, invitation)
    for _ in range(5):
        assert not fits(session, invitation, "ZZZZZZZZ")
    assert not fits(session, invitation, code)


def test_after_ten_minutes_it_is_dead(session, invitation):
    code = ask(session, invitation)
    assert not fits(session, invitation, code, after=timedelta(minutes=10))
    assert fits(session, invitation, code, after=timedelta(minutes=10, seconds=-1))


def test_the_database_does_not_hold_the_code(session, invitation):
    code = ask(session, invitation)
    row = session.query(Challenge).one()
    assert code not in repr(vars(row))
    assert BROWSER not in repr(vars(row))
