"""Dates: every shortcut held against going day by day, or minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from foundation.dates import Calendar, add_months, day_in, in_utc, moment_in

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
CALENDARS = st.builds(
    Calendar,
    st.frozensets(st.integers(1, 7), max_size=6),
    st.frozensets(st.dates(date(2020, 1, 1), date(2021, 12, 31)), max_size=5),
)
ZONES = st.sampled_from(
    ["UTC", "Asia/Karachi", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe",
     "America/Santiago", "Pacific/Apia", "Asia/Kathmandu"]
)  # fmt: skip
MINUTE = timedelta(minutes=1)


def months_later(start, months):
    """Go on month by month to the first of the month wanted, then day by day while it lasts."""
    on, step = start.replace(day=1), 1 if months >= 0 else -1
    for _ in range(abs(months)):
        on = (on + timedelta(days=32 if step > 0 else -1)).replace(day=1)
    month = on.month
    while on.day < start.day and (on + timedelta(days=1)).month == month:
        on += timedelta(days=1)
    return on


@settings(max_examples=60)
@given(DAYS, st.integers(-40, 40))
@example(date(2024, 2, 29), 12)
@example(date(2023, 1, 31), 1)
@example(date(2024, 1, 31), 1)
def test_months_are_what_going_day_by_day_finds(start, months):
    assert add_months(start, months) == months_later(start, months)


def test_years_end_where_the_calendar_ends():
    assert add_months(date(9999, 12, 1), 1) == date.max
    assert add_months(date(1, 1, 1), -1) == date.min


@settings(max_examples=40)
@given(DAYS, st.integers(-5, 400), CALENDARS)
def test_working_days_are_what_going_day_by_day_counts(first, span, calendar):
    last = first + timedelta(days=span)
    walked = sum(calendar.is_working(first + timedelta(days=each)) for each in range(span))
    assert calendar.between(first, last) == walked
    ahead = next(d for n in range(60) if calendar.is_working(d := first + timedelta(days=n)))
    assert calendar.on_or_after(first) == ahead


def clock_shows(day, clock, zone):
    """Look at a clock every minute: the first time it shows it, else how far past the last."""
    wanted, seen = datetime.combine(day, clock), {}
    at = datetime.combine(day, time(), UTC) - timedelta(hours=15)
    for _ in range(54 * 60):
        shown = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        seen.setdefault(shown, at)
        at += MINUTE
    last = max(shown for shown in seen if shown <= wanted)
    return seen[last] + (wanted - last)


@settings(max_examples=12)
@given(DAYS, st.builds(time, st.integers(0, 23), st.integers(0, 59)), ZONES)
@example(date(2026, 3, 29), time(2, 30), "Europe/Berlin")
@example(date(2026, 10, 25), time(2, 30), "Europe/Berlin")
@example(date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe")
@example(date(2011, 12, 30), time(8, 0), "Pacific/Apia")
@example(date(2026, 9, 6), time(0, 30), "America/Santiago")
def test_a_moment_is_when_the_clock_shows_it(day, clock, zone):
    assert moment_in(day, clock, zone) == clock_shows(day, clock, zone)


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        (datetime(2026, 3, 2, 18, 59, tzinfo=UTC), "Asia/Karachi", date(2026, 3, 2)),
        (datetime(2026, 3, 2, 19, 0, tzinfo=UTC), "Asia/Karachi", date(2026, 3, 3)),
        (datetime(2028, 2, 29, 23, 30, tzinfo=UTC), "Europe/Berlin", date(2028, 3, 1)),
        (datetime(2026, 1, 1, 4, 59, tzinfo=UTC), "America/New_York", date(2025, 12, 31)),
    ],
)
def test_a_day_begins_at_midnight_of_its_zone(at, zone, day):
    assert day_in(at, zone) == day


def test_a_day_off_is_left_forwards_or_backwards():
    saturday, monday = date(2026, 3, 7), date(2026, 3, 9)
    feast = Calendar(holidays=frozenset({monday, date(2026, 3, 6)}))
    assert feast.on_or_after(saturday) == date(2026, 3, 10)
    assert feast.on_or_before(saturday) == date(2026, 3, 5)
    assert feast.on_or_before(date(2026, 3, 4)) == date(2026, 3, 4)


def test_a_moment_before_the_first_or_behind_the_last_of_utc_is_that_one():
    assert moment_in(date.min, time(), "Asia/Karachi") == datetime.min.replace(tzinfo=UTC)
    late = datetime.combine(date.max, time(23), ZoneInfo("America/St_Johns"))
    assert in_utc(late) == datetime.max.replace(tzinfo=UTC)
    assert moment_in(date.max, time(), "Asia/Karachi").year == date.max.year
