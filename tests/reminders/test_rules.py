"""The ladders: in time, one letter after a pause, never two within 48 hours."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.ladders import (
    LADDERS,
    OPENS,
    Kind,
    Rung,
    Span,
    due_within,
    ladder_of,
    reached,
)
from reminders.rules import (
    MORNING,
    Audience,
    Step,
    Window,
    is_too_soon,
    ladder,
    next_look,
    next_step,
    opens_on,
    vendor_nudges,
)

SENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TWO_WEEKS = Window(SENT, date(2026, 3, 16))


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
    """Sweep at a steady pace and note which letter went on which day."""
    taken, moments = [], []
    for hour in range(0, days * 24, hours):
        now = window.sent_at + timedelta(hours=hour)
        while step := next_step(window, taken, moments, now):
            taken.append(step)
            moments.append(now)
    return list(zip(taken, moments, strict=True))


def test_the_whole_ladder_of_two_weeks():
    told = [(step, (at.date() - SENT.date()).days) for step, at in walk(TWO_WEEKS, 40)]
    assert told == [
        (Step.FIRST, 4),
        (Step.SECOND, 10),
        (Step.LAST_DAY, 14),
        (Step.OVERDUE, 16),  # due on day 15, held back by the 48 hours
    ]


def test_after_a_long_pause_there_is_one_letter():
    assert next_step(TWO_WEEKS, [], [], day(30)) is Step.OVERDUE
    assert next_step(TWO_WEEKS, [Step.OVERDUE], [day(30)], day(40)) is None


def test_a_missed_first_step_is_not_made_up_for():
    assert next_step(TWO_WEEKS, [], [], day(11)) is Step.SECOND
    assert next_step(TWO_WEEKS, [Step.SECOND], [day(11)], day(13)) is None


def test_a_step_taken_is_final():
    assert next_step(TWO_WEEKS, [Step.FIRST], [day(4)], day(9)) is None


def test_nobody_is_written_to_before_the_morning():
    assert next_step(TWO_WEEKS, [], [], day(4, hour=7)) is None
    assert next_step(TWO_WEEKS, [], [], day(4, hour=8)) is Step.FIRST


def test_whoever_works_on_it_today_is_left_in_peace_until_it_is_late():
    assert next_step(TWO_WEEKS, [], [], day(4), is_at_work=True) is None
    assert next_step(TWO_WEEKS, [], [], day(5)) is Step.FIRST
    assert next_step(TWO_WEEKS, [], [], day(15), is_at_work=True) is Step.OVERDUE


def test_whoever_stopped_the_nudges_still_hears_of_the_last_day():
    quiet = Window(SENT, date(2026, 3, 16), is_quiet=True)
    assert [step for step, _ in ladder(quiet)] == [Step.LAST_DAY, Step.OVERDUE]
    assert [step for step, _ in walk(quiet, 30)] == [Step.LAST_DAY, Step.OVERDUE]


def test_a_letter_about_another_date_counts_for_the_48_hours():
    assert next_step(TWO_WEEKS, [], [day(10)], day(11)) is None
    assert next_step(TWO_WEEKS, [], [day(10)], day(12)) is Step.SECOND


def test_a_letter_from_the_future_holds_nothing_back():
    assert not is_too_soon([day(300)], day(4))
    assert is_too_soon([day(3)], day(4))


@settings(max_examples=30)
@given(
    length=st.integers(0, 40),
    hour=st.integers(0, 23),
    pace=st.sampled_from([1, 5, 24, 70]),
)
def test_never_two_letters_within_48_hours(length, hour, pace):
    sent_at = SENT.replace(hour=hour)
    window = Window(sent_at, sent_at.date() + timedelta(days=length))
    told = walk(window, length + 15, pace)
    steps = [step for step, _ in told]
    assert len(steps) == len(set(steps))
    dates = dict(ladder(window))
    assert all(at.date() >= dates[step] and at.time() >= MORNING for step, at in told)
    gaps = [b - a for a, b in pairwise([sent_at, *(at for _, at in told)])]
    assert all(gap >= timedelta(hours=48) for gap in gaps)
    assert Step.OVERDUE in steps or (hour < MORNING.hour and pace == 24)


@settings(max_examples=60)
@given(length=st.integers(0, 40), pauses=st.lists(st.integers(1, 90), max_size=12))
def test_looking_only_on_the_days_named_misses_nothing(length, pauses):
    window = Window(SENT, SENT.date() + timedelta(days=length))
    named, every = ([], []), ([], [])
    look, hour = SENT.date(), 0
    for pause in [*pauses, *[24] * (length + 20)]:
        hour += pause
        now = SENT + timedelta(hours=hour)
        if look is not None and look <= now.date():
            if step := next_step(window, named[0], named[1], now):
                named[0].append(step)
                named[1].append(now)
            look = next_look(window, named[0], now.date())
        if step := next_step(window, every[0], every[1], now):
            every[0].append(step)
            every[1].append(now)
    assert named == every


def test_cadence_by_tier():
    due = date(2026, 12, 31)
    assert [(due - opens_on(due, tier)).days for tier in (1, 2, 3, 4)] == [60, 45, 30, 30]


@pytest.mark.parametrize(
    ("kind", "owner", "lead"),
    [
        (Kind.ANSWERS, [4], [8]),
        (Kind.REVIEW, [-14, 0], [8]),
        (Kind.EVIDENCE, [-60, -30, -7, 0], []),
        (Kind.FINDING, [-30, -7, 0, 3], [8]),
        (Kind.CONDITION, [-30, -7, 0, 3], [1]),
        (Kind.EXEMPTION, [-60, -30, -7, 0], [1]),
        (Kind.NOTICE, [-90, -60, -30, -7], [-7]),
        (Kind.MATRIX, [-60, -30, -7, 0], []),
        (Kind.WORD, [4], [8]),
        (Kind.CHANGE, [-7, -2, 0], [1]),
    ],
)
def test_the_ladders_of_staff(kind, owner, lead):
    assert [r.days for r in LADDERS[kind] if r.audience is Audience.OWNER] == owner
    assert [r.days for r in LADDERS[kind] if r.audience is Audience.LEAD] == lead


def test_a_review_has_a_rung_for_the_day_it_opens():
    assert ladder_of(Kind.REVIEW, 45)[0] == Rung(-45, Audience.OWNER, OPENS)
    assert OPENS not in {rung.step for rung in ladder_of(Kind.REVIEW)}


def test_no_two_rungs_of_a_kind_have_the_same_step():
    for kind in Kind:
        steps = [rung.step for rung in ladder_of(kind, 30)]
        assert len(steps) == len(set(steps))


@settings(max_examples=60)
@given(
    kind=st.sampled_from(Kind),
    due_on=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    first=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    length=st.integers(0, 45),
)
def test_a_date_is_looked_up_exactly_when_it_reaches_a_rung(kind, due_on, first, length):
    rungs, days = ladder_of(kind, 60), Span(first, first + timedelta(days=length))
    spans = due_within(rungs, days)
    assert any(span.first <= due_on <= span.last for span in spans) == bool(
        reached(rungs, due_on, days)
    )
    assert all(a.last + timedelta(days=1) < b.first for a, b in pairwise(spans))
