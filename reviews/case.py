"""The case: gates, scores, residual risk and what stands in the way, from the facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from questionnaires.nodes import Area
from questionnaires.rules import AssessmentState
from questionnaires.scoring import AreaScore
from reviews.facts import Facts, Told, proven_points
from reviews.gate_lines import GateLine, gate_lines, pci_scope_of, serves_critical_function
from reviews.gates import GateStatus
from reviews.residual import Band, Residual, residual, shown_band
from reviews.rules import DecisionCase
from vendors.rules import PciScope
from vendors.tier_model import TierModel

_WORST_TIER = 1


@dataclass(frozen=True, slots=True)
class Effect:
    """Claimed and evidenced effect and coverage, 0 to 1, over all assessments of a review."""

    claimed: float
    evidenced: float
    coverage: float
    proven: float
    """The part of the claimed that rests on a file which still holds; no part of a formula."""


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

    @property
    def has_answers(self) -> bool:
        """Whether anything was handed in; before that an open gate is not known yet."""
        return self.decision.has_submitted_assessment

    @property
    def raised_by(self) -> tuple[GateLine, ...]:
        """The failed gates for which the band is shown higher than its number."""
        if self.residual is None or self.residual.band is self.band:
            return ()
        return tuple(line for line in self.gates if line.result.status is GateStatus.FAILED)


def case_of(facts: Facts) -> Case:
    """Return the case the facts make. A tier nobody knows counts as the most closely watched."""
    tier = min((s.tier or _WORST_TIER for s in facts.services), default=_WORST_TIER)
    gates = gate_lines(facts, tier)
    inherent = max(
        (s.inherent_score for s in facts.services if s.inherent_score is not None), default=None
    )
    effect = effect_of(facts.told)
    remaining = partial(_residual, inherent, tier, model=facts.tier_model)
    left = remaining(effect.evidenced if effect else None)
    failed = any(line.result.status is GateStatus.FAILED for line in gates)
    return Case(
        tier=tier,
        is_tier_provisional=any(s.is_tier_provisional for s in facts.services),
        inherent=inherent,
        effect=effect,
        residual=left,
        claimed_residual=remaining(effect.claimed if effect else None),
        band=shown_band(left.band, has_failed_gate=failed) if left else None,
        gates=gates,
        pci_scope=pci_scope_of(facts.services),
        is_critical_function=serves_critical_function(facts.services),
        unlooked=sum(len(told.sheet.form.questions) - _judged(told) for told in facts.told),
        decision=_decision_case(facts, gates, left.band if left else None),
    )


def effect_of(told: Iterable[Told]) -> Effect | None:
    """Return the scores of several assessments as one, each by its weight."""
    scored = [t.score for t in told if t.is_submitted and t.score]
    totals = [one.total for one in scored if one.total]
    weight = sum(total.weight for total in totals)
    if not weight:
        return None
    proven = sum(proven_points(one) for one in scored)
    return Effect(
        claimed=round(sum(total.claimed_points for total in totals) / weight, 4),
        evidenced=round(sum(total.evidenced_points for total in totals) / weight, 4),
        coverage=round(sum(total.coverage * total.weight for total in totals) / weight, 4),
        proven=round(proven / weight, 4),
    )


def areas_of(told: Iterable[Told]) -> tuple[tuple[Area, AreaScore], ...]:
    """Return the score of each area, assessment after assessment."""
    return tuple((area.area, area) for t in told if t.score for area in t.score.areas if area.area)


def _decision_case(facts: Facts, gates: tuple[GateLine, ...], band: Band | None) -> DecisionCase:
    failed = [line for line in gates if line.result.status is GateStatus.FAILED]
    return DecisionCase(
        has_submitted_assessment=any(told.is_submitted for told in facts.told),
        gates=tuple(line.result for line in gates),
        band=band,
        open_clarifications=_with_the_vendor(facts.told),
        open_clauses=facts.clauses.sentences,
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


def _residual(
    inherent: float | None, tier: int, effect: float | None, *, model: TierModel
) -> Residual | None:
    return None if inherent is None else residual(inherent, tier, effect, model)
