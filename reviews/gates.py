"""Gates: the twelve conditions no score can outweigh."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from contracts.rules import ClauseStatus
from vendors.rules import PciScope


class Gate(StrEnum):
    G1 = "G1"
    G2 = "G2"
    G3 = "G3"
    G4 = "G4"
    G5 = "G5"
    G6 = "G6"
    G7 = "G7"
    G8 = "G8"
    G9 = "G9"
    G10 = "G10"
    G11 = "G11"
    G12 = "G12"


class GateStatus(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    UNANSWERED = "unanswered"
    NOT_APPLICABLE = "not_applicable"


class GateAnswer(StrEnum):
    """An answer to a gate's question; partly is not yes."""

    YES = "yes"
    PARTIAL = "partial"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class GateCase:
    """What the gates look at; a factor that is None counts as the worst case.

    `clauses` holds required clauses only; a PRESENT one that misses its value must be given as
    PARTIAL. `evidence` names the kinds that are live today.
    """

    tier: int
    data_class: int | None
    criticality: int | None
    location: int | None
    pci_scope: PciScope
    is_critical_function: bool = False
    has_pii: bool = False
    has_phi: bool = False
    answers: Mapping[str, GateAnswer] = field(default_factory=dict)
    na_accepted: frozenset[str] = frozenset()
    clauses: Mapping[str, ClauseStatus] = field(default_factory=dict)
    evidence: frozenset[str] = frozenset()
    open_critical_findings: int = 0
    has_unresolved_breach: bool = False


@dataclass(frozen=True)
class GateResult:
    gate: Gate
    status: GateStatus
    sentence: str
    reason: str = ""
    """Why it does not concern the vendor, where it does not."""

    @property
    def title(self) -> str:
        """What must hold, in words."""
        return TITLES[self.gate]


TITLES: Mapping[Gate, str] = {
    Gate.G1: "A second factor guards administration and remote access",
    Gate.G2: "Our data is encrypted in transit and at rest",
    Gate.G3: "The contract makes them report a breach in time",
    Gate.G4: "A current attestation of PCI compliance covers the service",
    Gate.G5: "They acknowledge their PCI responsibility in writing",
    Gate.G6: "We may audit and inspect",
    Gate.G7: "Sub-processors are disclosed and changes announced",
    Gate.G8: "No critical finding or breach is open",
    Gate.G9: "A restore test within a year met our recovery time",
    Gate.G10: "The data processing agreement is signed",
    Gate.G11: "The data stays where it may be",
    Gate.G12: "There is an exit plan",
}
_WORDS = {
    GateStatus.PASSED: "yes",
    GateStatus.FAILED: "no",
    GateStatus.UNANSWERED: "not answered yet",
    GateStatus.NOT_APPLICABLE: "does not apply",
}


PROOFS: Mapping[Gate, str] = {Gate.G4: "pci_aoc", Gate.G9: "restore_test"}
"""The kind of evidence that must be live for a gate to pass, whatever was answered."""
ANSWERED = frozenset({Gate.G1, Gate.G2, Gate.G4, Gate.G7, Gate.G9, Gate.G11, Gate.G12})
"""The gates that ask for an answer of the vendor."""


WHY_NOT: Mapping[Gate, str] = {
    Gate.G1: "the tier is neither 1 nor 2",
    Gate.G2: "no confidential data of ours is seen",
    Gate.G3: "the tier is 4",
    Gate.G4: "no service touches card data or can affect its safety",
    Gate.G5: "no service touches card data or can affect its safety",
    Gate.G6: "the tier is not 1, and no critical function depends on it",
    Gate.G7: "no personal or financial data is seen",
    Gate.G9: "it can be missed for longer than eight hours",
    Gate.G10: "no personal data is touched",
    Gate.G11: "no data of ours is seen",
    Gate.G12: "no critical function depends on it",
}
"""Why a gate that does not apply does not; G8 always applies."""


def gates_that_apply(case: GateCase) -> tuple[Gate, ...]:
    """List the gates this vendor must pass."""
    data, outage = _worst(case.data_class), _worst(case.criticality)
    in_pci = case.pci_scope is not PciScope.NONE
    applies = {
        Gate.G1: case.tier <= 2,
        Gate.G2: data >= 2,
        Gate.G3: case.tier <= 3,
        Gate.G4: in_pci,
        Gate.G5: in_pci,
        Gate.G6: case.tier <= 1 or case.is_critical_function,
        Gate.G7: data >= 3,
        Gate.G8: True,
        Gate.G9: outage >= 3,
        Gate.G10: case.has_pii or case.has_phi,
        Gate.G11: data >= 1,
        Gate.G12: case.is_critical_function,
    }
    return tuple(gate for gate in Gate if applies[gate])


def gate_results(case: GateCase) -> tuple[GateResult, ...]:
    """Return all twelve gates with their status and a sentence each."""
    applying = gates_that_apply(case)
    statuses = {
        gate: _CHECKS[gate](case) if gate in applying else GateStatus.NOT_APPLICABLE
        for gate in Gate
    }
    return tuple(
        _result(gate, status, "" if gate in applying else WHY_NOT[gate])
        for gate, status in statuses.items()
    )


def _result(gate: Gate, status: GateStatus, reason: str) -> GateResult:
    because = f", since {reason}" if reason else ""
    return GateResult(gate, status, f"{TITLES[gate]}: {_WORDS[status]}{because}.", reason)


def _worst(factor: int | None) -> int:
    return 4 if factor is None else factor


def _answer(case: GateCase, gate: Gate) -> GateStatus:
    answer = case.answers.get(gate)
    if answer is None:
        return GateStatus.UNANSWERED
    if answer is GateAnswer.NOT_APPLICABLE:
        accepted = gate in case.na_accepted
        return GateStatus.NOT_APPLICABLE if accepted else GateStatus.UNANSWERED
    return GateStatus.PASSED if answer is GateAnswer.YES else GateStatus.FAILED


_OF_CLAUSE = {
    ClauseStatus.PRESENT: GateStatus.PASSED,
    ClauseStatus.OPEN: GateStatus.UNANSWERED,
    ClauseStatus.NEGOTIATING: GateStatus.UNANSWERED,
    ClauseStatus.NOT_APPLICABLE: GateStatus.NOT_APPLICABLE,
}
_BREACH_CLAUSES = ("DP-j", "PCI-4", "CIF-2")
_ONE_CLAUSE = {Gate.G5: ("PCI-1",), Gate.G6: ("CIF-5",), Gate.G7: ("SUB-1",)}


def _clause(case: GateCase, clause_id: str) -> GateStatus:
    status = case.clauses.get(clause_id)
    if status is None:
        return GateStatus.UNANSWERED
    return _OF_CLAUSE.get(status, GateStatus.FAILED)


def _all(*statuses: GateStatus) -> GateStatus:
    """Return the worst: failed before unanswered before passed before does not apply."""
    order = (GateStatus.FAILED, GateStatus.UNANSWERED, GateStatus.PASSED)
    return next((s for s in order if s in statuses), GateStatus.NOT_APPLICABLE)


def clauses_asked(gate: Gate, case: GateCase) -> tuple[str, ...]:
    """Return the clauses of the contract that decide a gate, by their ids."""
    if gate is Gate.G3:
        named = tuple(clause for clause in _BREACH_CLAUSES if clause in case.clauses)
        return named or _BREACH_CLAUSES[:1]
    if gate is Gate.G10:
        wanted = (("DP-0", case.has_pii), ("HIP-A", case.has_phi))
        return tuple(clause for clause, is_wanted in wanted if is_wanted)
    return _ONE_CLAUSE.get(gate, ())


def _clauses(gate: Gate) -> Callable[[GateCase], GateStatus]:
    return lambda case: _all(*(_clause(case, clause) for clause in clauses_asked(gate, case)))


def _proof(gate: Gate) -> Callable[[GateCase], GateStatus]:
    def check(case: GateCase) -> GateStatus:
        return _answer(case, gate) if PROOFS[gate] in case.evidence else GateStatus.FAILED

    return check


def _no_open_trouble(case: GateCase) -> GateStatus:
    is_bad = case.open_critical_findings > 0 or case.has_unresolved_breach
    return GateStatus.FAILED if is_bad else GateStatus.PASSED


def _location(case: GateCase) -> GateStatus:
    answered = _answer(case, Gate.G11)
    if answered is not GateStatus.UNANSWERED or case.location is None:
        return answered
    if case.location >= 4:
        return GateStatus.FAILED
    return GateStatus.PASSED if case.location <= 1 else GateStatus.UNANSWERED


_CHECKS: Mapping[Gate, Callable[[GateCase], GateStatus]] = {
    Gate.G1: lambda case: _answer(case, Gate.G1),
    Gate.G2: lambda case: _answer(case, Gate.G2),
    Gate.G3: _clauses(Gate.G3),
    Gate.G4: _proof(Gate.G4),
    Gate.G5: _clauses(Gate.G5),
    Gate.G6: _clauses(Gate.G6),
    Gate.G7: lambda case: _all(_clauses(Gate.G7)(case), _answer(case, Gate.G7)),
    Gate.G8: _no_open_trouble,
    Gate.G9: _proof(Gate.G9),
    Gate.G10: _clauses(Gate.G10),
    Gate.G11: _location,
    Gate.G12: lambda case: _answer(case, Gate.G12),
}
