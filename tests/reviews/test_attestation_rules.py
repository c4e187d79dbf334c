"""When a vendor is asked whether anything has changed, and how long anybody may take."""

from datetime import date

import pytest

from reviews.attestation_rules import Change, asks_on, due_on, judge_by
from vendors.tier_document import document_of, model_from
from vendors.tier_model import TIER_MODEL

SINCE = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("tier", "on"),
    [
        (1, date(2026, 6, 2)),
        (2, date(2026, 9, 2)),
        (3, date(2027, 3, 2)),
        (4, date(2027, 3, 2)),
        (None, date(2026, 6, 2)),
    ],
)
def test_it_is_asked_at_the_interval_of_the_tier_and_unknown_is_the_worst(tier, on):
    assert asks_on(SINCE, tier) == on


def test_the_last_of_a_month_is_the_last_of_a_shorter_one():
    assert asks_on(date(2026, 11, 30), 1) == date(2027, 2, 28)


def test_the_tier_sets_the_days_to_answer():
    assert [(due_on(SINCE, tier) - SINCE).days for tier in (1, 2, 3, 4, None)] == [
        14,
        14,
        10,
        7,
        14,
    ]


def test_an_incident_is_judged_sooner_than_the_rest():
    assert judge_by({Change.OWNERSHIP}, SINCE) == date(2026, 3, 9)
    assert judge_by({Change.OWNERSHIP, Change.INCIDENTS}, SINCE) == date(2026, 3, 4)


def test_tier_rules_published_before_there_were_attestations_have_the_shipped_interval():
    older = document_of(TIER_MODEL)
    del older["pace"]["attest_months"]
    assert model_from(older, "2025-1").pace.attest_months == {1: 3, 2: 6, 3: 12, 4: 12}
    never = document_of(TIER_MODEL)
    never["pace"]["attest_months"]["4"] = 0
    assert asks_on(SINCE, 4, model_from(never, "2026-2").pace) is None
