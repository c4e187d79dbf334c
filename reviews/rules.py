"""Reviews: outcomes, who signs, what stands in the way, and when to look again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import permutations

from accounts.rules import Role
from foundation.dates import add_months
from reviews.gates import GateResult, GateStatus
from reviews.residual import Band
from vendors.rules import PciScope
from vendors.tier_model import TIER_MODEL, Pace


class Outcome(StrEnum):
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    REJECTED = "rejected"
    MORE_NEEDED = "more_needed"


class Severity(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class FindingState(StrEnum):
    OPEN = "open"
    FIXED = "fixed"
    ACCEPTED = "accepted"
    CLOSED = "closed"


REST_RULE = "Accepted by rule: nothing about this answer needs a look."
"""The note of a verdict nobody read the answer for: the desk accepted the rest at once."""


class VerdictOutcome(StrEnum):
    ACCEPTED = "accepted"
    ASKED_BACK = "asked_back"
    FINDING = "finding"


class ReviewState(StrEnum):
    OPEN = "open"
    AWAITING_SIGN_OFF = "awaiting_sign_off"
    DECIDED = "decided"


@dataclass(frozen=True)
class DecisionCase:
    """What a decision rests on; `band` is None while there is no score."""

    has_submitted_assessment: bool
    gates: tuple[GateResult, ...]
    band: Band | None
    open_clarifications: int = 0
    open_clauses: tuple[str, ...] = ()
    conditions: int = 0
    has_risk_acceptance: bool = False
    is_escalated: bool = False


@dataclass(frozen=True)
class Blocker:
    """One reason against a decision."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Requirement:
    """One signature that is needed, by a person with any of these roles."""

    roles: frozenset[Role]
    sentence: str


def blockers(case: DecisionCase, outcome: Outcome) -> tuple[Blocker, ...]:
    """Every reason against an outcome, not only the first; rejecting is always possible."""
    if outcome in (Outcome.REJECTED, Outcome.MORE_NEEDED):
        return ()
    found = [*_missing_facts(case), *_gate_blockers(case, outcome), *_band_blockers(case, outcome)]
    if outcome is Outcome.APPROVED_WITH_CONDITIONS and not case.conditions:
        found.append(Blocker("no_condition", "Name at least one condition with its date."))
    return tuple(found)


def possible_outcomes(case: DecisionCase) -> tuple[Outcome, ...]:
    """List the outcomes nothing stands against."""
    return tuple(outcome for outcome in Outcome if not blockers(case, outcome))


_ANALYSTS = frozenset({Role.ANALYST, Role.LEAD})
_LEAD = Requirement(frozenset({Role.LEAD}), "A lead of the risk team signs.")
_APPROVER = Requirement(frozenset({Role.APPROVER}), "An approver of the business signs.")
_ANALYST = Requirement(_ANALYSTS, "An analyst of the risk team signs.")
_OTHER_ANALYST = Requirement(_ANALYSTS, "A second analyst of the risk team signs.")
_BUYER = Requirement(_ANALYSTS | {Role.PROCUREMENT}, "Procurement or an analyst signs.")


def people_needed(tier: int, band: Band | None) -> tuple[Requirement, ...]:
    """Say who must sign; only a Low residual lets procurement decide on tier 4."""
    if tier <= 1:
        return (_LEAD, _APPROVER)
    if tier == 2:
        return (_LEAD, _OTHER_ANALYST)
    if tier == 3 or band is not Band.LOW:
        return (_ANALYST,)
    return (_BUYER,)


def sign_off_problems(
    signed: Iterable[tuple[str, Iterable[Role]]], tier: int, band: Band | None
) -> tuple[str, ...]:
    """List the signatures still missing; one person never fills two places."""
    roles_of: dict[str, frozenset[Role]] = {}
    for person, roles in signed:
        roles_of[person] = roles_of.get(person, frozenset()) | frozenset(roles)
    places = people_needed(tier, band)
    people: list[str | None] = [*roles_of, *(None for _ in places)]
    seatings = (_unfilled(places, seats, roles_of) for seats in permutations(people, len(places)))
    return min(seatings, key=len)


YEARLY = 12


def next_review_on(
    decided_on: date,
    tier: int,
    *,
    pci_scope: PciScope,
    is_critical_function: bool,
    pace: Pace = TIER_MODEL.pace,
) -> date:
    """Return when the vendor is reviewed again; in PCI scope or critical: within a year."""
    months = pace.review_months[tier]
    if pci_scope is not PciScope.NONE or is_critical_function:
        months = min(months, YEARLY)
    return add_months(decided_on, months)


FINDING_DAYS: dict[int, tuple[int | None, ...]] = {
    1: (7, 30, 90, 180),
    2: (14, 30, 90, 180),
    3: (30, 60, 120, None),
    4: (30, 90, None, None),
}
"""Days to mend a finding, by tier and in the order of Severity, unless the settings say else."""
LONGEST_TO_MEND = 730


def finding_due_on(
    severity: Severity,
    tier: int,
    raised_on: date,
    *,
    table: Mapping[int, Sequence[int | None]] = FINDING_DAYS,
) -> date | None:
    """Return when a finding must be mended; None where the tier sets no date."""
    days = table[tier][list(Severity).index(severity)]
    return None if days is None else raised_on + timedelta(days=days)


def _missing_facts(case: DecisionCase) -> list[Blocker]:
    found = []
    if not case.has_submitted_assessment:
        found.append(Blocker("no_assessment", "The vendor has not submitted an assessment yet."))
    if case.open_clarifications:
        found.append(
            Blocker(
                "clarifications", f"Questions still with the vendor: {case.open_clarifications}."
            )
        )
    found += [Blocker("clause", f"Contract: {sentence}") for sentence in case.open_clauses]
    return found


def _gate_blockers(case: DecisionCase, outcome: Outcome) -> list[Blocker]:
    found = []
    for gate in case.gates:
        if gate.status is GateStatus.UNANSWERED:
            found.append(Blocker("gate_unanswered", gate.sentence))
        elif gate.status is GateStatus.FAILED and outcome is Outcome.APPROVED:
            found.append(Blocker("gate_failed", f"{gate.sentence} Only conditions can help."))
        elif gate.status is GateStatus.FAILED and not case.has_risk_acceptance:
            found.append(
                Blocker("gate_failed", f"{gate.sentence} Somebody must accept the risk first.")
            )
    return found


def _band_blockers(case: DecisionCase, outcome: Outcome) -> list[Blocker]:
    is_plain = outcome is Outcome.APPROVED
    if case.band is None:
        if is_plain and case.has_submitted_assessment:
            return [Blocker("unscored", "There is no score. Unknown is not low: set conditions.")]
        return []
    if case.band is Band.CRITICAL and not (case.is_escalated and not is_plain):
        return [Blocker("critical", "The remaining risk is critical. Escalate, or reject.")]
    if case.band is Band.HIGH and is_plain:
        return [Blocker("high", "The remaining risk is high. Approve with dated conditions only.")]
    return []


def _unfilled(
    places: tuple[Requirement, ...],
    seats: tuple[str | None, ...],
    roles_of: dict[str, frozenset[Role]],
) -> tuple[str, ...]:
    pairs = zip(places, seats, strict=True)
    return tuple(p.sentence for p, s in pairs if s is None or not (p.roles & roles_of[s]))
