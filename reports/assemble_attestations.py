"""The dossier's part about the vendor's word between reviews: asked when, said by whom, what."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from reports.dossier_past import AttestationFacts
from reports.words import word
from reviews.attestation_queries import AttestationRow, attestations_of


def attestation_facts(session: Session, vendor_id: UUID, on: date) -> tuple[AttestationFacts, ...]:
    """Return the last asking and, where that has no word, the last word; none yet is empty."""
    rows = attestations_of(session, vendor_id)
    last_word = next((row for row in rows if row.declared_at is not None), None)
    shown = dict.fromkeys(row.attestation_id for row in (*rows[:1], last_word) if row is not None)
    return tuple(_facts(row, on) for row in rows if row.attestation_id in shown)


def _facts(row: AttestationRow, on: date) -> AttestationFacts:
    return AttestationFacts(
        asked_at=row.asked_at.replace(microsecond=0),
        since_on=row.since_on,
        due_on=row.due_on,
        state=word(row.state),
        is_overdue=row.is_overdue(on),
        changes=tuple((word(kind), sentence) for kind, sentence in row.told),
        declared_at=row.declared_at.replace(microsecond=0) if row.declared_at else None,
        declared_by=row.declared_name,
        declared_role=row.declared_role,
        judge_by=row.judge_by,
        judged_at=row.judged_at.replace(microsecond=0) if row.judged_at else None,
        judged_by=row.judged_by or "",
        reason=row.reason,
        review=row.review or "",
    )
