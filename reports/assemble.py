"""Assembling the dossier: every fact of a vendor from the rooms below, read once."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contracts.queries import contracts_of
from evidence.queries import evidence_of
from organisation.queries import name_of_organisation, time_zone_of_organisation
from questionnaires.scoring import FORMULA_VERSION
from reports import assemble_answers, assemble_papers, assemble_risk
from reports.dossier import Dossier
from reports.dossier_parts import (
    ConditionFacts,
    ContactFacts,
    DecisionFacts,
    StandingFacts,
    VendorFacts,
    VerdictFacts,
)
from reports.printing import TEMPLATE_VERSION
from reports.queries import conditions_of, findings_in_full, hashes_of_versions
from reports.rules import Known, verdict_of
from reports.words import word
from reviews.case import case_of
from reviews.facts import Facts, gather
from reviews.rows import DecisionRow, decisions_of
from reviews.standing import Standing, standing_from, telling_review
from vendors.countries import country_name
from vendors.models import Vendor
from vendors.queries import contacts_of, exemptions_of, get_vendor_for_system, services_of
from vendors.service_models import Service
from vendors.tiering import TIER_MODEL

MODELS = {
    "Formula of the score": FORMULA_VERSION,
    "Layout of the report": TEMPLATE_VERSION,
}


def assemble(
    session: Session,
    vendor_id: UUID,
    as_of: datetime,
    *,
    reference: str = "",
    number: int = 0,
    prepared_by: str = "",
) -> Dossier:
    """Return a vendor's dossier as of a moment; who may see the vendor is asked before."""
    vendor = get_vendor_for_system(session, vendor_id)
    on = as_of.astimezone(ZoneInfo(time_zone_of_organisation(session))).date()
    facts = gather(session, vendor, telling_review(session, vendor_id), on)
    standing = standing_from(facts, case_of(facts), None)
    decisions = [one for one in decisions_of(session, vendor_id) if one.withdrawn_at is None]
    decision = assemble_risk.decision_facts(session, decisions[0]) if decisions else None
    names = assemble_papers.People(session)
    exemptions = exemptions_of(session, vendor_id)
    names.load([vendor.owner_id, *assemble_papers.answerable(exemptions)])
    conditions = _conditions(session, decisions)
    risk = assemble_risk.standing_facts(standing)
    services = services_of(session, vendor_id)
    return Dossier(
        reference=reference,
        number=number,
        organisation=name_of_organisation(session),
        as_of=as_of.replace(microsecond=0),
        prepared_by=prepared_by,
        vendor=_vendor(session, vendor, owner=names.name(vendor.owner_id)),
        verdict=_verdict(facts, standing, risk, decision, len(conditions)),
        standing=risk,
        services=tuple(map(assemble_risk.service_facts, services)),
        assessments=assemble_answers.assessments(
            session, vendor_id, facts, hashes_of_versions(session, vendor_id)
        ),
        findings=tuple(
            assemble_risk.finding_facts(*pair, on=on)
            for pair in findings_in_full(session, vendor_id)
        ),
        conditions=conditions,
        exemptions=tuple(assemble_papers.exemption_facts(one, names) for one in exemptions),
        contracts=assemble_papers.contracts(contracts_of(session, vendor_id, today=on), standing),
        coverage=assemble_papers.coverage_facts(standing.clauses),
        evidence=assemble_papers.evidence(
            evidence_of(session, vendor_id), assemble_answers.times_cited(facts.told), on
        ),
        clarifications=assemble_answers.clarifications(facts.told),
        decision=decision,
        models={"Tier model": _tier_models(services), **MODELS},
    )


def _tier_models(services: list[Service]) -> str:
    """Name the version behind each tier; where a new one was published, there can be several."""
    return ", ".join(sorted({one.tier_model for one in services}) or [TIER_MODEL.version])


def _conditions(session: Session, decisions: list[DecisionRow]) -> tuple[ConditionFacts, ...]:
    """Return what the newest decision depends on."""
    found = conditions_of(session, decisions[0].decision_id) if decisions else []
    return tuple(
        ConditionFacts(text=one.text, owner=name, due_on=one.due_on, met_at=one.met_at)
        for one, name in found
    )


def _vendor(session: Session, vendor: Vendor, *, owner: str) -> VendorFacts:
    return VendorFacts(
        reference=vendor.reference,
        name=vendor.name,
        legal_name=vendor.legal_name,
        website=vendor.website,
        country=country_name(vendor.country) if vendor.country else "",
        category=vendor.category,
        purpose=vendor.purpose,
        state=word(vendor.state),
        owner=owner,
        tier=vendor.tier,
        is_tier_provisional=vendor.is_tier_provisional,
        computed_tier=vendor.computed_tier,
        registered_at=vendor.created_at.replace(microsecond=0),
        next_review_on=vendor.next_review_on,
        contacts=tuple(
            ContactFacts(name=one.name, role=word(one.role), job_title=one.job_title)
            for one in contacts_of(session, vendor.id)
        ),
    )


def _verdict(
    facts: Facts,
    standing: Standing,
    risk: StandingFacts,
    decision: DecisionFacts | None,
    conditions: int,
) -> VerdictFacts:
    statuses = [gate.status.value for gate in risk.gates]
    made = verdict_of(
        Known(
            outcome=decision.outcome.value if decision else None,
            is_final=decision is not None and decision.is_final,
            has_submitted=any(told.is_submitted for told in facts.told),
            conditions=conditions,
            band=risk.band.text if risk.band else "",
            claimed=standing.claimed,
            evidenced=standing.evidenced,
            gates_failed=statuses.count("failed"),
            gates_open=statuses.count("unanswered"),
            clauses_met=standing.clauses.met,
            clauses_required=standing.clauses.required,
            findings_open=len(standing.open_findings),
            note=decision.note if decision else "",
        )
    )
    return VerdictFacts(text=made.text, tone=made.tone, reasons=made.reasons)
