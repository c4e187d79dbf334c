"""Residual risk: what is left of the inherent score once controls are counted."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from vendors.tier_model import TIER_MODEL, TierModel
from vendors.tiering import lower_bound


class Band(StrEnum):
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True)
class Residual:
    """The risk at stake and the risk left (0 to 100, one decimal), and its band."""

    at_stake: float
    score: float
    band: Band


CAP = Decimal("0.90")
"""Controls take away at most this share, so that nothing is ever zero."""

BANDS = ((Decimal(50), Band.CRITICAL), (Decimal(30), Band.HIGH), (Decimal(15), Band.MODERATE))
"""The least residual of each band, the worst first; below all of them it is Low."""


def residual(
    inherent: float, tier: int, evidenced: float | None, model: TierModel = TIER_MODEL
) -> Residual | None:
    """Return the residual; None while nothing is scored (`evidenced` is 0 to 1)."""
    if evidenced is None:
        return None
    if not 0 <= evidenced <= 1:
        raise ValueError(f"Effectiveness is a share from 0 to 1; got {evidenced}.")
    at_stake = max(inherent, lower_bound(tier, model))
    left = Decimal(str(at_stake)) * (1 - CAP * Decimal(str(evidenced)))
    score = left.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Residual(at_stake, float(score), _band(score))


def scale() -> tuple[tuple[Band, float], ...]:
    """Return the bands, the lowest first, each with the residual it begins at."""
    return ((Band.LOW, 0.0), *((band, float(least)) for least, band in reversed(BANDS)))


def shown_band(band: Band | None, *, has_failed_gate: bool) -> Band | None:
    """Return the band to show: at least High once a gate has failed."""
    if has_failed_gate and band is not Band.CRITICAL:
        return Band.HIGH
    return band


def level_against(band: Band, at_stake: float) -> float | None:
    """Return the evidenced share (0 to 1) from which the residual stays below a band.

    None when it does so without any control. Nothing is rounded: `residual` does that.
    """
    least = next(number for number, each in BANDS if each is band)
    if Decimal(str(at_stake)) < least:
        return None
    return float((1 - least / Decimal(str(at_stake))) / CAP)


def _band(score: Decimal) -> Band:
    return next((band for least, band in BANDS if score >= least), Band.LOW)
