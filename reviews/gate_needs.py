"""What is missing for a gate to pass, in a sentence for each thing that is."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from contracts.library import find_clause
from contracts.rules import ClauseStatus
from reviews.gates import (
    ANSWERED,
    PROOFS,
    Gate,
    GateAnswer,
    GateCase,
    GateStatus,
    clauses_asked,
)

_OF_ANSWER: Mapping[GateAnswer | None, str] = {
    None: "A full yes of the vendor, or an answer by hand.",
    GateAnswer.NOT_APPLICABLE: "A reviewer's consent: the vendor says that it does not apply.",
    GateAnswer.PARTIAL: "A full yes: the vendor says partly.",
    GateAnswer.NO: "A full yes: the vendor says no, or the proof contradicts its answer.",
}
_OF_CLAUSE: Mapping[ClauseStatus | None, str] = {
    None: "The clause “{title}” in a contract: none on record needs it yet.",
    ClauseStatus.OPEN: "The clause “{title}” in the contract: nobody has checked it yet.",
    ClauseStatus.NEGOTIATING: "The clause “{title}” in the contract: it is being negotiated.",
    ClauseStatus.PARTIAL: "The clause “{title}” as required: what stands there falls short.",
    ClauseStatus.MISSING: "The clause “{title}” in the contract: it is missing.",
    ClauseStatus.WAIVED: "The clause “{title}” in the contract: a waiver passes no gate.",
}
_OF_PROOF: Mapping[Gate, str] = {
    Gate.G4: "An attestation of PCI compliance on record that is valid today.",
    Gate.G9: "The report of a restore test on record that is valid today.",
}
_BY_HAND = "Another answer by hand, once what it was failed for is mended."
_ELSEWHERE = 4
"""The location from which our data is somewhere it may not be."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How a gate stands: what counts, and whether a hand made it so."""

    gate: Gate
    status: GateStatus
    is_by_hand: bool


def needs_of(judged: Judged, case: GateCase) -> tuple[str, ...]:
    """Return what is missing to pass; nothing where it is passed or does not apply."""
    if judged.status not in {GateStatus.FAILED, GateStatus.UNANSWERED}:
        return ()
    if judged.is_by_hand:
        return (_BY_HAND,)
    return tuple(_missing(judged.gate, case))


def _missing(gate: Gate, case: GateCase) -> Iterator[str]:
    for look in _LOOKS:
        yield from look(gate, case)


def _proof(gate: Gate, case: GateCase) -> Iterable[str]:
    kind = PROOFS.get(gate)
    return (_OF_PROOF[gate],) if kind and kind not in case.evidence else ()


def _clauses(gate: Gate, case: GateCase) -> Iterator[str]:
    for code in clauses_asked(gate, case):
        words = _OF_CLAUSE.get(case.clauses.get(code))
        clause = find_clause(code)
        if words and clause:
            yield words.format(title=clause.title)


def _answer(gate: Gate, case: GateCase) -> Iterable[str]:
    said = case.answers.get(gate)
    if gate not in ANSWERED or said is GateAnswer.YES:
        return ()
    if said is GateAnswer.NOT_APPLICABLE and gate in case.na_accepted:
        return ()
    if gate is Gate.G11 and said is None and (case.location or 0) >= _ELSEWHERE:
        return ("A full yes of the vendor: by the intake our data is where it may not be.",)
    return (_OF_ANSWER[said],)


def _findings(gate: Gate, case: GateCase) -> Iterable[str]:
    if gate is not Gate.G8:
        return ()
    if case.has_unresolved_breach:
        return ("An end of the breach that is open.",)
    count = case.open_critical_findings
    if count:
        return (f"Critical findings to close, or to accept for a time: {count}.",)
    return ("Answers to look at: nothing was submitted yet.",)


_LOOKS: tuple[Callable[[Gate, GateCase], Iterable[str]], ...] = (
    _proof,
    _clauses,
    _answer,
    _findings,
)
