"""What several parts of a dossier are made of, read once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from foundation.dates import day_in
from organisation.queries import time_zone_of_organisation
from reports.assemble_papers import People, answerable
from reports.queries import conditions_of, findings_in_full
from reviews.case import Case, case_of
from reviews.decision_models import Condition
from reviews.facts import Facts, gather
from reviews.models import Finding
from reviews.rows import DecisionRow, FindingRow, decisions_of
from reviews.standing import Standing, standing_from, telling_review
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.queries import exemptions_of


@dataclass(frozen=True, slots=True)
class Read:
    """The facts of a vendor with everything that hangs on them."""

    facts: Facts
    case: Case
    standing: Standing
    decisions: tuple[DecisionRow, ...]
    """Those not withdrawn, the newest first."""
    exemptions: tuple[Exemption, ...]
    findings: tuple[tuple[Finding, FindingRow], ...]
    conditions: tuple[tuple[Condition, str], ...]
    """Of the newest decision, with who answers for each; none while it is only proposed."""
    people: People
    zone: str

    def name(self, person_id: UUID | None) -> str:
        """Return somebody's name; nobody's is empty."""
        return self.people.name(person_id)


def read(session: Session, vendor: Vendor, as_of: datetime) -> Read:
    """Read a vendor as of a moment; its day is that of the organisation's zone."""
    zone = time_zone_of_organisation(session)
    facts = gather(session, vendor, telling_review(session, vendor.id), day_in(as_of, zone))
    case = case_of(facts)
    decisions = tuple(one for one in decisions_of(session, vendor.id) if one.withdrawn_at is None)
    found = Read(
        facts=facts,
        case=case,
        standing=standing_from(facts, case, None),
        decisions=decisions,
        exemptions=tuple(exemptions_of(session, vendor.id)),
        findings=tuple(findings_in_full(session, vendor.id)),
        conditions=tuple(conditions_of(session, decisions[0].decision_id) if decisions else ()),
        people=People(session),
        zone=zone,
    )
    found.people.load(_everybody(found))
    return found


def _everybody(found: Read) -> list[UUID]:
    review = found.facts.review
    named = [
        found.facts.vendor.owner_id,
        review.reviewer_id if review else None,
        *answerable(found.exemptions),
        *(finding.raised_by_id for finding, _ in found.findings),
        *(condition.met_by_id for condition, _ in found.conditions),
        *(UUID(kept["owner_id"]) for one in found.decisions[:1] for kept in proposed(one)),
    ]
    return [person_id for person_id in named if person_id]


def proposed(row: DecisionRow) -> list[dict[str, str]]:
    """Return the conditions a proposal names: text, due_on and owner_id."""
    kept: list[dict[str, str]] = row.basis["conditions"]
    return kept
