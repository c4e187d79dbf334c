"""Reading what falls due: one statement for each kind, through an index of its open things."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import Session

from contracts.matrix_models import ResponsibilityMatrix
from contracts.models import Contract
from evidence.models import Evidence
from questionnaires.models import Assessment
from reminders import standing
from reminders.ladders import Kind, Span, due_within, ladder_of
from reviews.attestation_models import Attestation
from reviews.decision_models import Condition, Decision
from reviews.models import Finding, Review
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.tier_model import Pace

Column = Any  # a mapped column of any type
Ids = Mapping[Kind, Collection[UUID]]
MATRIX = "PCI responsibility matrix"
"""What a matrix is called: it has no title of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A thing with a date, whose it is, and how it is called."""

    kind: Kind
    subject_id: UUID
    due_on: date
    reference: str
    title: str
    owner_id: UUID
    """Who answers for the thing itself: the owner of a finding, condition or exemption."""
    approver_id: UUID | None
    vendor_id: UUID
    vendor: str
    vendor_owner_id: UUID
    is_need_to_know: bool
    tier: int | None


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a kind stands: its date, its words, who answers for it, and what makes it open."""

    table: Any
    due_on: Column
    reference: Column
    title: Column
    owner_id: Column
    is_open: ColumnElement[bool]
    approver_id: Column = None

    def statement(self) -> Select[Any]:
        """Return the statement over open things of vendors that were not put away."""
        columns = [self.table.id, self.due_on, self.reference, self.title, self.owner_id]
        chosen = select(*columns).add_columns(
            Vendor.id, Vendor.name, Vendor.owner_id, Vendor.is_need_to_know, Vendor.tier
        )
        if self.approver_id is not None:
            chosen = chosen.add_columns(self.approver_id)
        if self.table is not Vendor:
            chosen = chosen.join(self.table, self.table.vendor_id == Vendor.id)
        if self.table is Condition:
            chosen = chosen.join(Decision, Decision.id == Condition.decision_id)
        return chosen.where(self.is_open, Vendor.archived_at.is_(None))


_LAST_REVIEWER = select(Review.reviewer_id).where(Review.id == Vendor.cleared_by).scalar_subquery()
"""Who knows a vendor best: whoever reviewed it last."""
SOURCES: Mapping[Kind, _Source] = {
    Kind.ANSWERS: _Source(
        Assessment,
        Assessment.due_on,
        Assessment.reference,
        Assessment.reference,
        Vendor.owner_id,
        standing.is_awaited(),
    ),
    Kind.REVIEW: _Source(
        Vendor,
        Vendor.next_review_on,
        Vendor.reference,
        Vendor.purpose,
        Vendor.owner_id,
        standing.is_in_use() & ~standing.is_asked(),
    ),
    Kind.EVIDENCE: _Source(
        Evidence,
        Evidence.valid_until,
        Evidence.reference,
        Evidence.title,
        Vendor.owner_id,
        standing.is_proof_needed(),
    ),
    Kind.FINDING: _Source(
        Finding,
        Finding.due_on,
        Finding.reference,
        Finding.title,
        Finding.owner_id,
        standing.is_finding_open(),
    ),
    Kind.CONDITION: _Source(
        Condition,
        Condition.due_on,
        Vendor.reference,
        Condition.text,
        Condition.owner_id,
        standing.is_condition_open(),
    ),
    Kind.EXEMPTION: _Source(
        Exemption,
        Exemption.ends_on,
        Vendor.reference,
        Exemption.reason,
        Exemption.owner_id,
        standing.is_exemption_running(),
        Exemption.approver_id,
    ),
    Kind.NOTICE: _Source(
        Contract,
        Contract.notice_deadline_on,
        Contract.reference,
        Contract.title,
        Vendor.owner_id,
        standing.is_contract_running(),
    ),
    Kind.MATRIX: _Source(
        ResponsibilityMatrix,
        ResponsibilityMatrix.valid_until,
        Vendor.reference,
        literal(MATRIX),
        Vendor.owner_id,
        standing.is_matrix_needed(),
    ),
    Kind.WORD: _Source(
        Attestation,
        Attestation.due_on,
        Vendor.reference,
        Vendor.purpose,
        Vendor.owner_id,
        standing.is_word_awaited(),
    ),
    Kind.CHANGE: _Source(
        Attestation,
        Attestation.judge_by,
        Vendor.reference,
        Attestation.declared_name,
        func.coalesce(_LAST_REVIEWER, Vendor.owner_id),
        standing.is_change_waiting(),
    ),
}


def due_things(session: Session, days: Span, pace: Pace, *, also: Ids) -> list[Due]:
    """Return what reaches a rung of its ladder within these days, and the things named in `also`.

    One statement for each kind, and one more for those named.
    """
    return [each for kind in Kind for each in _of_kind(session, kind, days, pace, also)]


def find_due(session: Session, kind: Kind, subject_id: UUID) -> Due | None:
    """Return one open thing with a date, or None."""
    source = SOURCES[kind]
    chosen = source.statement().where(source.table.id == subject_id, source.due_on.is_not(None))
    row = session.execute(chosen).first()
    return None if row is None else _due(kind, tuple(row))


def spans_of(kind: Kind, days: Span, pace: Pace) -> tuple[Span, ...]:
    """Return which dates of a kind reach a rung within these days, for any tier."""
    opens = set(pace.opens_days.values()) if kind is Kind.REVIEW else {None}
    return due_within({rung for each in opens for rung in ladder_of(kind, each)}, days)


def _of_kind(session: Session, kind: Kind, days: Span, pace: Pace, also: Ids) -> Iterable[Due]:
    source, named = SOURCES[kind], also.get(kind)
    chosen = [source.statement().where(*_dated(source, spans_of(kind, days, pace)))]
    if named:
        by_name = source.table.id.in_(named) & source.due_on.is_not(None)
        chosen.append(source.statement().where(by_name))
    rows = (tuple(row) for each in chosen for row in session.execute(each))
    return {row[0]: _due(kind, row) for row in rows}.values()


def _dated(source: _Source, spans: Sequence[Span]) -> Iterator[ColumnElement[bool]]:
    """Yield the condition that a date lies in one of some spans.

    The first and last of all are named apart: they are what an index is searched by.
    """
    yield source.due_on >= spans[0].first
    yield source.due_on <= spans[-1].last
    yield or_(*(source.due_on.between(span.first, span.last) for span in spans))


def _due(kind: Kind, row: tuple[Any, ...]) -> Due:
    subject_id, due_on, reference, title, owner_id, *of_vendor = row
    return Due(
        kind=kind,
        subject_id=subject_id,
        due_on=due_on,
        reference=reference,
        title=title,
        owner_id=owner_id,
        vendor_id=of_vendor[0],
        vendor=of_vendor[1],
        vendor_owner_id=of_vendor[2],
        is_need_to_know=of_vendor[3],
        tier=of_vendor[4],
        approver_id=of_vendor[5] if len(of_vendor) > 5 else None,
    )
