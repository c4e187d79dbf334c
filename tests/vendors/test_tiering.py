"""Tiers: the golden vectors, the floors, and that more risk never means less care."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vendors.tiering import (
    TIER_MODEL,
    Exposure,
    Factor,
    Flag,
    describe,
    exposure_of,
    lower_bound,
    tier_for,
    vendor_tier,
)


def exposure(text: str) -> Exposure:
    factors, _, flags = text.partition("|")
    values = dict(zip(map(str, Factor), map(int, factors.split()), strict=True))
    return exposure_of(values | dict.fromkeys(flags.split(), True))


GOLDEN = {
    "card processor": ("4 4 3 4 3 4 1 3 | account_data cde critical_function", 87.0, 1, 1),
    "cloud host": ("4 4 4 4 3 4 2 2 | cde critical_function", 91.0, 1, 1),
    "KYC with biometrics": ("4 3 2 3 2 3 2 3", 72.5, 1, 1),
    "payroll": ("3 1 1 2 1 2 1 2", 45.0, 3, 3),
    "pen-test firm": ("2 0 3 0 0 2 0 1 | cde", 31.5, 3, 2),
    "bulk e-mail": ("3 4 1 1 1 2 2 2", 49.5, 3, 2),
    "cleaning": ("0 0 1 0 0 0 0 1", 6.5, 4, 4),
    "stock photos": ("0 0 0 0 0 0 1 0", 1.5, 4, 4),
}


@pytest.mark.parametrize("vendor", GOLDEN)
def test_golden_vectors(vendor):
    text, score, raw_tier, tier = GOLDEN[vendor]
    tiering = tier_for(exposure(text))
    assert (tiering.score, tiering.raw_tier, tiering.tier) == (score, raw_tier, tier)
    assert not tiering.is_provisional
    assert tiering.model_version == TIER_MODEL.version
    assert tiering.reasons


def test_weights_sum_to_a_hundred_and_cover_every_factor():
    assert sum(TIER_MODEL.weights.values()) == 100
    assert set(TIER_MODEL.weights) == set(Factor)


FLOORS = [
    ("0 0 0 0 0 0 0 0 | account_data", 1, {"account_data"}),
    ("0 0 0 0 0 0 0 0 | cde", 2, {"cde"}),
    ("0 0 0 0 0 0 0 0 | critical_function", 1, {"critical_function"}),
    ("0 0 4 0 0 0 0 0", 2, {"privileged_access"}),
    ("0 0 3 0 0 0 0 0", 4, set()),
    ("3 4 0 0 0 0 0 0", 2, {"many_people", "confidential_data"}),
    ("3 3 0 0 0 0 0 0", 3, {"confidential_data"}),
    ("0 0 0 4 3 0 0 0", 1, {"hard_stop"}),
    ("0 0 0 4 2 0 0 0", 4, set()),
    ("2 0 0 0 0 0 0 0", 3, {"confidential_data"}),
    ("1 0 0 0 0 0 0 0", 4, set()),
]


@pytest.mark.parametrize(("text", "tier", "codes"), FLOORS)
def test_floors_raise(text, tier, codes):
    tiering = tier_for(exposure(text))
    assert tiering.tier == tier
    assert {floor.code for floor in tiering.floors} == codes


BANDS = [("4 4 4 3 1 0 0 0", 65.5, 2), ("0 0 2 4 2 4 2 4", 52.0, 2), ("0 0 0 0 0 0 4 4", 14.0, 4)]


@pytest.mark.parametrize(("text", "score", "raw_tier"), BANDS)
def test_bands_are_read_from_the_score(text, score, raw_tier):
    tiering = tier_for(exposure(text))
    assert (tiering.score, tiering.raw_tier) == (score, raw_tier)


def test_a_band_begins_at_its_lower_bound():
    assert [lower_bound(tier) for tier in (1, 2, 3, 4)] == [70.0, 50.0, 25.0, 0.0]
    assert tier_for(exposure("0 0 0 2 4 0 4 1")).score == 25.0
    assert tier_for(exposure("0 0 0 2 4 0 4 1")).raw_tier == 3
    just_below = tier_for(exposure("0 0 1 0 4 4 0 1"))
    assert (just_below.score, just_below.raw_tier) == (24.5, 4)


def test_nothing_known_is_the_worst_case_and_provisional():
    tiering = tier_for(Exposure())
    assert (tiering.score, tiering.tier, tiering.is_provisional) == (100.0, 1, True)
    assert any("until we know" in reason for reason in tiering.reasons)


@pytest.mark.parametrize("flag", list(Flag))
def test_an_unknown_flag_counts_and_is_provisional(flag):
    unsure = replace(exposure("0 0 0 0 0 0 0 0"), **{flag.value: None})
    tiering = tier_for(unsure)
    assert tiering.is_provisional
    assert tiering.tier <= 2
    assert "Not known yet" in tiering.floors[0].sentence


def test_a_vendor_takes_the_tier_of_its_most_watched_service():
    assert vendor_tier([3, 1, 4]) == 1
    assert vendor_tier([]) is None
    assert vendor_tier([None, 3]) == 3


@pytest.mark.parametrize("wrong", [-1, 5, True, "4", 2.0])
def test_factors_outside_the_scale_are_refused(wrong):
    with pytest.raises(ValueError, match="data_class must be a whole number from 0 to 4"):
        Exposure(data_class=wrong)


def test_a_misspelt_factor_is_refused():
    with pytest.raises(ValueError, match="no factor or flag called data_clas"):
        exposure_of({"data_clas": 4})


def test_describe_is_what_the_command_prints():
    shown = describe(exposure(GOLDEN["card processor"][0]))
    assert shown["score"] == 87.0
    assert (shown["raw_tier"], shown["tier"]) == (1, 1)
    assert any("account data" in sentence for sentence in shown["floors"])
    assert describe(exposure(GOLDEN["cleaning"][0]))["floors"] == []


def test_a_raised_tier_says_why_first():
    tiering = tier_for(exposure(GOLDEN["pen-test firm"][0]))
    assert tiering.reasons[0] == "It can affect our card environment: at least tier 2."


VALUES = st.none() | st.integers(0, 4)
EXPOSURES = st.builds(
    Exposure,
    **{str(factor): VALUES for factor in Factor},
    **{str(flag): st.sampled_from([True, False, None]) for flag in Flag},
)


@settings(max_examples=60)
@given(before=EXPOSURES, factor=st.sampled_from(list(Factor)), value=VALUES)
def test_a_higher_factor_never_lowers_score_or_tier(before, factor, value):
    after = replace(before, **{factor.value: value})
    if after.value_of(factor) < before.value_of(factor):
        before, after = after, before
    assert tier_for(after).score >= tier_for(before).score
    assert tier_for(after).raw_tier <= tier_for(before).raw_tier
    assert tier_for(after).tier <= tier_for(before).tier


@settings(max_examples=60)
@given(before=EXPOSURES, flag=st.sampled_from(list(Flag)), unsure=st.sampled_from([True, None]))
def test_a_flag_never_lowers_the_tier(before, flag, unsure):
    without = replace(before, **{flag.value: False})
    assert tier_for(replace(before, **{flag.value: unsure})).tier <= tier_for(without).tier


@settings(max_examples=60)
@given(exposure=EXPOSURES)
def test_tier_agrees_with_a_naive_reading_of_the_table(exposure):
    f = {factor.value: exposure.value_of(factor) for factor in Factor}
    weights = (22, 10, 18, 18, 8, 10, 6, 8)
    score = sum(w * v for w, v in zip(weights, f.values(), strict=True)) / 4
    raw = 1 if score >= 70 else 2 if score >= 50 else 3 if score >= 25 else 4
    tiers = [raw]
    if exposure.account_data is not False or exposure.critical_function is not False:
        tiers.append(1)
    if f["criticality"] == 4 and f["substitutability"] >= 3:
        tiers.append(1)
    if exposure.cde is not False or f["access"] == 4:
        tiers.append(2)
    if f["data_class"] >= 3 and f["data_volume"] == 4:
        tiers.append(2)
    if f["data_class"] >= 2:
        tiers.append(3)
    tiering = tier_for(exposure)
    assert (tiering.score, tiering.raw_tier, tiering.tier) == (score, raw, min(tiers))
    assert all(floor.tier >= tiering.tier for floor in tiering.floors)
