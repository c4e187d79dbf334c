"""The dossier's part about risk: services, standing, findings and the decision."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from reports.dossier_parts import (
    DecisionFacts,
    FactorFacts,
    FindingFacts,
    GateFacts,
    ServiceFacts,
    SignatureFacts,
    StandingFacts,
    Word,
)
from reports.rules import OUTCOME_WORDS
from reports.words import word
from reviews.case import Case
from reviews.decision_models import Decision
from reviews.gates import TITLES
from reviews.models import Finding
from reviews.residual import Band, level_against
from reviews.rows import DecisionRow, FindingRow, sign_offs_of
from reviews.signing import missing_signatures
from reviews.standing import Standing
from vendors.queries import exposure_of_service, model_of, tiering_of
from vendors.service_models import Service
from vendors.tier_model import MEANINGS, WORST
from vendors.tiering import Exposure, Factor, Flag

_YES_NO = {True: "yes", False: "no", None: "not known, counted as yes"}


def service_facts(service: Service) -> ServiceFacts:
    """Return a service with every factor of its tier, the computed one beside an override."""
    exposure, tiering = exposure_of_service(service), tiering_of(service)
    factors = tuple(
        FactorFacts(
            name=word(factor).text,
            meaning=f"It {MEANINGS[factor][exposure.value_of(factor)]}.",
            weight=weight,
            points=weight * exposure.value_of(factor) / WORST,
            value=getattr(exposure, factor.value),
        )
        for factor, weight in model_of(service).weights.items()
    )
    return ServiceFacts(
        name=service.name,
        description=service.description,
        pci_scope=_scope(service),
        score=tiering.score,
        tier=service.tier or tiering.tier,
        is_provisional=tiering.is_provisional,
        computed_tier=tiering.tier,
        floors=tuple(floor.sentence for floor in tiering.floors),
        reasons=tiering.reasons,
        factors=factors,
        location=_location(exposure),
        flags=tuple((word(flag).text, _YES_NO[getattr(exposure, flag.value)]) for flag in Flag),
    )


def _scope(service: Service) -> Word:
    known = word(service.pci_scope)
    if not service.is_scope_assumed:
        return known
    return replace(known, text="PCI scope not known yet: the worst case counts", tone="warn")


def _location(exposure: Exposure) -> str:
    if exposure.location is None:
        return "Where it works is not known yet, which counts as the worst case."
    return f"It {MEANINGS[Factor.LOCATION][exposure.location]}."


def standing_facts(standing: Standing, case: Case) -> StandingFacts:
    """Return where the vendor stands, in words and numbers."""
    at_stake = case.residual.at_stake if case.residual else None
    return StandingFacts(
        tier=standing.tier,
        inherent=standing.inherent,
        claimed=standing.claimed,
        evidenced=standing.evidenced,
        residual=standing.residual,
        band=word(standing.band) if standing.band else None,
        gates=tuple(
            GateFacts(
                code=gate.gate.value,
                title=TITLES[gate.gate],
                status=word(gate.status),
                sentence=gate.sentence,
                reason=gate.reason,
            )
            for gate in standing.gates
        ),
        blockers=tuple(blocker.sentence for blocker in standing.blockers),
        at_stake=at_stake,
        claimed_residual=standing.claimed_residual,
        assurance_gap=standing.assurance_gap,
        bar=_rounded(level_against(Band.HIGH, at_stake)) if at_stake is not None else None,
    )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def finding_facts(
    finding: Finding, row: FindingRow, *, on: date, raised_by: str, assessment: str
) -> FindingFacts:
    """Return a finding with its history."""
    return FindingFacts(
        reference=row.reference,
        title=row.title,
        description=finding.description,
        severity=word(row.severity),
        state=word(row.state),
        owner=row.owner,
        raised_at=finding.raised_at.replace(microsecond=0),
        is_overdue=row.is_overdue(on),
        question=row.code or "",
        assessment=assessment,
        raised_by=raised_by,
        accepted_until=row.accepted_until,
        due_on=row.due_on,
        closed_at=finding.closed_at.replace(microsecond=0) if finding.closed_at else None,
        closing_note=finding.closing_note,
    )


def decision_facts(session: Session, row: DecisionRow) -> DecisionFacts:
    """Return a decision with its signatures and those still missing."""
    decision = session.get_one(Decision, row.decision_id)
    text, tone = OUTCOME_WORDS[row.outcome.value]
    signed = tuple(
        SignatureFacts(
            name=one.name, role=word(one.role), at=one.at.replace(microsecond=0), note=one.note
        )
        for one in sign_offs_of(session, row.decision_id)
    )
    return DecisionFacts(
        outcome=Word(row.outcome.value, text, tone),
        is_final=row.is_final,
        note=row.note,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at.replace(microsecond=0),
        decided_at=row.decided_at.replace(microsecond=0) if row.decided_at else None,
        tier=row.tier,
        inherent=decision.inherent,
        claimed=decision.claimed,
        evidenced=decision.evidenced,
        residual=row.residual,
        band=word(Band(decision.band)) if decision.band else None,
        valid_until=row.valid_until,
        next_review_on=row.next_review_on,
        signatures=signed,
        missing=() if row.is_final else missing_signatures(session, decision),
    )
