"""The vendor's page: where it stands, who has the ball, and everything on record about it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contracts.listing import ContractRow
from evidence.queries import EvidenceRow, evidence_of
from organisation.queries import calendar_of_organisation, time_zone_of_organisation
from questionnaires.queries import AssessmentRow, assessments_of
from questionnaires.rules import WITH_VENDOR, AssessmentState
from reports.ball import Clock, clock_of
from reports.ball_bar import bar_of
from reports.blocking import Blocking, what_blocks
from reports.charts import Stack
from reports.history import Noted, archival_of, entries_about, moves_of, told_of
from reports.history import Told as Happening
from reports.loose_ends import LooseEnds, loose_ends_of
from reports.progress import Passed, Step, Todo, Way, rail, what_is_next
from reports.queries import ReportRow, reports_of
from reviews.case import case_of
from reviews.facts import Facts, gather
from reviews.gates import GateStatus
from reviews.models import Review
from reviews.rows import DecisionRow, decisions_of
from reviews.rules import Outcome, ReviewState
from reviews.standing import Standing, cycles_of, standing_from
from vendors.models import Vendor
from vendors.queries import ContactRow, contacts_of, get_vendor_with_owner, tiering_of
from vendors.rules import VendorState
from vendors.service_models import Service

CLOSED = frozenset({VendorState.ENDED, VendorState.DECLINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorPage:
    """Everything the page prints."""

    vendor: Vendor
    today: date
    services: tuple[tuple[Service, tuple[str, ...]], ...]
    """Each service with the reasons of its tier."""
    standing: Standing
    rail: tuple[Passed, ...]
    todo: Todo
    clock: Clock
    bar: Stack
    """Who had the ball, in the order of time, as a drawing."""
    blocks: tuple[Blocking, ...]
    review: Review | None
    loose: LooseEnds
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
    archival: Noted | None
    """How it was put away, while it is archived and the ledger's newest entries tell."""

    @property
    def owner(self) -> str:
        """Who looks after it, by name."""
        return self.vendor.owner.name

    @property
    def gates(self) -> dict[GateStatus, int]:
        """How many gates stand how."""
        statuses = [gate.status for gate in self.standing.gates]
        return {status: statuses.count(status) for status in GateStatus if status in statuses}

    @property
    def step(self) -> Step | None:
        """The step it is at; None once it has taken all of them, or was let go."""
        return next((one.step for one in self.rail if one.state == "current"), None)


def vendor_page(session: Session, viewer_id: UUID, vendor_id: UUID, at: datetime) -> VendorPage:
    """Return the page of a vendor the person may see, in 25 statements at most. Raises Missing."""
    vendor = get_vendor_with_owner(session, viewer_id, vendor_id)
    zone = ZoneInfo(time_zone_of_organisation(session))
    today = at.astimezone(zone).date()
    cycles = cycles_of(session, vendor_id)
    facts = gather(session, vendor, cycles.telling, today)
    decisions = [one for one in decisions_of(session, vendor_id) if one.withdrawn_at is None]
    standing = standing_from(facts, case_of(facts), _in_force(decisions))
    lists = _lists(session, facts)
    loose = loose_ends_of(session, vendor, standing.decision, today)
    way = _left(
        _way(facts, standing, decisions, lists.assessments),
        (facts, standing, loose, lists),
        is_due_again=cycles.unsent is not None,
    )
    entries = entries_about(session, _subjects(vendor_id, cycles.ids, lists))
    over = sum(one.is_over(today) for one in lists.files)
    clock = _clock(session, vendor, entries, today, zone)
    return VendorPage(
        vendor=vendor,
        today=today,
        services=tuple((one, tiering_of(one).reasons) for one in facts.every_service),
        standing=standing,
        rail=rail(way, today),
        todo=what_is_next(way),
        clock=clock,
        bar=bar_of(clock),
        blocks=what_blocks(way, standing.blockers, clock, late=_late(standing, today), over=over),
        review=facts.review,
        loose=loose,
        waiting_for=next((one for one in lists.assessments if one.state in WITH_VENDOR), None),
        assessments=lists.assessments,
        files=lists.files,
        over=over,
        contracts=list(facts.contracts),
        contacts=lists.contacts,
        decisions=decisions,
        reports=lists.reports,
        history=told_of(entries),
        archival=archival_of(entries) if vendor.is_archived else None,
    )


def _clock(
    session: Session, vendor: Vendor, entries: list[Noted], today: date, zone: ZoneInfo
) -> Clock:
    """Return who had the ball when; it stands still from the day a vendor was archived."""
    until = vendor.archived_at.astimezone(zone).date() if vendor.archived_at else today
    return clock_of(moves_of(entries, zone), until, calendar_of_organisation(session))


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lists of the page; contracts and findings come with the facts."""

    assessments: list[AssessmentRow]
    contacts: list[ContactRow]
    contracts: tuple[ContractRow, ...]
    files: list[EvidenceRow]
    reports: list[ReportRow]


def _lists(session: Session, facts: Facts) -> _Lists:
    vendor_id = facts.vendor.id
    return _Lists(
        assessments=assessments_of(session, vendor_id),
        contacts=contacts_of(session, vendor_id),
        contracts=facts.contracts,
        files=[one for one in evidence_of(session, vendor_id) if one.erased_at is None],
        reports=reports_of(session, vendor_id),
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
) -> Way:
    sent = [one for one in assessments if one.state is not AssessmentState.WITHDRAWN]
    decided = standing.decision
    anew = _sent_since(decided, sent)
    if anew:
        sent, decided = anew, None
        decisions = [one for one in decisions if one.proposed_at > anew[0].sent_at]
    answered = [one.submitted_at for one in sent if one.submitted_at]
    newest = decisions[0] if decisions else None
    asks_more = _asks_more(newest, answered)
    is_open = facts.review is not None and facts.review.state is ReviewState.OPEN
    clauses = standing.clauses
    return Way(
        registered_on=facts.vendor.created_at.date(),
        sent_on=min(one.sent_at for one in sent).date() if sent else None,
        answered_on=min(answered).date() if answered else None,
        reviewed_on=newest.proposed_at.date() if newest else None,
        are_clauses_settled=clauses.required > 0 and not (clauses.open or clauses.missing),
        decided_on=decided.decided_at.date() if decided and decided.decided_at else None,
        has_contract=any(row.contract_id for row in clauses.rows) or not clauses.uncovered,
        is_with_vendor=any(one.state in WITH_VENDOR for one in sent),
        waits_for_signatures=newest is not None and newest.is_waiting,
        is_being_reviewed=is_open and bool(answered) and not asks_more,
        asks_more=asks_more,
        asked_on=max(
            (one.sent_at.date() for one in sent if one.state in WITH_VENDOR), default=None
        ),
    )


def _left(way: Way, known: tuple[Facts, Standing, LooseEnds, _Lists], *, is_due_again: bool) -> Way:
    """Return the way with what is left to be settled."""
    facts, standing, loose, lists = known
    return replace(
        way,
        is_due_again=is_due_again,
        has_contact=bool(lists.contacts),
        is_active=facts.vendor.state in {VendorState.ACTIVE, VendorState.OFFBOARDING},
        is_closed=facts.vendor.state in CLOSED or facts.vendor.is_archived,
        checklist=loose.checklist,
        has_late_condition=loose.late_condition is not None,
        has_running_contract=any(one.runs_on for one in facts.contracts),
        has_open_finding=bool(standing.open_findings),
    )


def _sent_since(decided: DecisionRow | None, sent: list[AssessmentRow]) -> list[AssessmentRow]:
    """Return what was sent after the decision in force, the oldest first: a reassessment."""
    if decided is None or decided.decided_at is None:
        return []
    since = decided.decided_at
    return sorted((one for one in sent if one.sent_at > since), key=lambda one: one.sent_at)


def _asks_more(newest: DecisionRow | None, answered: list[datetime]) -> bool:
    """Say whether more was asked for, and no answers came in since."""
    if newest is None or newest.outcome is not Outcome.MORE_NEEDED or newest.decided_at is None:
        return False
    return not answered or max(answered) <= newest.decided_at


def _late(standing: Standing, today: date) -> int:
    return sum(one.is_overdue(today) for one in standing.open_findings)


def _subjects(vendor_id: UUID, review_ids: Iterable[UUID], lists: _Lists) -> list[UUID]:
    """Return everything about which the vendor's history speaks."""
    return [
        vendor_id,
        *review_ids,
        *(one.assessment_id for one in lists.assessments),
        *(one.contract_id for one in lists.contracts),
        *(one.evidence_id for one in lists.files),
        *(one.report_id for one in lists.reports),
    ]
