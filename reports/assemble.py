"""Assembling the dossier: every fact of a vendor from the rooms below, read once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.queries import contracts_of
from evidence.queries import evidence_of
from foundation.links import absolute
from organisation.queries import name_of_organisation, page_size_of_reports
from questionnaires.scoring import FORMULA_VERSION
from reports import (
    assemble_answers,
    assemble_chain,
    assemble_papers,
    assemble_past,
    assemble_risk,
    assemble_rules,
    assemble_vendor,
)
from reports.areas import areas_of
from reports.assemble_attestations import attestation_facts
from reports.assemble_matrix import matrix_facts
from reports.changes import changes_between
from reports.dossier import Dossier
from reports.dossier_answers import AssessmentFacts
from reports.dossier_parts import FindingFacts
from reports.printing import TEMPLATE_VERSION
from reports.queries import hashes_of_versions, references_of_assessments
from reports.reading import Read, read
from vendors.queries import get_vendor_for_system, services_of
from vendors.service_models import Service
from vendors.tiering import TIER_MODEL

MODELS = {
    "Formula of the score": FORMULA_VERSION,
    "Layout of the report": TEMPLATE_VERSION,
}
VERIFY = "/verify"
"""Where anybody may ask whether a paper is genuine."""


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
    known = read(session, get_vendor_for_system(session, vendor_id), as_of)
    risk = assemble_risk.standing_facts(known.standing, known.case)
    conditions = assemble_vendor.conditions(known)
    newest = known.decisions[0] if known.decisions else None
    decision = assemble_risk.decision_facts(session, newest) if newest else None
    basis = assemble_vendor.known_of(known, risk, decision, len(conditions))
    made = Dossier(
        reference=reference,
        number=number,
        organisation=name_of_organisation(session),
        as_of=as_of.replace(microsecond=0),
        zone=known.zone,
        prepared_by=prepared_by,
        vendor=assemble_vendor.vendor_facts(session, known),
        verdict=assemble_vendor.verdict(basis),
        second=assemble_vendor.second_summary(session, basis),
        standing=risk,
        conditions=conditions,
        exemptions=tuple(
            assemble_papers.exemption_facts(one, known.people) for one in known.exemptions
        ),
        clarifications=assemble_answers.clarifications(known.facts.told),
        decision=decision,
        verify_at=absolute(VERIFY),
        rules=assemble_rules.rule_facts(known.facts.tier_model),
        page_size=page_size_of_reports(session).value,
    )
    with_answers = _with_answers(session, made, known)
    return _with_past(session, _with_papers(session, with_answers, known), known)


def _with_answers(session: Session, made: Dossier, known: Read) -> Dossier:
    """Return the dossier with services, questionnaires and findings."""
    vendor_id = known.facts.vendor.id
    services = services_of(session, vendor_id)
    assessments = assemble_answers.assessments(
        session, vendor_id, known.facts, hashes_of_versions(session, vendor_id)
    )
    reviewer = known.facts.review.reviewer_id if known.facts.review else None
    return replace(
        made,
        services=tuple(map(assemble_risk.service_facts, services)),
        assessments=assessments,
        areas=areas_of(assessments),
        findings=_findings(session, known, assessments),
        review=assemble_past.review_facts(known.facts, known.name(reviewer)),
        models={"Tier model": _tier_models(services), **MODELS},
    )


def _with_papers(session: Session, made: Dossier, known: Read) -> Dossier:
    """Return the dossier with contracts, files, countries and the companies behind."""
    vendor = known.facts.vendor
    signed = contracts_of(session, vendor.id, today=known.facts.on)
    contracts = assemble_papers.contracts(signed, known.standing)
    files = assemble_papers.evidence(
        evidence_of(session, vendor.id),
        assemble_answers.times_cited(known.facts.told),
        known.facts.on,
    )
    papers = replace(made, contracts=contracts, evidence=files)
    if assemble_chain.touching(papers):
        papers = replace(papers, matrix=matrix_facts(session, vendor.id, known.facts.on))
    return replace(
        papers,
        coverage=assemble_papers.coverage_facts(known.standing.clauses),
        locations=assemble_chain.locations(session, vendor.id),
        sub_processors=assemble_chain.sub_processors(session, vendor.id),
        pci=assemble_chain.pci_duties(papers, vendor.cleared_on),
    )


def _with_past(session: Session, made: Dossier, known: Read) -> Dossier:
    """Return the dossier with the cycle before, what changed since, and the vendor's word."""
    cycle, before_cycle = assemble_past.last_cycle(
        session, known.facts, known.decisions, known.zone
    )
    before = assemble_past.last_report(session, known.facts.vendor) or before_cycle
    changes = changes_between(before, made) if before else None
    words = attestation_facts(session, known.facts.vendor.id, known.facts.on)
    return replace(made, last_cycle=cycle, changes=changes, attestations=words)


def _findings(
    session: Session, known: Read, assessments: Iterable[AssessmentFacts]
) -> tuple[FindingFacts, ...]:
    printed = {one.reference for one in assessments}
    references = references_of_assessments(session, known.facts.vendor.id)
    found = []
    for finding, row in known.findings:
        reference = references.get(row.assessment_id, "") if row.assessment_id else ""
        facts = assemble_risk.finding_facts(
            finding,
            row,
            on=known.facts.on,
            raised_by=known.name(finding.raised_by_id),
            assessment=reference if reference in printed else "",
        )
        found.append(facts)
    return tuple(found)


def _tier_models(services: list[Service]) -> str:
    """Name the version behind each tier; where a new one was published, there can be several."""
    return ", ".join(sorted({one.tier_model for one in services}) or [TIER_MODEL.version])
