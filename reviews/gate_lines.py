"""Gates from the facts: the record answers, a person only where it does not, or to fail one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from contracts.circumstances import ServiceFacts, has_phi, has_pii, sees_of
from questionnaires.given import NOTHING
from questionnaires.nodes import Question
from questionnaires.scoring import is_scored, value_of
from questionnaires.visibility import is_answered
from reviews.facts import Facts, Told, consented, contradicted
from reviews.gate_needs import Judged, needs_of
from reviews.gates import (
    TITLES,
    Gate,
    GateAnswer,
    GateCase,
    GateResult,
    GateStatus,
    gate_results,
)
from reviews.rows import JudgementRow
from reviews.rules import Severity
from vendors.queries import exposure_of_service
from vendors.rules import PciScope
from vendors.service_models import Service
from vendors.tiering import Flag

_WORST_ANSWER = (GateAnswer.NO, GateAnswer.PARTIAL, GateAnswer.NOT_APPLICABLE, GateAnswer.YES)
_FAILING = frozenset({GateAnswer.NO, GateAnswer.PARTIAL})
_WORDS = {
    GateStatus.PASSED: "yes",
    GateStatus.FAILED: "no",
    GateStatus.UNANSWERED: "not answered yet",
    GateStatus.NOT_APPLICABLE: "does not apply",
}


@dataclass(frozen=True, slots=True)
class GateLine:
    """One gate: what the record says, what was judged by hand, and what counts."""

    result: GateResult
    judgement: JudgementRow | None
    is_by_hand: bool
    is_accepted: bool
    """Somebody has accepted the risk of its failing."""
    may_judge: bool
    needs: tuple[str, ...] = ()
    """What is missing for it to pass."""


def gate_lines(facts: Facts, tier: int) -> tuple[GateLine, ...]:
    """Return the twelve gates; by hand only where the record does not answer, or to fail one."""
    case = _gate_case(facts, tier)
    computed = gate_results(case)
    if not any(told.is_submitted for told in facts.told):
        computed = tuple(before_answers(result) for result in computed)
    return tuple(_line(facts, result, case) for result in computed)


_BY_ABSENCE = frozenset(
    {
        (Gate.G4, GateStatus.FAILED),
        (Gate.G8, GateStatus.PASSED),
        (Gate.G9, GateStatus.FAILED),
    }
)
"""What a gate says only because nothing is on record yet: no proof, no finding."""


def before_answers(result: GateResult) -> GateResult:
    """Return what a gate says before anything was handed in: silence is no answer."""
    is_silence = (result.gate, result.status) in _BY_ABSENCE
    if not is_silence and result.status is not GateStatus.UNANSWERED:
        return result
    sentence = f"{result.title}: not known yet."
    return replace(result, status=GateStatus.UNANSWERED, sentence=sentence)


def acceptance_id(review_id: UUID, gate: Gate) -> UUID:
    """Return the one id under which accepting this gate's risk in this review is stored."""
    return uuid5(review_id, gate.value)


def _line(facts: Facts, computed: GateResult, case: GateCase) -> GateLine:
    judged = facts.judgements.get(computed.gate)
    may_judge = computed.status in {GateStatus.UNANSWERED, GateStatus.PASSED}
    may_judge = may_judge and computed.gate is not Gate.G8
    is_needed = computed.status is GateStatus.UNANSWERED
    fails = judged is not None and judged.status is GateStatus.FAILED
    is_by_hand = judged is not None and may_judge and (is_needed or fails)
    result = _by_hand(computed, judged) if is_by_hand and judged else computed
    is_accepted = facts.review is not None and (
        acceptance_id(facts.review.id, computed.gate) in facts.accepted
    )
    needs = needs_of(Judged(result.gate, result.status, is_by_hand), case)
    return GateLine(result, judged, is_by_hand, is_accepted, may_judge, needs)


def _by_hand(computed: GateResult, judged: JudgementRow) -> GateResult:
    sentence = f"{TITLES[computed.gate]}: {_WORDS[judged.status]}, judged by hand."
    return replace(computed, status=judged.status, sentence=sentence)


def _gate_case(facts: Facts, tier: int) -> GateCase:
    seen = [_service_facts(service) for service in facts.services]
    answers, accepted = _gate_answers(facts.told)
    return GateCase(
        tier=tier,
        data_class=_worst(facts.services, lambda s: s.data_class),
        criticality=_worst(facts.services, lambda s: s.criticality),
        location=_worst(facts.services, lambda s: s.location),
        pci_scope=pci_scope_of(facts.services),
        is_critical_function=serves_critical_function(facts.services),
        has_pii=any(has_pii(each) for each in seen),
        has_phi="hipaa" in facts.regimes and any(has_phi(each) for each in seen),
        answers=answers,
        na_accepted=accepted,
        clauses=facts.clauses.statuses,
        evidence=facts.evidence,
        open_critical_findings=sum(
            finding.severity is Severity.CRITICAL and finding.is_open(facts.on)
            for finding in facts.findings
        ),
    )


def _gate_answers(told: Iterable[Told]) -> tuple[Mapping[str, GateAnswer], frozenset[str]]:
    """Return the worst answer to each gate, and the gates that may be left out by consent.

    Where several questions feed a gate, all of them count: while one has no answer, the gate has
    none either, unless another one fails it already.
    """
    found: dict[str, list[GateAnswer]] = {}
    silent: set[str] = set()
    refused: set[str] = set()
    left_out: set[str] = set()
    for each in told:
        if not each.is_submitted:
            continue
        may_leave = consented(each.sheet, each.verdicts)
        for question in each.sheet.form.questions:
            if question.gate is None:
                continue
            answer = _gate_answer(each, question)
            if answer is None:
                silent.add(question.gate)
                continue
            found.setdefault(question.gate, []).append(answer)
            if answer is GateAnswer.NOT_APPLICABLE:
                (left_out if question.code in may_leave else refused).add(question.gate)
    worst = {gate: min(given, key=_WORST_ANSWER.index) for gate, given in found.items()}
    answers = {g: one for g, one in worst.items() if g not in silent or one in _FAILING}
    return answers, frozenset(left_out - refused)


def _gate_answer(told: Told, question: Question) -> GateAnswer | None:
    given = told.sheet.given.get(question.code, NOTHING)
    if question.code in contradicted(told.verdicts):
        return GateAnswer.NO
    if given.not_applicable:
        return GateAnswer.NOT_APPLICABLE
    if not is_scored(question) or not is_answered(question, given):
        return None
    value = value_of(question, given)
    if value >= 1:
        return GateAnswer.YES
    return GateAnswer.PARTIAL if value > 0 else GateAnswer.NO


def _service_facts(service: Service) -> ServiceFacts:
    return ServiceFacts(
        tier=service.tier,
        exposure=exposure_of_service(service),
        is_ict=service.is_ict,
        pci_scope=service.pci_scope,
        sees=sees_of(service.intake),
    )


def _worst(services: Iterable[Service], factor: Callable[[Service], int | None]) -> int | None:
    """Return the highest value; one that is not known makes all of it not known."""
    values = [factor(service) for service in services]
    known = [value for value in values if value is not None]
    return max(known) if known and len(known) == len(values) else None


def pci_scope_of(services: Iterable[Service]) -> PciScope:
    """Return how close the services come to account data, the closest counting."""
    scopes = {service.pci_scope for service in services}
    return next((scope for scope in PciScope if scope in scopes), PciScope.NONE)


def serves_critical_function(services: Iterable[Service]) -> bool:
    """Say whether one of the services carries a critical function."""
    return any(exposure_of_service(service).has(Flag.CRITICAL_FUNCTION) for service in services)
