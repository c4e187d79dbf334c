"""The dossier's part about papers: contracts with clauses, evidence, exemptions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.coverage import ClauseRow, Coverage
from contracts.listing import ContractRow
from evidence.queries import EvidenceRow
from identity.queries import names_of
from reports.dossier_papers import (
    ClauseFacts,
    ContractFacts,
    CoverageFacts,
    EvidenceFacts,
    ExemptionFacts,
)
from reports.dossier_parts import Word
from reports.words import word
from reviews.standing import Standing
from vendors.inventory_models import Exemption
from vendors.rules import Visibility


class People:
    """The names of people, read once."""

    def __init__(self, session: Session) -> None:
        """Start knowing nobody."""
        self._session = session
        self._names: dict[UUID, str] = {}

    def load(self, person_ids: Iterable[UUID]) -> None:
        """Read the names of these people."""
        self._names |= names_of(self._session, person_ids)

    def name(self, person_id: UUID | None) -> str:
        """Return a name; nobody is an empty one."""
        return self._names.get(person_id, "") if person_id else ""


def contracts(rows: Iterable[ContractRow], standing: Standing) -> tuple[ContractFacts, ...]:
    """Return the contracts, each with the clauses it needs now."""
    clauses: dict[UUID | None, list[ClauseRow]] = defaultdict(list)
    for row in standing.clauses.rows:
        clauses[row.contract_id].append(row)
    found = [
        ContractFacts(
            reference=row.reference,
            title=row.title,
            state=word(row.state),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            notice_deadline_on=row.notice_deadline_on,
            notice_given_on=row.notice_given_on,
            leaves_on=row.leaves_on,
            clauses=tuple(map(_clause, clauses[row.contract_id])),
        )
        for row in rows
    ]
    if clauses[None]:
        names = ", ".join(standing.clauses.uncovered)
        found.append(
            ContractFacts(
                reference="None",
                title=f"no contract covers {names}",
                state=Word("none", "No contract", "bad"),
                clauses=tuple(map(_clause, clauses[None])),
            )
        )
    return tuple(found)


def _clause(row: ClauseRow) -> ClauseFacts:
    return ClauseFacts(
        code=row.code,
        title=row.title,
        status=word(row.status),
        is_settled=row.gap is None,
        required=row.required,
        found=row.found_value,
        page=row.page,
        sentence=row.gap or row.deviation or row.waiver_reason,
    )


def coverage_facts(coverage: Coverage) -> CoverageFacts:
    """Return the counts of the clauses."""
    return CoverageFacts(
        required=coverage.required,
        met=coverage.met,
        waived=coverage.waived,
        open=coverage.open,
        missing=coverage.missing,
    )


def evidence(
    rows: Iterable[EvidenceRow], cited: Mapping[UUID, int], on: date
) -> tuple[EvidenceFacts, ...]:
    """Return the register of files; one whose bytes were erased is left out."""
    return tuple(
        EvidenceFacts(
            reference=row.reference,
            title=row.title,
            kind=word(row.kind),
            original_name=row.original_name,
            size=row.size,
            sha256=row.sha256,
            scan=word(row.scan_state),
            uploaded_at=row.uploaded_at.replace(microsecond=0),
            uploaded_by=row.uploaded_by,
            is_over=row.is_over(on),
            issued_on=row.issued_on,
            valid_until=row.valid_until,
            times_cited=cited.get(row.evidence_id, 0),
            is_internal=row.visibility is Visibility.INTERNAL,
        )
        for row in sorted(rows, key=lambda row: row.reference)
        if row.erased_at is None
    )


def answerable(exemptions: Iterable[Exemption]) -> list[UUID]:
    """Return everybody who answers for a rule set aside."""
    found = ((one.owner_id, one.approver_id) for one in exemptions)
    return [person_id for pair in found for person_id in pair if person_id]


def exemption_facts(one: Exemption, names: People) -> ExemptionFacts:
    """Return a waiver, an accepted risk or an override."""
    return ExemptionFacts(
        kind=word(one.kind),
        reason=one.reason,
        owner=names.name(one.owner_id),
        approver=names.name(one.approver_id),
        compensating_control=one.compensating_control,
        ends_on=one.ends_on,
        frozen_rating=one.frozen_rating,
    )
