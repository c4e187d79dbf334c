"""Reading a vendor's library for its own people: what they brought and may still take back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from audit.actions import ActorKind
from contracts.models import ContractDocument, ContractNotice
from evidence.models import Evidence
from evidence.rules import ScanState
from questionnaires.answer_models import Citation, Submission
from questionnaires.models import Assessment
from vendors.rules import Visibility


@dataclass(frozen=True, slots=True)
class Brought:
    """A file somebody brought, and until when it counts as proof."""

    evidence_id: UUID
    title: str
    uploaded_at: datetime
    valid_until: date | None
    n_answers: int


def brought_by(
    session: Session, person_id: UUID, vendor_ids: Collection[UUID], *, most: int
) -> list[Brought]:
    """Return the files a person brought for these vendors, the newest first."""
    cited = select(func.count()).where(Citation.evidence_id == Evidence.id).scalar_subquery()
    chosen = (
        select(Evidence.id, Evidence.title, Evidence.uploaded_at, Evidence.valid_until, cited)
        .where(
            Evidence.vendor_id.in_(vendor_ids),
            Evidence.visibility == Visibility.VENDOR,
            Evidence.uploaded_by_kind == ActorKind.VENDOR,
            Evidence.uploaded_by_id == person_id,
            Evidence.erased_at.is_(None),
        )
        .order_by(Evidence.uploaded_at.desc(), Evidence.id)
        .limit(most)
    )
    return [Brought(*row) for row in session.execute(chosen)]


def removable_of(session: Session, person_id: UUID, vendor_id: UUID) -> set[UUID]:
    """Return the files a person brought for a vendor that nothing rests on.

    What was there when answers were handed in may be part of them, even if no answer cites it now.
    """
    handed_in = (
        select(Submission.id)
        .join(Assessment, Assessment.id == Submission.assessment_id)
        .where(Assessment.vendor_id == vendor_id, Submission.at >= Evidence.uploaded_at)
    )
    chosen = select(Evidence.id).where(
        Evidence.vendor_id == vendor_id,
        Evidence.visibility == Visibility.VENDOR,
        Evidence.uploaded_by_kind == ActorKind.VENDOR,
        Evidence.uploaded_by_id == person_id,
        Evidence.erased_at.is_(None),
        Evidence.legal_hold.is_(False),
        Evidence.scan_state != ScanState.INFECTED,
        ~exists(select(Citation.id).where(Citation.evidence_id == Evidence.id)),
        ~exists(select(ContractDocument.id).where(ContractDocument.evidence_id == Evidence.id)),
        ~exists(select(ContractNotice.id).where(ContractNotice.letter_id == Evidence.id)),
        ~handed_in.exists(),
    )
    return set(session.scalars(chosen))
