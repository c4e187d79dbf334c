"""Which day it is with us: one for everybody, read once, and new when the settings are."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from audit.actions import SYSTEM
from foundation import clock
from organisation.commands import set_up
from organisation.queries import (
    day_of,
    find_settings,
    time_zone_of_organisation,
    today_of,
    zone_as_known,
)
from tests.nights import EVENING, MORNING, NIGHTS

LATE = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)


@pytest.fixture
def asked(session):
    """Count the statements of the session's database."""
    told = []
    engine = session.get_bind().engine
    note = lambda *given: told.append(given[2])  # noqa: E731  SQLAlchemy passes six arguments
    event.listen(engine, "before_cursor_execute", note)
    yield told
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("night", NIGHTS)
def test_a_day_is_one_of_our_zone(session, night):
    with night.begin(session):
        assert today_of(session) == day_of(session, night.at) == night.day
        assert clock.now().date() != night.day, "else this story says nothing"


def test_before_the_first_set_up_it_is_utc(session, monkeypatch):
    monkeypatch.setattr("organisation.queries.find_settings", lambda _session: None)
    assert day_of(session, LATE) == date(2026, 3, 2)


def test_the_zone_is_read_once(session, asked):
    for _ in range(5):
        assert day_of(session, LATE) == date(2026, 3, 3)
        assert today_of(session)
    assert len([each for each in asked if "organisation_settings" in each]) == 1


def test_what_the_door_has_read_is_not_read_again(session, asked):
    session.info.update(zone_as_known("America/Los_Angeles"))
    assert day_of(session, EVENING.at) == EVENING.day
    assert asked == []


def test_a_new_zone_counts_at_once_whatever_was_known_before(session):
    session.info.update(zone_as_known("Asia/Karachi"))
    assert day_of(session, LATE) == date(2026, 3, 3)
    set_up(session, at=clock.now(), by=SYSTEM, time_zone="America/Los_Angeles")
    assert time_zone_of_organisation(session) == "America/Los_Angeles"
    assert day_of(session, LATE) == date(2026, 3, 2)


def test_settings_read_in_the_transaction_win_over_what_the_door_knew(session):
    session.info.update(zone_as_known("America/Los_Angeles"))
    assert find_settings(session).time_zone == MORNING.zone
    assert day_of(session, MORNING.at) == MORNING.day


def test_what_was_known_ends_with_the_transaction(database):
    with database.open(writes=False) as session:
        session.info.update(zone_as_known("America/Los_Angeles"))
        find_settings(session)
        session.rollback()
        assert time_zone_of_organisation(session) == "Asia/Karachi"
