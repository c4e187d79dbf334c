"""A version of the tier model as plain values: how it is kept, checked, and compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from vendors.tier_model import TIER_MODEL, Factor, FloorRule, Pace, TierModel

TIERS = (1, 2, 3, 4)
WHOLE = 100
_LIMITS = {
    "answer_days": (1, 365),
    "review_months": (1, 60),
    "opens_days": (0, 365),
    "most_questions": (1, 500),
    "attest_months": (0, 60),
}
_SHIPPED = {rule.code: rule for rule in TIER_MODEL.floors}
_SHIPPED_PACE = {name: getattr(TIER_MODEL.pace, name) for name in _LIMITS}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a draft, where, and how to mend it."""

    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that two versions do not share; None where a version does not have it."""

    part: str
    """weights, bands, floors, or a part of the pace."""
    name: str
    before: int | None
    after: int | None


def document_of(model: TierModel) -> dict[str, Any]:
    """Return a model as JSON keeps it; the version's name is kept beside it."""
    return {
        "weights": {factor.value: weight for factor, weight in model.weights.items()},
        "bands": _named(model.bands),
        "floors": {rule.code: rule.tier for rule in model.floors},
        "pace": {name: _named(getattr(model.pace, name)) for name in _LIMITS},
    }


def model_from(document: Mapping[str, Any], version: str) -> TierModel:
    """Return the model a document describes; conditions of floors are those that are shipped.

    What a version did not know when it was published is as it was shipped.
    """
    pace = {**_SHIPPED_PACE, **document["pace"]}
    return TierModel(
        version=version,
        weights={factor: int(document["weights"][factor.value]) for factor in Factor},
        bands=_by_tier(document["bands"]),
        floors=tuple(_floor(code, int(tier)) for code, tier in document["floors"].items()),
        pace=Pace(**{name: _by_tier(pace[name]) for name in _LIMITS}),
    )


def problems_of(model: TierModel) -> tuple[Problem, ...]:
    """Return everything that keeps a model from being published."""
    return (*_weights(model), *_bands(model), *_floors(model), *_pace(model.pace))


def differences(before: TierModel, after: TierModel) -> tuple[Difference, ...]:
    """Return every value in which two versions differ, in the order of the page."""
    old, new = dict(_values(before)), dict(_values(after))
    return tuple(
        Difference(*place, old.get(place), new.get(place))
        for place in dict.fromkeys([*old, *new])
        if old.get(place) != new.get(place)
    )


def sum_sentence(weights: Mapping[Any, int] | Mapping[Any, Decimal]) -> str:
    """Say by how much weights miss one hundred; empty when they do not."""
    total = sum(weights.values())
    if total == WHOLE:
        return ""
    off = f"{WHOLE - total} too few" if total < WHOLE else f"{total - WHOLE} too many"
    return f"The weights add up to {total}; they must add up to 100. That is {off}."


def _weights(model: TierModel) -> Iterator[Problem]:
    for factor, weight in model.weights.items():
        if not 0 <= weight <= WHOLE:
            yield Problem(f"weight_{factor}", "A weight is a whole number from 0 to 100.")
    wrong = sum_sentence(model.weights)
    if wrong:
        yield Problem("weights", wrong)


def _bands(model: TierModel) -> Iterator[Problem]:
    for tier in (1, 2, 3):
        least, below = model.bands[tier], model.bands[tier + 1]
        if not 0 < least <= WHOLE:
            yield Problem(f"band_{tier}", "A boundary is a whole number from 1 to 100.")
        elif least <= below:
            yield Problem(
                f"band_{tier}",
                f"Tier {tier} must begin above tier {tier + 1}: {least} is not more than {below}.",
            )


def _floors(model: TierModel) -> Iterator[Problem]:
    for rule in model.floors:
        most = _SHIPPED[rule.code].tier
        if not 1 <= rule.tier <= most:
            yield Problem(
                f"floor_{rule.code}",
                f"A floor may only raise: choose tier {most} or one that is watched more closely.",
            )


def _pace(pace: Pace) -> Iterator[Problem]:
    for name, (least, most) in _LIMITS.items():
        for tier, value in getattr(pace, name).items():
            if not least <= value <= most:
                yield Problem(f"{name}_{tier}", f"Write a whole number from {least} to {most}.")


def _values(model: TierModel) -> Iterator[tuple[tuple[str, str], int | None]]:
    for factor, weight in model.weights.items():
        yield ("weights", factor.value), weight
    for tier in (1, 2, 3):
        yield ("bands", str(tier)), model.bands[tier]
    for rule in model.floors:
        yield ("floors", rule.code), rule.tier
    for name in _LIMITS:
        for tier, value in getattr(model.pace, name).items():
            yield (name, str(tier)), value


def _floor(code: str, tier: int) -> FloorRule:
    return replace(_SHIPPED[code], tier=tier)


def _named(values: Mapping[int, int]) -> dict[str, int]:
    return {str(tier): value for tier, value in values.items()}


def _by_tier(values: Mapping[str, int]) -> dict[int, int]:
    return {int(tier): int(value) for tier, value in values.items()}
