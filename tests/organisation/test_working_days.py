"""Working days of a calendar: week-ends of any kind, holidays, nothing counted twice."""

from datetime import date, timedelta

import pytest

from audit.actions import SYSTEM
from foundation import clock
from organisation.commands import set_up
from organisation.queries import find_settings
from organisation.working_days import Calendar, calendar_of

MONDAY = date(2026, 3, 2)
PLAIN = Calendar()
GULF = Calendar(frozenset({5, 6}))


@pytest.mark.parametrize(
    ("first", "last", "calendar", "counted"),
    [
        (MONDAY, MONDAY, PLAIN, 0),
        (MONDAY, MONDAY + timedelta(days=1), PLAIN, 1),
        (MONDAY, MONDAY + timedelta(days=7), PLAIN, 5),
        (date(2026, 3, 6), MONDAY + timedelta(days=7), PLAIN, 1),
        (date(2026, 3, 6), MONDAY + timedelta(days=7), GULF, 1),
        (MONDAY + timedelta(days=7), MONDAY, PLAIN, 0),
        (MONDAY, MONDAY + timedelta(days=7), calendar_of([6, 7], ["2026-03-04 A feast"]), 4),
        (MONDAY, MONDAY + timedelta(days=7), calendar_of([6, 7], ["2026-03-07"]), 5),
        (MONDAY, MONDAY + timedelta(days=7), calendar_of(range(1, 8), []), 0),
    ],
)
def test_counting(first, last, calendar, counted):
    assert calendar.between(first, last) == counted


def test_settings_are_read_once_and_again_after_a_new_version(session):
    before = find_settings(session)
    assert find_settings(session) is before
    set_up(session, at=clock.now(), by=SYSTEM, weekend=[5, 6])
    assert find_settings(session).weekend == [5, 6]
