"""Change attestations: what a vendor is asked between two reviews, when, and what may follow."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from foundation.dates import add_months
from vendors.tier_model import TIER_MODEL, Pace

if TYPE_CHECKING:
    from collections.abc import Mapping

WORST_TIER = 1
"""A tier nobody knows is never taken for a low one."""
JUDGE_DAYS = 7
"""Days the risk team has to judge what a vendor reported."""
JUDGE_DAYS_OF_INCIDENT = 2


class Change(StrEnum):
    """What may have changed at a vendor; each is a reason to look before its time (domain B.4)."""

    INCIDENTS = "incidents"
    OWNERSHIP = "ownership"
    SUB_PROCESSORS = "sub_processors"
    DATA_PLACES = "data_places"
    CERTIFICATES = "certificates"
    PEOPLE = "people"


class AttestationState(StrEnum):
    ASKED = "asked"
    UNCHANGED = "unchanged"
    REPORTED = "reported"
    NOTED = "noted"
    REASSESSED = "reassessed"
    OVERTAKEN = "overtaken"
    """A decision came first: there is nothing left to ask."""


class Judgement(StrEnum):
    """What the risk team makes of a reported change."""

    NOTE = "note"
    REASSESS = "reassess"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What somebody declares for their company: that nothing changed, or what did."""

    name: str
    role: str = ""
    is_unchanged: bool = False
    changes: "Mapping[Change, str]" = field(default_factory=lambda: MappingProxyType({}))
    """A sentence for each kind of change; an empty one is refused."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What is made of a reported change, and why."""

    judgement: Judgement
    reason: str


def asks_on(since: date, tier: int | None, pace: Pace = TIER_MODEL.pace) -> date | None:
    """Return the day a vendor is asked again after a decision or its last word; None for never."""
    months = pace.attest_months[tier or WORST_TIER]
    return add_months(since, months) if months else None


def due_on(asked_on: date, tier: int | None, pace: Pace = TIER_MODEL.pace) -> date:
    """Return the last day for the answer: the tier's days to answer after the asking."""
    return asked_on + timedelta(days=pace.answer_days[tier or WORST_TIER])


def judge_by(changes: Collection[Change], declared_on: date) -> date:
    """Return the day by which reported changes are to be judged; an incident cannot wait."""
    is_urgent = Change.INCIDENTS in changes
    return declared_on + timedelta(days=JUDGE_DAYS_OF_INCIDENT if is_urgent else JUDGE_DAYS)
