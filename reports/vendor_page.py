"""The vendor's page: where it stands, who has the ball, and everything on record about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contracts.listing import ContractRow
from contracts.queries import contracts_of
from evidence.queries import EvidenceRow, evidence_of
from organisation.queries import time_zone_of_organisation
from questionnaires.queries import AssessmentRow, assessments_of
from questionnaires.rules import WITH_VENDOR, AssessmentState
from reports.history import Told as Happening
from reports.history import history_of
from reports.progress import Passed, Todo, Way, rail, what_is_next
from reports.queries import ReportRow, reports_of
from reviews.case import case_of
from reviews.facts import Facts, gather
from reviews.gates import GateStatus
from reviews.models import Review
from reviews.queries import find_open_review_without_answers
from reviews.rows import DecisionRow, decisions_of
from reviews.rules import Outcome, ReviewState
from reviews.standing import Standing, standing_from, telling_review
from vendors.models import Vendor
from vendors.queries import ContactRow, contacts_of, get_vendor, services_of, tiering_of
from vendors.rules import VendorState
from vendors.service_models import Service

CLOSED = frozenset({VendorState.ENDED, VendorState.DECLINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorPage:
    """Everything the page prints."""

    vendor: Vendor
    owner: str
    today: date
    services: tuple[tuple[Service, tuple[str, ...]], ...]
    """Each service with the reasons of its tier."""
    standing: Standing
    gates: dict[GateStatus, int]
    rail: tuple[Passed, ...]
    todo: Todo
    review: Review | None
    waiting_for: AssessmentRow | None
    assessments: list[AssessmentRow]
    files: list[EvidenceRow]
    over: int
    """How many files are past their validity."""
    contracts: list[ContractRow]
    contacts: list[ContactRow]
    decisions: list[DecisionRow]
    reports: list[ReportRow]
    history: list[Happening]


def vendor_page(session: Session, viewer_id: UUID, vendor_id: UUID, at: datetime) -> VendorPage:
    """Return the page of a vendor the person may see. Raises Missing."""
    vendor = get_vendor(session, viewer_id, vendor_id)
    today = at.astimezone(ZoneInfo(time_zone_of_organisation(session))).date()
    review = telling_review(session, vendor_id)
    facts = gather(session, vendor, review, today)
    decisions = [one for one in decisions_of(session, vendor_id) if one.withdrawn_at is None]
    standing = standing_from(facts, case_of(facts), _in_force(decisions))
    assessments = assessments_of(session, vendor_id)
    contacts = contacts_of(session, vendor_id)
    contracts = contracts_of(session, vendor_id, today=today)
    files = [one for one in evidence_of(session, vendor_id) if one.erased_at is None]
    reports = reports_of(session, vendor_id)
    way = replace(
        _way(facts, standing, decisions, assessments, has_contact=bool(contacts)),
        is_due_again=find_open_review_without_answers(session, vendor_id) is not None,
    )
    subjects = _subjects(vendor_id, review, (assessments, contracts, files, reports, decisions))
    history, owner = history_of(session, subjects, owner_id=vendor.owner_id)
    return VendorPage(
        vendor=vendor,
        owner=owner,
        today=today,
        services=tuple((one, tiering_of(one).reasons) for one in services_of(session, vendor_id)),
        standing=standing,
        gates=_counts(standing),
        rail=rail(way, today),
        todo=what_is_next(way),
        review=review,
        waiting_for=next((one for one in assessments if one.state in WITH_VENDOR), None),
        assessments=assessments,
        files=files,
        over=sum(one.is_over(today) for one in files),
        contracts=contracts,
        contacts=contacts,
        decisions=decisions,
        reports=reports,
        history=history,
    )


def _in_force(decisions: Iterable[DecisionRow]) -> DecisionRow | None:
    return next(
        (one for one in decisions if one.is_final and one.outcome is not Outcome.MORE_NEEDED), None
    )


def _way(
    facts: Facts,
    standing: Standing,
    decisions: list[DecisionRow],
    assessments: list[AssessmentRow],
    *,
    has_contact: bool,
) -> Way:
    sent = [one for one in assessments if one.state is not AssessmentState.WITHDRAWN]
    answered = [one.submitted_at for one in sent if one.submitted_at]
    newest = decisions[0] if decisions else None
    decided = standing.decision
    is_open = facts.review is not None and facts.review.state is ReviewState.OPEN
    vendor, clauses = facts.vendor, standing.clauses
    return Way(
        registered_on=vendor.created_at.date(),
        sent_on=min(one.sent_at for one in sent).date() if sent else None,
        answered_on=min(answered).date() if answered else None,
        reviewed_on=newest.proposed_at.date() if newest else None,
        are_clauses_settled=clauses.required > 0 and not (clauses.open or clauses.missing),
        decided_on=decided.decided_at.date() if decided and decided.decided_at else None,
        is_active=vendor.state in {VendorState.ACTIVE, VendorState.OFFBOARDING},
        is_closed=vendor.state in CLOSED,
        has_contact=has_contact,
        has_contract=any(row.contract_id for row in clauses.rows) or not clauses.uncovered,
        is_with_vendor=any(one.state in WITH_VENDOR for one in sent),
        waits_for_signatures=newest is not None and newest.is_waiting,
        is_being_reviewed=is_open and bool(answered),
    )


def _counts(standing: Standing) -> dict[GateStatus, int]:
    statuses = [gate.status for gate in standing.gates]
    return {status: statuses.count(status) for status in GateStatus if status in statuses}


def _subjects(
    vendor_id: UUID, review: Review | None, lists: tuple[Sequence[object], ...]
) -> list[UUID]:
    names = ("assessment_id", "contract_id", "evidence_id", "report_id", "decision_id")
    found = [vendor_id, *([review.id] if review else [])]
    for name, rows in zip(names, lists, strict=True):
        found += [getattr(row, name) for row in rows]
    return found
