"""The dossier's part about the vendor, what was recommended, and what that depends on."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from organisation.queries import second_language_of_reports
from organisation.rules import SecondLanguage
from reports import urdu
from reports.dossier_parts import (
    ConditionFacts,
    ContactFacts,
    DecisionFacts,
    SecondSummaryFacts,
    StandingFacts,
    VendorFacts,
    VerdictFacts,
)
from reports.reading import Read, proposed
from reports.rules import Known, verdict_of
from reports.words import word
from vendors.countries import country_name
from vendors.queries import contacts_of


def vendor_facts(session: Session, read: Read) -> VendorFacts:
    """Return who the vendor is."""
    vendor = read.facts.vendor
    return VendorFacts(
        reference=vendor.reference,
        name=vendor.name,
        legal_name=vendor.legal_name,
        website=vendor.website,
        country=country_name(vendor.country) if vendor.country else "",
        category=vendor.category,
        purpose=vendor.purpose,
        state=word(vendor.state),
        owner=read.name(vendor.owner_id),
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


def conditions(read: Read) -> tuple[ConditionFacts, ...]:
    """Return what the newest decision depends on, or would depend on once it is signed."""
    if not read.conditions:
        return tuple(
            ConditionFacts(
                text=kept["text"],
                owner=read.name(UUID(kept["owner_id"])),
                due_on=date.fromisoformat(kept["due_on"]),
            )
            for one in read.decisions[:1]
            for kept in proposed(one)
        )
    return tuple(
        ConditionFacts(
            text=one.text,
            owner=owner,
            due_on=one.due_on,
            met_at=one.met_at.replace(microsecond=0) if one.met_at else None,
            met_by=read.name(one.met_by_id),
            met_note=one.met_note,
        )
        for one, owner in read.conditions
    )


def known_of(
    read: Read, risk: StandingFacts, decision: DecisionFacts | None, conditions: int
) -> Known:
    """Return what the recommendation is made of."""
    statuses = [gate.status.value for gate in risk.gates]
    return Known(
        outcome=decision.outcome.value if decision else None,
        is_final=decision is not None and decision.is_final,
        has_submitted=any(told.is_submitted for told in read.facts.told),
        conditions=conditions,
        band=risk.band.text if risk.band else "",
        band_value=risk.band.value if risk.band else "",
        claimed=risk.claimed,
        evidenced=risk.evidenced,
        gates_failed=statuses.count("failed"),
        gates_open=statuses.count("unanswered"),
        clauses_met=read.standing.clauses.met,
        clauses_required=read.standing.clauses.required,
        findings_open=len(read.standing.open_findings),
        note=decision.note if decision else "",
    )


def verdict(known: Known) -> VerdictFacts:
    """Return the recommendation in one line, and why."""
    made = verdict_of(known)
    return VerdictFacts(text=made.text, tone=made.tone, reasons=made.reasons)


def second_summary(session: Session, known: Known) -> SecondSummaryFacts | None:
    """Return the same in the language the organisation wants beside English, if it wants one."""
    wanted = second_language_of_reports(session)
    return urdu.summary_of(known) if wanted is SecondLanguage.URDU else None
