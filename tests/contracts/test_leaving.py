"""What notice given on a day does: the day a contract ends, and the end it came too late for."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.leaving import Effect, Terms, effect_of, terms_of
from contracts.rules import notice_deadline
from tests.contracts.test_rules import DAYS

D = date
YEAR_END = D(2026, 12, 31)


def terms(ends_on=YEAR_END, notice=90, months=12):
    return Terms(D(2025, 1, 1), ends_on, notice, months is not None, months)


EFFECTS = [
    # terms, given on -> the last day, and the end that was missed
    (terms(), D(2026, 10, 2), Effect(YEAR_END)),
    (terms(), D(2026, 10, 3), Effect(D(2027, 12, 31), YEAR_END)),
    (terms(), D(2028, 6, 1), Effect(D(2028, 12, 31))),
    (terms(notice=0), YEAR_END, Effect(YEAR_END)),
    (terms(notice=400), D(2026, 3, 1), Effect(D(2027, 12, 31), YEAR_END)),
    (terms(D(2026, 1, 31), notice=0, months=1), D(2026, 2, 10), Effect(D(2026, 2, 28))),
    (terms(notice=None), D(2026, 10, 2), None),
    (terms(months=None), D(2026, 12, 30), Effect(YEAR_END)),
    (terms(months=None, notice=None), D(2026, 3, 1), Effect(YEAR_END)),
    (terms(months=None), D(2027, 1, 1), None),
    (terms(None, months=None), D(2026, 3, 1), Effect(D(2026, 5, 30))),
    (terms(None, notice=None, months=None), D(2026, 3, 1), None),
]


@pytest.mark.parametrize(("stated", "given_on", "effect"), EFFECTS)
def test_what_notice_does(stated, given_on, effect):
    assert effect_of(stated, given_on) == effect


@settings(max_examples=60, deadline=None)
@given(ends=DAYS, notice=st.integers(0, 800), months=st.integers(1, 60), given_on=DAYS)
def test_notice_is_in_time_for_the_end_it_brings_and_late_for_the_one_it_missed(
    ends, notice, months, given_on
):
    stated = Terms(None, ends, notice, auto_renews=True, renewal_months=months)
    effect = effect_of(stated, given_on)
    ahead = timedelta(days=notice)
    deadline = notice_deadline(
        ends, notice, auto_renews=True, renewal_months=months, today=given_on
    )
    assert effect.leaves_on - ahead == deadline >= given_on
    if effect.missed_on is not None:
        assert given_on <= effect.missed_on < effect.leaves_on
        assert effect.missed_on - ahead < given_on


def test_terms_are_read_from_whatever_states_them():
    assert terms_of(terms()) == terms()
