"""The tier model as data: factors, weights, bands, floors and their version."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Factor(StrEnum):
    """What our use of a service touches; each is 0 (least) to 4 (most)."""

    DATA_CLASS = "data_class"
    DATA_VOLUME = "data_volume"
    ACCESS = "access"
    CRITICALITY = "criticality"
    SUBSTITUTABILITY = "substitutability"
    REGULATORY = "regulatory"
    LOCATION = "location"
    SUBCONTRACTING = "subcontracting"


class Flag(StrEnum):
    """A yes or no beside the factors."""

    ACCOUNT_DATA = "account_data"
    CDE = "cde"
    CRITICAL_FUNCTION = "critical_function"


WORST = 4


@dataclass(frozen=True)
class FloorRule:
    """A tier a service cannot be above when all factors and flags named reach their value."""

    code: str
    tier: int
    because: str
    factors: Mapping[Factor, int]
    flags: tuple[Flag, ...] = ()

    @property
    def sentence(self) -> str:
        """Say what holds, and what follows from it."""
        return f"{self.because}: at least tier {self.tier}."


@dataclass(frozen=True)
class Pace:
    """What a tier sets in time and in number, each by tier (domain.md B.4)."""

    answer_days: Mapping[int, int]
    """Days a vendor has to answer."""
    review_months: Mapping[int, int]
    """Months until a vendor is reviewed again."""
    opens_days: Mapping[int, int]
    """Days before the review is due at which it opens."""
    most_questions: Mapping[int, int]
    """Questions a vendor should be shown at most."""
    attest_months: Mapping[int, int]
    """Months after which a vendor in use is asked whether anything has changed; 0 is never."""


@dataclass(frozen=True)
class TierModel:
    """Weights sum to 100; `bands` maps a tier to the lowest score that reaches it."""

    version: str
    weights: Mapping[Factor, int]
    bands: Mapping[int, int]
    floors: tuple[FloorRule, ...]
    pace: Pace


def _floor(code: str, tier: int, because: str, *flags: Flag, **factors: int) -> FloorRule:
    named = MappingProxyType({Factor(name): value for name, value in factors.items()})
    return FloorRule(code, tier, because, named, flags)


def _by_tier(*values: int) -> Mapping[int, int]:
    return MappingProxyType(dict(enumerate(values, start=1)))


TIER_MODEL = TierModel(
    version="2026-1",
    weights=MappingProxyType(
        {
            Factor.DATA_CLASS: 22,
            Factor.DATA_VOLUME: 10,
            Factor.ACCESS: 18,
            Factor.CRITICALITY: 18,
            Factor.SUBSTITUTABILITY: 8,
            Factor.REGULATORY: 10,
            Factor.LOCATION: 6,
            Factor.SUBCONTRACTING: 8,
        }
    ),
    bands=MappingProxyType({1: 70, 2: 50, 3: 25, 4: 0}),
    floors=(
        _floor(
            "account_data",
            1,
            "Card account data is stored, processed or passed on",
            Flag.ACCOUNT_DATA,
        ),
        _floor(
            "critical_function",
            1,
            "A critical or important function depends on it",
            Flag.CRITICAL_FUNCTION,
        ),
        _floor(
            "hard_stop",
            1,
            "We can miss it for four hours at most and can hardly replace it",
            criticality=4,
            substitutability=3,
        ),
        _floor("cde", 2, "It can affect our card environment", Flag.CDE),
        _floor(
            "privileged_access",
            2,
            "It has privileged access to live systems",
            access=4,
        ),
        _floor(
            "many_people",
            2,
            "It holds sensitive data of more than a million people",
            data_class=3,
            data_volume=4,
        ),
        _floor(
            "confidential_data",
            3,
            "It sees confidential data",
            data_class=2,
        ),
    ),
    pace=Pace(
        answer_days=_by_tier(14, 14, 10, 7),
        review_months=_by_tier(12, 12, 24, 36),
        opens_days=_by_tier(60, 45, 30, 30),
        most_questions=_by_tier(100, 60, 30, 10),
        attest_months=_by_tier(3, 6, 12, 12),
    ),
)
"""The first version: what holds until somebody publishes another."""

# What each value of a factor means, from 0 to 4, as it stands in a sentence.
MEANINGS: Mapping[Factor, tuple[str, str, str, str, str]] = MappingProxyType(
    {
        Factor.DATA_CLASS: (
            "sees no data of ours",
            "sees internal data",
            "sees confidential data",
            "sees personal or financial data",
            "sees account data, credentials, biometrics or health data",
        ),
        Factor.DATA_VOLUME: (
            "holds no records of people",
            "holds records of fewer than 1,000 people",
            "holds records of 1,000 to 100,000 people",
            "holds records of 100,000 to 1 million people",
            "holds records of more than 1 million people",
        ),
        Factor.ACCESS: (
            "has no access to our systems",
            "is only a service our people sign in to",
            "connects through an interface or to test systems",
            "reaches our network or reads live systems",
            "administers live systems",
        ),
        Factor.CRITICALITY: (
            "can be missed for more than five days",
            "can be missed for five days",
            "can be missed for a day",
            "can be missed for eight hours",
            "can be missed for four hours at most",
        ),
        Factor.SUBSTITUTABILITY: (
            "can be replaced at once",
            "is easy to replace",
            "takes effort to replace",
            "is very hard to replace",
            "cannot be replaced",
        ),
        Factor.REGULATORY: (
            "falls under no particular rules",
            "falls under general law",
            "falls under one sector's rules",
            "falls under several sets of rules or the card rules",
            "supports a critical function or needs a regulator's approval",
        ),
        Factor.LOCATION: (
            "works in our own country",
            "works where data is protected as well as here",
            "works where extra safeguards are needed",
            "works in a high-risk country",
            "works where our data may not go",
        ),
        Factor.SUBCONTRACTING: (
            "passes nothing on",
            "passes work on to one known company",
            "passes work on to several companies",
            "depends on another company for an essential part",
            "passes work on to companies nobody has named",
        ),
    }
)
