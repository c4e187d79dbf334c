"""Clauses found against clauses required, and the last day to give notice."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.rules import (
    ClauseStatus,
    ContractState,
    Direction,
    FoundClause,
    FoundValue,
    Gap,
    Parameter,
    ParameterKind,
    Renewal,
    RequiredClause,
    compare,
    gaps,
    may_activate,
    notice_deadline,
    renewal_of,
)

K = ParameterKind
TODAY = date(2026, 6, 1)


def at_most(amount, kind):
    return Parameter(kind, Decimal(amount), Direction.MAX)


def at_least(amount, kind):
    return Parameter(kind, Decimal(amount), Direction.MIN)


def found(amount, kind):
    return FoundValue(kind, Decimal(amount))


COMPARED = [
    (found(72, K.HOURS), at_most(24, K.HOURS), False),
    (found(24, K.HOURS), at_most(24, K.HOURS), True),
    (found(1, K.DAYS), at_most(24, K.HOURS), True),
    (found(2, K.DAYS), at_most(24, K.HOURS), False),
    (found(1, K.MONTHS), at_least(30, K.DAYS), False),  # a month may be 28 days
    (found(1, K.MONTHS), at_most(30, K.DAYS), False),  # and may be 31
    (found(12, K.MONTHS), at_most(12, K.MONTHS), True),
    (found(180, K.DAYS), at_least(6, K.MONTHS), False),
    (found(186, K.DAYS), at_least(6, K.MONTHS), True),
    (found("99.5", K.PERCENT), at_least("99.9", K.PERCENT), False),
    (found("99.95", K.PERCENT), at_least("99.9", K.PERCENT), True),
    (found(24, K.HOURS), at_least("99.9", K.PERCENT), None),
    (None, at_most(24, K.HOURS), None),
    (FoundValue(K.TEXT, text="promptly"), at_most(24, K.HOURS), None),
    (None, Parameter(K.TEXT, text="the method"), None),
    (FoundValue(K.TEXT, text="vault tokens"), Parameter(K.TEXT, text="the method"), True),
    (None, Parameter(), True),
]


@pytest.mark.parametrize(("value", "required", "meets"), COMPARED)
def test_compare(value, required, meets):
    deviation = compare(value, required)
    assert deviation.meets is meets
    assert deviation.sentence.endswith(".")


def test_the_sentence_names_both_values():
    sentence = compare(found(72, K.HOURS), at_most(24, K.HOURS)).sentence
    assert sentence == "The contract says 72 hours, but it must be at most 24 hours."


CLAUSE = RequiredClause("DP-j", "Notice of a breach", "S.", (), "INC", "G3", at_most(24, K.HOURS))
STATUSES = [
    (FoundClause(), "Nobody has checked it yet."),
    (FoundClause(ClauseStatus.MISSING), "The contract does not have it."),
    (FoundClause(ClauseStatus.PARTIAL, found(24, K.HOURS)), "The contract has only part of it."),
    (FoundClause(ClauseStatus.NEGOTIATING), "It is still being negotiated."),
    (
        FoundClause(ClauseStatus.PRESENT),
        "It is not noted how much the contract says; it must be at most 24 hours.",
    ),
    (
        FoundClause(ClauseStatus.PRESENT, found(72, K.HOURS)),
        "The contract says 72 hours, but it must be at most 24 hours.",
    ),
    (FoundClause(ClauseStatus.PRESENT, found(24, K.HOURS)), None),
    (FoundClause(ClauseStatus.NOT_APPLICABLE), "It is marked as not applicable without a reason."),
    (FoundClause(ClauseStatus.NOT_APPLICABLE, reason="No data leaves us."), None),
    (FoundClause(ClauseStatus.WAIVED), "Its waiver has no end date."),
    (FoundClause(ClauseStatus.WAIVED, waived_until=TODAY), None),
    (
        FoundClause(ClauseStatus.WAIVED, waived_until=TODAY - timedelta(days=1)),
        "Its waiver has ended.",
    ),
]


@pytest.mark.parametrize(("seen", "sentence"), STATUSES)
def test_gaps(seen, sentence):
    expected = (Gap("DP-j", "Notice of a breach", sentence),) if sentence else ()
    assert gaps({"DP-j": seen}, [CLAUSE], today=TODAY) == expected


def test_a_clause_nobody_noted_is_open():
    assert len(gaps({}, [CLAUSE], today=TODAY)) == 1


def test_a_contract_becomes_active_only_without_open_clauses():
    gap = Gap("DP-j", "Notice of a breach", "The contract does not have it.")
    assert may_activate(ContractState.DRAFT, [], starts_on=TODAY)
    refused = may_activate(ContractState.ENDED, [gap], starts_on=None)
    assert not refused
    assert len(refused.reasons) == 3
    assert refused.reasons[0].startswith("Notice of a breach (DP-j):")
    assert not may_activate(ContractState.ACTIVE, [], starts_on=TODAY)


D = date
NOTICES = [
    # ends, notice, renews, months, today -> last day to speak
    (D(2026, 12, 31), 90, False, None, TODAY, D(2026, 10, 2)),
    (D(2026, 6, 1), 90, False, None, TODAY, D(2026, 3, 3)),
    (D(2026, 5, 31), 90, False, None, TODAY, None),
    (D(2026, 12, 31), 90, True, 12, D(2026, 10, 2), D(2026, 10, 2)),
    (D(2026, 12, 31), 90, True, 12, D(2026, 10, 3), D(2027, 10, 2)),
    (D(2024, 2, 29), 0, True, 12, D(2025, 1, 1), D(2025, 2, 28)),
    (D(2024, 2, 29), 0, True, 12, D(2028, 1, 1), D(2028, 2, 29)),
    (D(2026, 1, 31), 0, True, 1, D(2026, 2, 1), D(2026, 2, 28)),
    (D(2026, 1, 31), 0, True, 1, D(2026, 3, 1), D(2026, 3, 31)),
    (D(2026, 7, 1), 400, True, 12, TODAY, D(2028, 7, 1) - timedelta(days=400)),
    (None, 90, True, 12, TODAY, None),
    (D(2026, 12, 31), None, True, 12, TODAY, None),
    (D(9999, 12, 31), 30, True, 12, TODAY, D(9999, 12, 1)),
    (D(2026, 12, 31), 90, True, None, TODAY, D(2026, 10, 2)),
]


@pytest.mark.parametrize(("ends", "days", "renews", "months", "today", "deadline"), NOTICES)
def test_notice_deadline(ends, days, renews, months, today, deadline):
    assert (
        notice_deadline(ends, days, auto_renews=renews, renewal_months=months, today=today)
        == deadline
    )


def naive_deadline(ends, days, months, today):
    """Walk month by month, one term after the other."""
    year, month = ends.year, ends.month
    while True:
        end = date(year, month, min(ends.day, monthrange(year, month)[1]))
        if end - timedelta(days=days) >= today:
            return end - timedelta(days=days)
        for _ in range(months):
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)


DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@settings(max_examples=100, deadline=None)
@given(ends=DAYS, notice=st.integers(0, 800), months=st.integers(1, 60), today=DAYS)
def test_a_rolling_deadline_agrees_with_walking_there(ends, notice, months, today):
    deadline = notice_deadline(ends, notice, auto_renews=True, renewal_months=months, today=today)
    assert deadline == naive_deadline(ends, notice, months, today)


@pytest.mark.parametrize(
    ("notice", "today", "on", "until", "is_settled"),
    [
        (60, date(2026, 11, 27), date(2026, 12, 17), date(2027, 12, 17), True),
        (60, date(2026, 10, 18), date(2026, 12, 17), date(2027, 12, 17), False),
        (None, date(2026, 11, 27), date(2026, 12, 17), date(2027, 12, 17), False),
        (60, date(2030, 1, 5), date(2030, 12, 17), date(2031, 12, 17), False),
    ],
)
def test_the_next_renewal(notice, today, on, until, is_settled):
    found = renewal_of(date(2026, 12, 17), notice, 12, today=today)
    assert found == Renewal(on, until, is_settled)


@pytest.mark.parametrize(("ends", "months"), [(None, 12), (date(2026, 12, 17), None)])
def test_what_has_no_term_does_not_renew(ends, months):
    assert renewal_of(ends, 60, months, today=date(2026, 11, 27)) is None
