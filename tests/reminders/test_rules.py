"""The ladder: in time, one letter after a pause, never two within 48 hours."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.rules import (
    Audience,
    Step,
    Window,
    ladder,
    next_step,
    opens_on,
    vendor_nudges,
)

SENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def day(number, hour=9):
    return SENT.replace(hour=hour) + timedelta(days=number)


@pytest.mark.parametrize(
    ("days", "nudges"),
    [(14, [4, 10, 14]), (10, [3, 7, 10]), (7, [2, 5, 7]), (4, [4]), (3, [3]), (2, [2]), (1, [])],
)
def test_nudges_by_length_of_the_window(days, nudges):
    due_on = SENT.date() + timedelta(days=days)
    assert [(on - SENT.date()).days for _, on in vendor_nudges(SENT.date(), due_on)] == nudges


def walk(window, days, hours=24):
    """Sweep at a steady pace and note who got what on which day."""
    stamped, taken = {}, []
    for hour in range(0, days * 24, hours):
        now = window.sent_at + timedelta(hours=hour)
        while step := next_step(window, stamped, now):
            stamped[step] = now
            taken.append((step, (now.date() - window.sent_at.date()).days))
    return taken, stamped


def test_the_whole_ladder_of_two_weeks():
    taken, _ = walk(Window(SENT, date(2026, 3, 16)), 40)
    assert taken == [
        (Step.FIRST, 4),
        (Step.SECOND, 10),
        (Step.LAST_DAY, 14),
        (Step.OVERDUE, 16),  # due on day 15, held back by the 48 hours
        (Step.OVERDUE_OWNER, 18),
        (Step.OVERDUE_LEAD, 22),
    ]


def test_after_a_long_pause_everybody_gets_one_letter():
    window, stamped, taken = Window(SENT, date(2026, 3, 16)), {}, []
    while step := next_step(window, stamped, day(30)):
        stamped[step] = day(30)
        taken.append(step)
    assert taken == [Step.OVERDUE, Step.OVERDUE_OWNER, Step.OVERDUE_LEAD]


def test_a_missed_first_step_is_not_made_up_for():
    window = Window(SENT, date(2026, 3, 16))
    assert next_step(window, {}, day(11)) is Step.SECOND
    assert next_step(window, {Step.SECOND: day(11)}, day(13)) is None


def test_a_stamp_is_final():
    window = Window(SENT, date(2026, 3, 16))
    assert next_step(window, {Step.FIRST: day(4)}, day(9)) is None


@settings(max_examples=30)
@given(
    length=st.integers(0, 40),
    hour=st.integers(0, 23),
    pace=st.sampled_from([1, 5, 24, 70]),
)
def test_never_two_letters_within_48_hours(length, hour, pace):
    sent_at = SENT.replace(hour=hour)
    window = Window(sent_at, sent_at.date() + timedelta(days=length))
    taken, stamped = walk(window, length + 15, pace)
    assert len(taken) == len(set(taken))
    dates = dict(ladder(sent_at.date(), window.due_on))
    assert all(stamped[step].date() >= dates[step] for step in stamped)
    mine = sorted(at for step, at in stamped.items() if step.audience is Audience.VENDOR)
    letters = [sent_at, *mine]
    gaps = [b - a for a, b in pairwise(letters)]
    assert all(gap >= timedelta(hours=48) for gap in gaps)
    assert {Step.OVERDUE, Step.OVERDUE_OWNER, Step.OVERDUE_LEAD} <= set(stamped)


def test_cadence_by_tier():
    due = date(2026, 12, 31)
    assert [(due - opens_on(due, tier)).days for tier in (1, 2, 3, 4)] == [60, 45, 30, 30]
