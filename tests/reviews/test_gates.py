"""The twelve gates: which apply, and what passes them."""

from dataclasses import replace

import pytest

from contracts.rules import ClauseStatus
from reviews.gates import Gate, GateAnswer, GateCase, GateStatus, gate_results, gates_that_apply
from vendors.rules import PciScope

QUIET = GateCase(tier=4, data_class=0, criticality=0, location=0, pci_scope=PciScope.NONE)
C, S, A = ClauseStatus, GateStatus, GateAnswer


def status(case, gate):
    return {result.gate: result.status for result in gate_results(case)}[gate]


@pytest.mark.parametrize(
    ("changes", "added"),
    [
        ({}, set()),
        ({"tier": 3}, {Gate.G3}),
        ({"tier": 2}, {Gate.G1, Gate.G3}),
        ({"tier": 1}, {Gate.G1, Gate.G3, Gate.G6}),
        ({"data_class": 1}, {Gate.G11}),
        ({"data_class": 2}, {Gate.G2, Gate.G11}),
        ({"data_class": 3}, {Gate.G2, Gate.G7, Gate.G11}),
        ({"data_class": None}, {Gate.G2, Gate.G7, Gate.G11}),
        ({"criticality": 3}, {Gate.G9}),
        ({"criticality": None}, {Gate.G9}),
        ({"pci_scope": PciScope.AFFECTS_SECURITY}, {Gate.G4, Gate.G5}),
        ({"is_critical_function": True}, {Gate.G6, Gate.G12}),
        ({"has_pii": True}, {Gate.G10}),
        ({"has_phi": True}, {Gate.G10}),
    ],
)
def test_which_gates_apply(changes, added):
    case = replace(QUIET, **changes)
    assert set(gates_that_apply(case)) == {Gate.G8} | added
    assert len(gate_results(case)) == 12
    for result in gate_results(case):
        applies = result.gate in gates_that_apply(case)
        assert applies or result.status is S.NOT_APPLICABLE


PCI = {"pci_scope": PciScope.SHARES_ACCOUNT_DATA}
CASES = [
    (Gate.G1, {"tier": 2}, S.UNANSWERED),
    (Gate.G1, {"tier": 2, "answers": {"G1": A.YES}}, S.PASSED),
    (Gate.G1, {"tier": 2, "answers": {"G1": A.PARTIAL}}, S.FAILED),
    (Gate.G1, {"tier": 2, "answers": {"G1": A.NO}}, S.FAILED),
    (Gate.G1, {"tier": 2, "answers": {"G1": A.NOT_APPLICABLE}}, S.UNANSWERED),
    (
        Gate.G1,
        {"tier": 2, "answers": {"G1": A.NOT_APPLICABLE}, "na_accepted": frozenset({"G1"})},
        S.NOT_APPLICABLE,
    ),
    (Gate.G3, {"tier": 3}, S.UNANSWERED),
    (Gate.G3, {"tier": 3, "clauses": {"DP-j": C.PRESENT}}, S.PASSED),
    (Gate.G3, {"tier": 3, "clauses": {"DP-j": C.PRESENT, "PCI-4": C.MISSING}}, S.FAILED),
    (Gate.G3, {"tier": 3, "clauses": {"DP-j": C.PRESENT, "PCI-4": C.OPEN}}, S.UNANSWERED),
    (Gate.G3, {"tier": 3, "clauses": {"DP-j": C.WAIVED}}, S.FAILED),
    (Gate.G4, PCI, S.FAILED),
    (Gate.G4, PCI | {"evidence": frozenset({"pci_aoc"})}, S.UNANSWERED),
    (Gate.G4, PCI | {"evidence": frozenset({"pci_aoc"}), "answers": {"G4": A.YES}}, S.PASSED),
    (Gate.G4, PCI | {"answers": {"G4": A.YES}}, S.FAILED),
    (Gate.G5, PCI | {"clauses": {"PCI-1": C.PARTIAL}}, S.FAILED),
    (Gate.G5, PCI | {"clauses": {"PCI-1": C.NEGOTIATING}}, S.UNANSWERED),
    (Gate.G6, {"tier": 1, "clauses": {"CIF-5": C.PRESENT}}, S.PASSED),
    (Gate.G7, {"data_class": 3, "clauses": {"SUB-1": C.PRESENT}}, S.UNANSWERED),
    (
        Gate.G7,
        {"data_class": 3, "clauses": {"SUB-1": C.PRESENT}, "answers": {"G7": A.YES}},
        S.PASSED,
    ),
    (Gate.G8, {}, S.PASSED),
    (Gate.G8, {"open_critical_findings": 1}, S.FAILED),
    (Gate.G8, {"has_unresolved_breach": True}, S.FAILED),
    (Gate.G9, {"criticality": 4, "answers": {"G9": A.YES}}, S.FAILED),
    (
        Gate.G9,
        {"criticality": 4, "answers": {"G9": A.YES}, "evidence": frozenset({"restore_test"})},
        S.PASSED,
    ),
    (Gate.G10, {"has_pii": True, "clauses": {"DP-0": C.PRESENT}}, S.PASSED),
    (Gate.G10, {"has_pii": True, "has_phi": True, "clauses": {"DP-0": C.PRESENT}}, S.UNANSWERED),
    (Gate.G11, {"data_class": 1, "location": 0}, S.PASSED),
    (Gate.G11, {"data_class": 1, "location": 2}, S.UNANSWERED),
    (Gate.G11, {"data_class": 1, "location": None}, S.UNANSWERED),
    (Gate.G11, {"data_class": 1, "location": 4}, S.FAILED),
    (Gate.G11, {"data_class": 1, "location": 3, "answers": {"G11": A.YES}}, S.PASSED),
    (Gate.G12, {"is_critical_function": True}, S.UNANSWERED),
    (Gate.G12, {"is_critical_function": True, "answers": {"G12": A.NO}}, S.FAILED),
]


@pytest.mark.parametrize(("gate", "changes", "expected"), CASES)
def test_what_passes_a_gate(gate, changes, expected):
    assert status(replace(QUIET, **changes), gate) is expected
