"""The case: gates, scores, residual risk and what stands in the way, from the facts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from contracts.circumstances import ServiceFacts, has_phi, has_pii, sees_of
from questionnaires.given import NOTHING
from questionnaires.nodes import Area, Question
from questionnaires.rules import AssessmentState
from questionnaires.scoring import AreaScore, is_scored, value_of
from questionnaires.visibility import is_answered
from reviews.facts import Facts, Told, consented, contradicted
from reviews.gates import (
    TITLES,
    Gate,
    GateAnswer,
    GateCase,
    GateResult,
    GateStatus,
    gate_results,
)
from reviews.residual import Band, Residual, residual, shown_band
from reviews.rows import JudgementRow
from reviews.rules import DecisionCase, Severity
from vendors.queries import exposure_of_service
from vendors.rules import PciScope
from vendors.service_models import Service
from vendors.tiering import Flag

_WORST_TIER = 1
_WORST_ANSWER = (GateAnswer.NO, GateAnswer.PARTIAL, GateAnswer.NOT_APPLICABLE, GateAnswer.YES)


@dataclass(frozen=True, slots=True)
class GateLine:
    """One gate: what the record says, what was judged by hand, and what counts."""

    result: GateResult
    judgement: JudgementRow | None
    is_by_hand: bool
    is_accepted: bool
    """Somebody has accepted the risk of its failing."""
    may_judge: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """Claimed and evidenced effect and coverage, 0 to 1, over all assessments of a review."""

    claimed: float
    evidenced: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Case:
    """What a decision rests on; `effect` and `residual` are None while nothing is scored."""

    tier: int
    is_tier_provisional: bool
    inherent: float | None
    effect: Effect | None
    residual: Residual | None
    claimed_residual: Residual | None
    band: Band | None
    gates: tuple[GateLine, ...]
    pci_scope: PciScope
    is_critical_function: bool
    unlooked: int
    decision: DecisionCase


def case_of(facts: Facts) -> Case:
    """Return the case the facts make. A tier nobody knows counts as the most closely watched."""
    tier = min((s.tier or _WORST_TIER for s in facts.services), default=_WORST_TIER)
    gates = gate_lines(facts, tier)
    inherent = max(
        (s.inherent_score for s in facts.services if s.inherent_score is not None), default=None
    )
    effect = effect_of(facts.told)
    left = _residual(inherent, tier, effect.evidenced if effect else None)
    failed = any(line.result.status is GateStatus.FAILED for line in gates)
    return Case(
        tier=tier,
        is_tier_provisional=any(s.is_tier_provisional for s in facts.services),
        inherent=inherent,
        effect=effect,
        residual=left,
        claimed_residual=_residual(inherent, tier, effect.claimed if effect else None),
        band=shown_band(left.band, has_failed_gate=failed) if left else None,
        gates=gates,
        pci_scope=_pci_scope(facts.services),
        is_critical_function=_is_critical_function(facts.services),
        unlooked=sum(len(told.sheet.form.questions) - _judged(told) for told in facts.told),
        decision=_decision_case(facts, gates, left.band if left else None),
    )


def effect_of(told: Iterable[Told]) -> Effect | None:
    """Return the scores of several assessments as one, each by its weight."""
    totals = [t.score.total for t in told if t.is_submitted and t.score and t.score.total]
    weight = sum(total.weight for total in totals)
    if not weight:
        return None
    return Effect(
        claimed=round(sum(total.claimed_points for total in totals) / weight, 4),
        evidenced=round(sum(total.evidenced_points for total in totals) / weight, 4),
        coverage=round(sum(total.coverage * total.weight for total in totals) / weight, 4),
    )


def areas_of(told: Iterable[Told]) -> tuple[tuple[Area, AreaScore], ...]:
    """Return the score of each area, assessment after assessment."""
    return tuple((area.area, area) for t in told if t.score for area in t.score.areas if area.area)


def gate_lines(facts: Facts, tier: int) -> tuple[GateLine, ...]:
    """Return the twelve gates; by hand only where the record does not answer, or to fail one."""
    computed = gate_results(_gate_case(facts, tier))
    return tuple(_line(facts, result) for result in computed)


def acceptance_id(review_id: UUID, gate: Gate) -> UUID:
    """Return the one id under which accepting this gate's risk in this review is stored."""
    return uuid5(review_id, gate.value)


def _line(facts: Facts, computed: GateResult) -> GateLine:
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
    return GateLine(result, judged, is_by_hand, is_accepted, may_judge)


_WORDS = {
    GateStatus.PASSED: "yes",
    GateStatus.FAILED: "no",
    GateStatus.UNANSWERED: "not answered yet",
    GateStatus.NOT_APPLICABLE: "does not apply",
}


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
        pci_scope=_pci_scope(facts.services),
        is_critical_function=_is_critical_function(facts.services),
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
    """Return the worst answer to each gate, and the gates that may be left out by consent."""
    found: dict[str, list[GateAnswer]] = {}
    refused: set[str] = set()
    left_out: set[str] = set()
    for each in told:
        if not each.is_submitted:
            continue
        may_leave = consented(each.sheet, each.verdicts)
        for question in each.sheet.form.questions:
            answer = _gate_answer(each, question)
            if question.gate is None or answer is None:
                continue
            found.setdefault(question.gate, []).append(answer)
            if answer is GateAnswer.NOT_APPLICABLE:
                (left_out if question.code in may_leave else refused).add(question.gate)
    answers = {gate: min(given, key=_WORST_ANSWER.index) for gate, given in found.items()}
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


def _decision_case(facts: Facts, gates: tuple[GateLine, ...], band: Band | None) -> DecisionCase:
    failed = [line for line in gates if line.result.status is GateStatus.FAILED]
    return DecisionCase(
        has_submitted_assessment=any(told.is_submitted for told in facts.told),
        gates=tuple(line.result for line in gates),
        band=band,
        open_clarifications=_with_the_vendor(facts.told),
        open_clauses=facts.clauses.open_sentences,
        has_risk_acceptance=bool(failed) and all(line.is_accepted for line in failed),
    )


def _with_the_vendor(told: Iterable[Told]) -> int:
    """Count questions not replied to; an assessment that is not back yet counts as one."""
    count = 0
    for each in told:
        waiting = sum(
            row.withdrawn_at is None and row.answered_at is None
            for thread in each.sheet.clarifications.values()
            for row in thread
        )
        is_away = each.assessment.state is AssessmentState.RETURNED
        count += waiting or int(is_away)
    return count


def _judged(told: Told) -> int:
    return sum(
        question.code in told.verdicts
        and told.verdicts[question.code].answer_version == version_of(told, question.code)
        for question in told.sheet.form.questions
    )


def version_of(told: Told, code: str) -> int:
    """Return the version of an answer, 0 while nothing was said."""
    answer = told.sheet.answers.get(code)
    return answer.version if answer else 0


def _residual(inherent: float | None, tier: int, effect: float | None) -> Residual | None:
    return None if inherent is None else residual(inherent, tier, effect)


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


def _pci_scope(services: Iterable[Service]) -> PciScope:
    scopes = {service.pci_scope for service in services}
    return next((scope for scope in PciScope if scope in scopes), PciScope.NONE)


def _is_critical_function(services: Iterable[Service]) -> bool:
    return any(exposure_of_service(service).has(Flag.CRITICAL_FUNCTION) for service in services)
