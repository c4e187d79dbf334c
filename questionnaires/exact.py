"""Exact sums of decimal numbers as whole units: what fractions give, at a tenth of their cost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import isfinite

TEN_THOUSAND = 10_000
"""One unit of four decimals."""


@dataclass(frozen=True, slots=True)
class Units:
    """Numbers as whole units; `one` units are 1."""

    of: Mapping[float, int]
    one: int


def units_for(numbers: Iterable[float]) -> Units:
    """Return the numbers, each read as the decimal it is written as, in a unit that fits all."""
    read = {number: _digits(number) for number in set(numbers)}
    places = max((places for _digits, places in read.values()), default=0)
    return Units(
        {number: digits * 10 ** (places - own) for number, (digits, own) in read.items()},
        10**places,
    )


def rounded(numerator: int, denominator: int) -> float:
    """Return a quotient with four decimals; what lies exactly between goes to the even digit."""
    whole, rest = divmod(numerator * TEN_THOUSAND, denominator)
    if 2 * rest > denominator or (2 * rest == denominator and whole % 2):
        whole += 1
    return whole / TEN_THOUSAND


@lru_cache(maxsize=1024)
def _digits(number: float) -> tuple[int, int]:
    """Return a number as written: 0.85 is 85 with 2 decimals."""
    if not isfinite(number):
        raise ValueError(f"{number} is not a number to count with.")
    sign, digits, power = Decimal(str(number)).as_tuple()
    exponent = int(power)
    whole = int("".join(map(str, digits))) * 10 ** max(exponent, 0)
    return -whole if sign else whole, max(-exponent, 0)
