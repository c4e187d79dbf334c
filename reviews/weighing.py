"""Weighing an outcome: the case with the proposal in it, what stands in the way, who signs."""

from collections.abc import Mapping, Sized
from dataclasses import replace
from typing import Any, Protocol

from reviews.case import Case
from reviews.decision_models import Decision
from reviews.rules import Blocker, Outcome, Requirement, blockers, people_needed

ESCALATED = 1
"""An escalated decision is signed as for tier 1: by a lead and an approver."""


class Proposed(Protocol):
    """A proposal before it is stored."""

    @property
    def conditions(self) -> Sized:
        """Its conditions."""

    @property
    def is_escalated(self) -> bool:
        """Whether a lead and an approver sign."""


def as_proposed(case: Case, proposed: Proposed | Decision) -> Case:
    """Return the case with the conditions and the escalation of a proposal."""
    if isinstance(proposed, Decision):
        basis: Mapping[str, Any] = proposed.basis
        return _with(case, len(basis["conditions"]), is_escalated=bool(basis["is_escalated"]))
    return _with(case, len(proposed.conditions), is_escalated=proposed.is_escalated)


def at_best(case: Case) -> Case:
    """Return the case as a proposal could make it: with a condition, and escalated."""
    return _with(case, 1, is_escalated=True)


def standing_in_the_way(case: Case, outcome: Outcome) -> tuple[Blocker, ...]:
    """Return every reason against an outcome."""
    return blockers(case.decision, outcome)


def ways(case: Case) -> tuple[tuple[Outcome, tuple[Blocker, ...]], ...]:
    """Return each outcome with what stands against it at best."""
    best = at_best(case)
    return tuple((outcome, standing_in_the_way(best, outcome)) for outcome in Outcome)


def signing_tier(decision: Decision) -> int:
    """Return the tier whose signatures a proposal needs."""
    return ESCALATED if decision.basis.get("is_escalated") else decision.tier


def places_for(case: Case, *, is_escalated: bool = False) -> tuple[Requirement, ...]:
    """Return who must sign a decision on this case."""
    return people_needed(ESCALATED if is_escalated else case.tier, case.band)


def basis_of(case: Case, *, is_escalated: bool) -> dict[str, Any]:
    """Return the facts a decision froze: gates, what was open, and the escalation."""
    return {
        "gates": [
            {
                "gate": line.result.gate.value,
                "status": line.result.status.value,
                "sentence": line.result.sentence,
                "by_hand": line.is_by_hand,
                "accepted": line.is_accepted,
            }
            for line in case.gates
        ],
        "blockers": [
            {"code": blocker.code, "sentence": blocker.sentence}
            for blocker in blockers(case.decision, Outcome.APPROVED)
        ],
        "unlooked": case.unlooked,
        "is_escalated": is_escalated,
    }


def _with(case: Case, conditions: int, *, is_escalated: bool) -> Case:
    made = replace(case.decision, conditions=conditions, is_escalated=is_escalated)
    return replace(case, decision=made)
