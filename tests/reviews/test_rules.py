"""Decisions: what stands in the way, who signs, and when to look again."""

from dataclasses import replace
from datetime import date

import pytest

from accounts.rules import Role
from reviews.gates import Gate, GateResult, GateStatus
from reviews.residual import Band
from reviews.rules import (
    DecisionCase,
    Outcome,
    Severity,
    blockers,
    finding_due_on,
    next_review_on,
    people_needed,
    possible_outcomes,
    sign_off_problems,
)
from vendors.rules import PciScope

CLEAN = DecisionCase(has_submitted_assessment=True, gates=(), band=Band.LOW, conditions=1)
R = Role
ALWAYS = {Outcome.REJECTED, Outcome.MORE_NEEDED}


def gate(status):
    return GateResult(Gate.G1, status, "A second factor: no.")


FAILED, OPEN = gate(GateStatus.FAILED), gate(GateStatus.UNANSWERED)
CASES = [
    ({}, {Outcome.APPROVED, Outcome.APPROVED_WITH_CONDITIONS}),
    ({"gates": (gate(GateStatus.PASSED), gate(GateStatus.NOT_APPLICABLE))}, {*Outcome} - ALWAYS),
    ({"conditions": 0}, {Outcome.APPROVED}),
    ({"band": Band.MODERATE}, {*Outcome} - ALWAYS),
    ({"band": Band.HIGH}, {Outcome.APPROVED_WITH_CONDITIONS}),
    ({"band": Band.CRITICAL}, set()),
    ({"band": Band.CRITICAL, "is_escalated": True}, {Outcome.APPROVED_WITH_CONDITIONS}),
    ({"band": None}, {Outcome.APPROVED_WITH_CONDITIONS}),
    ({"has_submitted_assessment": False, "band": None}, set()),
    ({"gates": (OPEN,)}, set()),
    ({"gates": (OPEN,), "has_risk_acceptance": True}, set()),
    ({"gates": (FAILED,)}, set()),
    ({"gates": (FAILED,), "has_risk_acceptance": True}, {Outcome.APPROVED_WITH_CONDITIONS}),
    ({"open_clauses": ("Notice of a breach is missing.",)}, set()),
    ({"open_clarifications": 2}, set()),
]


@pytest.mark.parametrize(("changes", "allowed"), CASES)
def test_which_outcomes_are_possible(changes, allowed):
    assert set(possible_outcomes(replace(CLEAN, **changes))) == allowed | ALWAYS


def test_every_reason_is_listed():
    worst = DecisionCase(
        has_submitted_assessment=False,
        gates=(OPEN, FAILED),
        band=Band.CRITICAL,
        open_clarifications=1,
        open_clauses=("one", "two"),
    )
    codes = [blocker.code for blocker in blockers(worst, Outcome.APPROVED_WITH_CONDITIONS)]
    assert codes == [
        "no_assessment",
        "clarifications",
        "clause",
        "clause",
        "gate_unanswered",
        "gate_failed",
        "critical",
        "no_condition",
    ]
    assert blockers(worst, Outcome.REJECTED) == ()


SIGNED = [
    (1, Band.LOW, [("laila", [R.LEAD]), ("asif", [R.APPROVER])], 0),
    (1, Band.LOW, [("asif", [R.APPROVER]), ("laila", [R.LEAD])], 0),
    (1, Band.LOW, [("laila", [R.LEAD, R.APPROVER])], 1),
    (1, Band.LOW, [("laila", [R.LEAD]), ("laila", [R.APPROVER])], 1),
    (1, Band.LOW, [("laila", [R.LEAD, R.APPROVER]), ("mona", [R.LEAD])], 0),
    (1, Band.LOW, [("rabia", [R.ANALYST]), ("asif", [R.APPROVER])], 1),
    (1, Band.LOW, [], 2),
    (2, Band.LOW, [("laila", [R.LEAD]), ("rabia", [R.ANALYST])], 0),
    (2, Band.LOW, [("laila", [R.LEAD, R.ANALYST])], 1),
    (2, Band.LOW, [("rabia", [R.ANALYST]), ("omar", [R.ANALYST])], 1),
    (3, Band.HIGH, [("rabia", [R.ANALYST])], 0),
    (3, Band.LOW, [("pervez", [R.PROCUREMENT])], 1),
    (4, Band.LOW, [("pervez", [R.PROCUREMENT])], 0),
    (4, Band.MODERATE, [("pervez", [R.PROCUREMENT])], 1),
    (4, None, [("pervez", [R.PROCUREMENT])], 1),
    (4, Band.LOW, [("adil", [R.ADMINISTRATOR])], 1),
]


@pytest.mark.parametrize(("tier", "band", "signed", "missing"), SIGNED)
def test_who_must_sign(tier, band, signed, missing):
    assert len(sign_off_problems(signed, tier, band)) == missing
    assert len(people_needed(tier, band)) == (2 if tier <= 2 else 1)


D = date
REVIEWS = [
    (D(2026, 3, 31), 1, PciScope.NONE, False, D(2027, 3, 31)),
    (D(2024, 2, 29), 2, PciScope.NONE, False, D(2025, 2, 28)),
    (D(2024, 2, 29), 3, PciScope.NONE, False, D(2026, 2, 28)),
    (D(2026, 5, 4), 4, PciScope.NONE, False, D(2029, 5, 4)),
    (D(2026, 5, 4), 4, PciScope.AFFECTS_SECURITY, False, D(2027, 5, 4)),
    (D(2026, 5, 4), 3, PciScope.NONE, True, D(2027, 5, 4)),
]


@pytest.mark.parametrize(("decided", "tier", "scope", "is_cif", "due"), REVIEWS)
def test_next_review(decided, tier, scope, is_cif, due):
    assert next_review_on(decided, tier, pci_scope=scope, is_critical_function=is_cif) == due


@pytest.mark.parametrize(
    ("tier", "days"),
    [
        (1, [7, 30, 90, 180]),
        (2, [14, 30, 90, 180]),
        (3, [30, 60, 120, None]),
        (4, [30, 90, None, None]),
    ],
)
def test_when_findings_are_due(tier, days):
    raised = D(2026, 1, 1)
    due = [finding_due_on(severity, tier, raised) for severity in Severity]
    assert [on and (on - raised).days for on in due] == days
