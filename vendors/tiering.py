"""Tiering: from what our use of a service touches to a score, a tier and its reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from vendors.tier_model import MEANINGS, TIER_MODEL, WORST, Factor, Flag, FloorRule, TierModel

__all__ = [
    "NOTHING_KNOWN",
    "TIER_MODEL",
    "WORST",
    "Exposure",
    "Factor",
    "Flag",
    "Floor",
    "Tiering",
    "describe",
    "exposure_of",
    "lower_bound",
    "tier_for",
    "vendor_tier",
]


@dataclass(frozen=True)
class Exposure:
    """What our use touches: factors 0 to 4, flags yes or no; None is "not known yet"."""

    data_class: int | None = None
    data_volume: int | None = None
    access: int | None = None
    criticality: int | None = None
    substitutability: int | None = None
    regulatory: int | None = None
    location: int | None = None
    subcontracting: int | None = None
    account_data: bool | None = False
    cde: bool | None = False
    critical_function: bool | None = False

    def __post_init__(self) -> None:
        for factor in Factor:
            value = getattr(self, factor)
            if value is not None and not (type(value) is int and 0 <= value <= WORST):
                raise ValueError(
                    f"{factor} must be a whole number from 0 to 4, or not known yet; got {value!r}."
                )
        for flag in Flag:
            if getattr(self, flag) not in (True, False, None):
                raise ValueError(f"{flag} must be yes, no, or not known yet.")

    def value_of(self, factor: Factor) -> int:
        """Return the value that counts: the worst case where it is not known yet."""
        value: int | None = getattr(self, factor)
        return WORST if value is None else value

    def has(self, flag: Flag) -> bool:
        """Return whether the flag counts as set: it does where it is not known yet."""
        return getattr(self, flag) is not False

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names of the factors and flags that are not known yet."""
        return tuple(str(name) for name in (*Factor, *Flag) if getattr(self, name) is None)


NOTHING_KNOWN = Exposure(account_data=None, cde=None, critical_function=None)
"""What counts as the worst case of everything."""


@dataclass(frozen=True)
class Floor:
    """A floor that applies: the service is in this tier or a more closely watched one."""

    code: str
    tier: int
    sentence: str


@dataclass(frozen=True)
class Tiering:
    """The inherent score (0 to 100, one decimal), the tier (1 is watched closest), and why."""

    score: float
    raw_tier: int
    tier: int
    floors: tuple[Floor, ...]
    reasons: tuple[str, ...]
    is_provisional: bool
    model_version: str


def tier_for(exposure: Exposure, model: TierModel = TIER_MODEL) -> Tiering:
    """Score an exposure and give its tier; floors only raise."""
    points = _points(exposure, model)
    total = sum(points.values(), Decimal(0))
    raw_tier = min(tier for tier, least in model.bands.items() if total >= least)
    floors = tuple(_floor(rule, exposure) for rule in model.floors if _applies(rule, exposure))
    tier = min([raw_tier, *(floor.tier for floor in floors)])
    return Tiering(
        score=float(total.quantize(Decimal("0.1"), ROUND_HALF_UP)),
        raw_tier=raw_tier,
        tier=tier,
        floors=floors,
        reasons=_reasons(exposure, points, (f for f in floors if f.tier == tier)),
        is_provisional=bool(exposure.unknown),
        model_version=model.version,
    )


def vendor_tier(tiers: Iterable[int | None]) -> int | None:
    """Return a vendor's tier, the most closely watched of its services'; None without one."""
    return min((tier for tier in tiers if tier is not None), default=None)


def lower_bound(tier: int, model: TierModel = TIER_MODEL) -> float:
    """Return the lowest score of a tier's band, the least that is at stake in it."""
    return float(model.bands[tier])


def exposure_of(values: Mapping[str, int | bool | None]) -> Exposure:
    """Build an exposure from named values; flags left out are no, factors not known yet."""
    known = {str(name) for name in (*Factor, *Flag)}
    strange = sorted(set(values) - known)
    if strange:
        raise ValueError(
            f"There is no factor or flag called {', '.join(strange)}. "
            f"Use: {', '.join(map(str, (*Factor, *Flag)))}."
        )
    return Exposure(**values)  # type: ignore[arg-type]  # __post_init__ checks every value


def describe(exposure: Exposure, model: TierModel = TIER_MODEL) -> dict[str, object]:
    """Return the tiering as plain values, as the command line and the API print it."""
    tiering = tier_for(exposure, model)
    return {
        "score": tiering.score,
        "raw_tier": tiering.raw_tier,
        "tier": tiering.tier,
        "floors": [floor.sentence for floor in tiering.floors],
        "reasons": list(tiering.reasons),
        "is_provisional": tiering.is_provisional,
        "not_known_yet": list(exposure.unknown),
        "model_version": tiering.model_version,
    }


def _points(exposure: Exposure, model: TierModel) -> dict[Factor, Decimal]:
    return {
        factor: Decimal(weight * exposure.value_of(factor)) / WORST
        for factor, weight in model.weights.items()
    }


def _applies(rule: FloorRule, exposure: Exposure) -> bool:
    return all(exposure.value_of(f) >= least for f, least in rule.factors.items()) and all(
        exposure.has(flag) for flag in rule.flags
    )


def _floor(rule: FloorRule, exposure: Exposure) -> Floor:
    is_guess = any(getattr(exposure, name) is None for name in (*rule.factors, *rule.flags))
    doubt = " (Not known yet, so the worst case counts.)" if is_guess else ""
    return Floor(rule.code, rule.tier, rule.sentence + doubt)


def _reasons(
    exposure: Exposure, points: Mapping[Factor, Decimal], deciding: Iterable[Floor]
) -> tuple[str, ...]:
    weighty = sorted((f for f in points if points[f] > 0), key=lambda f: -points[f])
    sentences = [floor.sentence for floor in deciding]
    sentences += [_sentence(exposure, factor, points[factor]) for factor in weighty[:3]]
    return tuple(sentences) or ("It touches nothing of ours.",)


def _sentence(exposure: Exposure, factor: Factor, points: Decimal) -> str:
    meaning = MEANINGS[factor][exposure.value_of(factor)]
    if getattr(exposure, factor) is None:
        return f"Worst case until we know: {meaning} ({points:.1f} points)."
    return f"It {meaning} ({points:.1f} points)."
