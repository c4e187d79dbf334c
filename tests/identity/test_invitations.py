"""A link: it names whom to challenge, until it is old, revoked, or its address is another's."""

from datetime import timedelta

import pytest

from foundation import clock
from identity import commands, invitations
from identity.rules import Purpose
from tests.people import VANIA


@pytest.fixture
def vania(session):
    return commands.add_person(session, email=VANIA.email, name=VANIA.name, at=clock.now())


@pytest.fixture
def token(session, vania):
    made, token = invitations.invite(
        session, vania, purpose=Purpose.VENDOR_ENTRY, for_id=None, at=clock.now()
    )
    assert invitations.find(session, token, clock.now()) is made
    return token


def test_it_dies_with_the_address_it_was_mailed_to(session, vania, token):
    vania.email = "vania@elsewhere.example"
    session.flush()
    assert invitations.find(session, token, clock.now()) is None


def test_it_dies_with_the_person(session, vania, token):
    vania.disabled_at = clock.now()
    session.flush()
    assert invitations.find(session, token, clock.now()) is None


def test_it_grows_old(session, token):
    last = clock.now() + timedelta(days=14)
    assert invitations.find(session, token, last - timedelta(seconds=1)) is not None
    assert invitations.find(session, token, last) is None
