"""The ball clock: every day charged once, to whoever's move it was."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.actions import Action
from audit.commands import record
from foundation import clock
from foundation.dates import Calendar
from reports.ball import Event, Moved, Span, clock_of, spans_of
from reports.history import MOST_READ, entries_about, moves_of, told_of
from reviews.turns import Turn
from tests import makers

MONDAY = date(2026, 3, 2)
WEEK = Calendar(frozenset({6, 7}), frozenset({date(2026, 3, 4)}))
E = Event
STORY = (
    (0, E.REGISTERED),
    (2, E.SENT),
    (3, E.OPENED),
    (9, E.SUBMITTED),
    (10, E.ASKED_BACK),
    (14, E.CLARIFIED),
    (16, E.PROPOSED),
    (21, E.SIGNED),
    (21, E.ACTIVATED),
)


def day(number):
    return MONDAY + timedelta(days=number)


def moves(*events):
    return [Moved(day(number), event, "A-1") for number, event in events]


def test_a_way_from_need_to_use():
    assert spans_of(moves(*STORY), day(60)) == (
        Span(Turn.BUYER, day(0), day(2)),
        Span(Turn.VENDOR, day(2), day(9)),
        Span(Turn.RISK, day(9), day(10)),
        Span(Turn.VENDOR, day(10), day(14)),
        Span(Turn.RISK, day(14), day(16)),
        Span(Turn.SIGNERS, day(16), day(21)),
        Span(Turn.NOBODY, day(21), day(60)),
    )


def test_days_are_charged_in_working_days_and_the_clock_stops_in_use():
    clock = clock_of(moves(*STORY), day(60), WEEK)
    assert dict(clock.charged) == {Turn.BUYER: 2, Turn.VENDOR: 6, Turn.RISK: 3, Turn.SIGNERS: 3}
    assert clock.total == WEEK.between(day(0), day(21))
    assert clock.held == 0, "nobody has it"


def test_a_reassessment_starts_a_clock_of_its_own():
    again = (*STORY, (300, E.REOPENED), (302, E.SENT))
    clock = clock_of(moves(*again), day(309), WEEK)
    assert clock.spans[0] == Span(Turn.BUYER, day(300), day(302))
    assert clock.held == WEEK.between(day(302), day(309))


@pytest.mark.parametrize(
    ("events", "turn"),
    [
        (((0, E.REGISTERED),), Turn.BUYER),
        (((0, E.REGISTERED), (0, E.SENT)), Turn.VENDOR),
        (((0, E.REGISTERED), (1, E.SENT), (2, E.TAKEN_BACK)), Turn.BUYER),
        ((*STORY[:7], (17, E.WITHDRAWN)), Turn.RISK),
        ((*STORY[:7], (17, E.SIGNED)), Turn.RISK),
        ((*STORY[:7], (17, E.SIGNED), (17, E.CLOSED)), Turn.NOBODY),
        ((*STORY, (30, E.SENT)), Turn.VENDOR),
        ((*STORY[:4], (9, E.CLOSED)), Turn.NOBODY),
        ((*STORY[:4], (9, E.CLOSED), (20, E.REOPENED)), Turn.RISK),  # its answers are still in
        ((*STORY[:4], (9, E.TAKEN_BACK), (9, E.CLOSED), (20, E.REOPENED)), Turn.BUYER),
        ((*STORY, (30, E.LEAVING)), Turn.BUYER),
        ((*STORY, (30, E.LEAVING), (35, E.CLOSED)), Turn.NOBODY),
        ((*STORY[:2], (5, E.CONTRACT_ENTERED), *STORY[2:]), Turn.BUYER),
    ],
)
def test_who_has_it_at_the_end(events, turn):
    assert spans_of(moves(*events), day(40))[-1].turn is turn


def test_with_two_questionnaires_the_vendor_has_it_until_both_are_back():
    events = [
        Moved(day(0), E.SENT, "A-1"),
        Moved(day(0), E.SENT, "A-2"),
        Moved(day(4), E.SUBMITTED, "A-1"),
        Moved(day(8), E.SUBMITTED, "A-2"),
    ]
    assert [span.turn for span in spans_of(events, day(9))] == [Turn.VENDOR, Turn.RISK]


def test_nothing_has_happened():
    assert spans_of([], MONDAY) == ()
    clock = clock_of(moves((0, E.REGISTERED)), MONDAY, WEEK)
    assert (clock.spans, clock.total, clock.held) == ((), 0, 0), "registered today"


@given(
    st.lists(
        st.tuples(st.integers(-400, 40), st.sampled_from(Event), st.sampled_from("ABC")),
        max_size=25,
    )
)
def test_spans_tile_the_time_without_gap_or_overlap(given_events):
    events = [Moved(day(number), event, about) for number, event, about in given_events]
    spans = spans_of(events, MONDAY)
    starts = [moved.on for moved in events if moved.on < MONDAY]
    if not starts:
        assert spans == ()
        return
    assert spans[0].first == min(starts)
    assert spans[-1].last == MONDAY
    for before, after in pairwise(spans):
        assert before.last == after.first
        assert before.turn is not after.turn
    assert all(span.first < span.last for span in spans)
    counted = sum(WEEK.between(span.first, span.last) for span in spans)
    assert counted == WEEK.between(spans[0].first, MONDAY), "no working day twice, none left out"


def test_a_long_review_does_not_push_the_start_out_of_the_clock(database):
    with database.writing() as session:
        vendor, by = makers.make_vendor(session), makers.make_staff(session)
        for _ in range(MOST_READ + 1):
            subject = ("vendor", vendor.id)
            record(
                session,
                at=clock.now(),
                actor=by.actor,
                action=Action.REVIEW_VERDICT,
                subject=subject,
            )
    with database.reading() as session:
        entries = entries_about(session, [vendor.id])
    assert [one.event for one in moves_of(entries, "UTC")] == [E.REGISTERED]
    assert told_of(entries, "UTC")[0].action is Action.REVIEW_VERDICT, "the newest is told first"


def test_after_the_approval_the_contract_is_to_be_brought_into_force():
    """The draft is procurement's until it is in force; notice or an end leaves nothing to do."""
    draft = [Moved(day(5), E.CONTRACT_ENTERED, "C-1")]
    story = [*moves(*STORY), *draft]
    until_in_force = [*story, Moved(day(30), E.CONTRACT_IN_FORCE, "C-1")]
    assert spans_of(until_in_force, day(60))[-2:] == (
        Span(Turn.BUYER, day(21), day(30)),
        Span(Turn.NOBODY, day(30), day(60)),
    )
    over = [*until_in_force, Moved(day(40), E.LEAVING), Moved(day(45), E.CLOSED)]
    assert spans_of(over, day(60))[-1] == Span(Turn.BUYER, day(40), day(60)), "it still runs"
    ended = [*over, Moved(day(50), E.CONTRACT_OVER, "C-1")]
    assert spans_of(ended, day(60))[-1].turn is Turn.NOBODY
