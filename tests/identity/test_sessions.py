"""Sessions: found while they live, dead at once when ended, with an end nothing prolongs."""

from datetime import timedelta

import pytest

from foundation import clock
from foundation.errors import Missing
from identity import commands, queries, sessions
from identity.models import Person, WebSession
from identity.rules import DoorKind, SessionStage
from tests.people import ASIF, RABIA


@pytest.fixture
def rabia(authors):
    return authors[RABIA.email].person_id


def start(session, person_id, *, stage=SessionStage.FULL, door=DoorKind.STAFF):
    return sessions.start(session, person_id, door=door, stage=stage, at=clock.now())


def is_in(session, token, *, door=DoorKind.STAFF, **after):
    return sessions.find(session, token, door, clock.now() + timedelta(**after)) is not None


def test_a_token_opens_its_own_door_only(session, rabia):
    token = start(session, rabia)
    assert sessions.find(session, token, DoorKind.STAFF, clock.now()).person.email == RABIA.email
    assert not is_in(session, token, door=DoorKind.VENDOR)
    assert not is_in(session, "")
    assert not is_in(session, token + "x")
    assert not is_in(session, "x" * 100_000)


def test_the_database_does_not_hold_the_token(session, rabia):
    token = start(session, rabia)
    assert token not in repr([vars(row) for row in session.query(WebSession)])
    assert len({start(session, rabia) for _ in range(20)}) == 20


def test_half_an_hour_without_a_sighting_ends_it(session, rabia):
    token = start(session, rabia)
    assert is_in(session, token, minutes=29)
    assert not is_in(session, token, minutes=30)


def test_sightings_keep_it_but_never_past_twelve_hours(session, rabia):
    token = start(session, rabia)
    found = sessions.find(session, token, DoorKind.STAFF, clock.now())
    for minutes in range(20, 12 * 60, 20):
        assert is_in(session, token, minutes=minutes)
        sessions.touch(session, found.id, clock.now() + timedelta(minutes=minutes))
    assert not is_in(session, token, hours=12)


@pytest.mark.parametrize("gone", ["disabled_at", "erased_at"])
def test_whoever_is_gone_is_out_even_where_nobody_ended_the_session(session, rabia, gone):
    token = start(session, rabia)
    setattr(session.get_one(Person, rabia), gone, clock.now())
    session.flush()
    assert not is_in(session, token)


def test_a_sighting_within_a_minute_is_not_written(session, rabia):
    token = start(session, rabia)
    found = sessions.find(session, token, DoorKind.STAFF, clock.now())
    sessions.touch(session, found.id, clock.now() + timedelta(seconds=59))
    session.refresh(found)
    assert found.last_seen_at == clock.now()


def test_a_rise_changes_the_token_and_happens_once(session, rabia):
    half = start(session, rabia, stage=SessionStage.PASSWORD)
    full = sessions.promote(session, half, door=DoorKind.STAFF, at=clock.now())
    assert not is_in(session, half)
    assert is_in(session, full, minutes=20)
    for token in (half, full):
        with pytest.raises(Missing, match="Start again"):
            sessions.promote(session, token, door=DoorKind.STAFF, at=clock.now())


def test_half_way_lasts_a_quarter_of_an_hour(session, rabia):
    half = start(session, rabia, stage=SessionStage.PASSWORD)
    assert not is_in(session, half, minutes=15)


def test_an_ended_one_is_dead_and_the_others_live(session, rabia):
    first, second = start(session, rabia), start(session, rabia)
    sessions.end(session, first, clock.now())
    assert not is_in(session, first)
    assert is_in(session, second)


def test_ending_all_ends_every_door_of_this_person_only(session, rabia, authors):
    mine = [start(session, rabia), start(session, rabia, door=DoorKind.VENDOR)]
    asifs = start(session, authors[ASIF.email].person_id)
    assert sessions.end_all(session, rabia, clock.now()) == 2
    assert not is_in(session, mine[0])
    assert not is_in(session, mine[1], door=DoorKind.VENDOR)
    assert is_in(session, asifs)


def test_nobody_ends_the_session_of_another(session, rabia, authors):
    token = start(session, rabia)
    found = sessions.find(session, token, DoorKind.STAFF, clock.now())
    with pytest.raises(Missing):
        sessions.end_one(session, authors[ASIF.email].person_id, found.id, clock.now())
    assert is_in(session, token)


def test_a_disabled_person_is_out_at_once(session, rabia, authors):
    token = start(session, rabia)
    person = queries.get_person(session, rabia)
    commands.disable_person(session, person, by=authors[ASIF.email], at=clock.now())
    assert not is_in(session, token)
    commands.enable_person(session, person, by=authors[ASIF.email], at=clock.now())
    assert not is_in(session, token)
