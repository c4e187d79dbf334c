"""The whole arithmetic of a tier, line by line, as a page shows it."""

from dataclasses import dataclass
from decimal import Decimal

from vendors.tier_model import MEANINGS, TIER_MODEL, WORST, TierModel
from vendors.tiering import Exposure, Factor


@dataclass(frozen=True, slots=True)
class Line:
    """What one factor adds: value (0 to 4) times weight, divided by 4."""

    factor: Factor
    value: int
    is_known: bool
    meaning: str
    weight: int
    points: Decimal


def lines_of(exposure: Exposure, model: TierModel = TIER_MODEL) -> tuple[Line, ...]:
    """Return the factors in the model's order; what is not known counts as the worst case."""
    return tuple(
        Line(
            factor=factor,
            value=exposure.value_of(factor),
            is_known=getattr(exposure, factor) is not None,
            meaning=MEANINGS[factor][exposure.value_of(factor)],
            weight=weight,
            points=Decimal(weight * exposure.value_of(factor)) / WORST,
        )
        for factor, weight in model.weights.items()
    )
