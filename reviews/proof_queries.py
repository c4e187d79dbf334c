"""Which files prove something today, as a condition of a statement over evidence."""

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from evidence.models import Evidence
from evidence.rules import GIVEN_OUT, EvidenceKind
from questionnaires.answer_models import Citation
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from reviews.models import Review, ReviewAssessment
from vendors.rules import PciScope
from vendors.service_models import Service

LONG_OUTAGE = 3
"""The criticality from which G9 asks for a restore test."""


def counts_now() -> ColumnElement[bool]:
    """Say whether a file proves something: an answer of the newest cycle, a gate, or on its own.

    A file that only answers of an earlier cycle cite, or withdrawn ones, proves nothing any more.
    One that no answer ever cited was put on record for its own sake.
    """
    return and_(
        Evidence.scan_state.in_(GIVEN_OUT),
        or_(_is_cited_now(), _feeds_a_gate(), ~_was_cited()),
    )


def has_a_newer_one() -> ColumnElement[bool]:
    """Say whether another file of the vendor took this one's place.

    It replaces it by name, or is of its kind and ends later. One that never ends takes the place
    only of a file that no answer of the newest cycle rests on.
    """
    newer = aliased(Evidence)
    never_ends = newer.valid_until.is_(None) & (newer.uploaded_at > Evidence.uploaded_at)
    lasts_longer = or_(newer.valid_until > Evidence.valid_until, and_(never_ends, ~_is_cited_now()))
    return exists().where(
        newer.vendor_id == Evidence.vendor_id,
        newer.erased_at.is_(None),
        newer.scan_state.in_(GIVEN_OUT),
        newer.id != Evidence.id,
        or_(newer.supersedes_id == Evidence.id, (newer.kind == Evidence.kind) & lasts_longer),
    )


def _was_cited() -> ColumnElement[bool]:
    return exists().where(Citation.evidence_id == Evidence.id)


def _is_cited_now() -> ColumnElement[bool]:
    """Say whether an answer of the newest cycle rests on the file of the statement around it.

    Said by hand: two statements deep SQLAlchemy would read every file there is instead.
    """
    return (
        exists()
        .where(
            Citation.evidence_id == Evidence.id,
            Assessment.id == Citation.assessment_id,
            Assessment.state != AssessmentState.WITHDRAWN,
            ~_is_of_an_earlier_cycle(),
        )
        .correlate(Evidence)
    )


def _is_of_an_earlier_cycle() -> ColumnElement[bool]:
    """Say whether a later review of the vendor has answers of its own."""
    later, joined, answered = aliased(Review), aliased(ReviewAssessment), aliased(Assessment)
    return (
        exists()
        .where(
            ReviewAssessment.assessment_id == Assessment.id,
            Review.id == ReviewAssessment.review_id,
            later.vendor_id == Review.vendor_id,
            later.cycle > Review.cycle,
            joined.review_id == later.id,
            answered.id == joined.assessment_id,
            answered.submitted_at.is_not(None),
            answered.state != AssessmentState.WITHDRAWN,
        )
        .correlate(Assessment)
    )


def _feeds_a_gate() -> ColumnElement[bool]:
    """Say whether G4 or G9 applies and asks for a file of this kind, cited or not."""
    is_ours = and_(Service.vendor_id == Evidence.vendor_id, Service.archived_at.is_(None))
    touches_cards = exists().where(is_ours, Service.pci_scope != PciScope.NONE)
    is_missed_soon = exists().where(
        is_ours, or_(Service.criticality.is_(None), Service.criticality >= LONG_OUTAGE)
    )
    return or_(
        (Evidence.kind == EvidenceKind.PCI_AOC) & touches_cards,
        (Evidence.kind == EvidenceKind.RESTORE_TEST) & is_missed_soon,
    )
