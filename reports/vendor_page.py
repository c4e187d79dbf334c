"""The vendor's page: where it stands, who has the ball, and everything on record about it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.listing import ContractRow
from foundation.dates import day_in
from organisation.queries import calendar_of_organisation, time_zone_of_organisation
from questionnaires.queries import AssessmentRow, assessments_of
from reports.ball import Clock, clock_of
from reports.ball_bar import bar_of
from reports.ball_queries import BallRow, find_ball
from reports.blocking import Blocking, what_blocks
from reports.charts import Stack
from reports.history import Noted, archival_of, entries_about, moves_of, told_of
from reports.history import Told as Happening
from reports.loose_ends import LooseEnds, Proof, loose_ends_of, proof_of
from reports.progress import Passed, Step, Todo, Way, rail, what_is_next
from reports.queries import ReportRow, reports_of
from reports.way import cycle_of, outcomes_of, way_of
from reviews.case import case_of
from reviews.facts import Facts, gather
from reviews.gates import GateStatus
from reviews.models import Review
from reviews.rows import DecisionRow, decisions_of
from reviews.rules import Outcome
from reviews.standing import Standing, cycles_of, standing_from
from reviews.turns import Turn, is_review_late
from vendors.models import Vendor
from vendors.queries import ContactRow, contacts_of, get_vendor_with_owner, tiering_of
from vendors.rules import OVER
from vendors.service_models import Service


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
    ball: BallRow | None
    """Whose move it is, as the first page has it; None once the vendor is on no way."""
    held: int
    """Working days whoever has the ball has had it."""
    clock: Clock
    bar: Stack
    """Who had the ball, in the order of time, as a drawing."""
    blocks: tuple[Blocking, ...]
    review: Review | None
    loose: LooseEnds
    waiting_for: AssessmentRow | None
    assessments: list[AssessmentRow]
    proof: Proof
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
    def turn(self) -> Turn:
        """Whose move it is."""
        return self.ball.turn if self.ball else Turn.NOBODY

    @property
    def is_again(self) -> bool:
        """Whether this is a later cycle than its first."""
        return self.rail[0].step is Step.AGAIN

    @property
    def outcomes(self) -> dict[UUID, Outcome]:
        """What was decided about the vendor where an assessment was closed."""
        return outcomes_of(self.decisions, self.assessments)

    @property
    def may_be_asked(self) -> bool:
        """Whether anything is asked of it: not once it is over or was put away."""
        return self.vendor.state not in OVER and not self.vendor.is_archived

    @property
    def is_review_late(self) -> bool:
        """Whether it is used past the day of its next review."""
        return is_review_late(self.vendor.state, self.vendor.next_review_on, self.today)

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
    """Return the page of a vendor the person may see. Raises Missing.

    In 23 statements at most, and one more once something was decided about it.
    """
    vendor = get_vendor_with_owner(session, viewer_id, vendor_id)
    zone = time_zone_of_organisation(session)
    today = day_in(at, zone)
    cycles = cycles_of(session, vendor_id)
    facts = gather(session, vendor, cycles.telling, today)
    decisions = [one for one in decisions_of(session, vendor_id) if one.withdrawn_at is None]
    standing = standing_from(facts, case_of(facts), _in_force(decisions))
    lists = _lists(session, facts)
    loose = loose_ends_of(session, vendor, standing.decision, today, was_decided=bool(decisions))
    ball = find_ball(session, vendor_id)
    cycle = cycle_of(facts, cycles.every, decisions, lists.assessments, ball, zone)
    way = replace(way_of(cycle, facts, standing, loose, ball), has_contact=bool(lists.contacts))
    names = _names(vendor_id, cycles.every, lists)
    entries = entries_about(session, names)
    calendar = calendar_of_organisation(session)
    clock = clock_of(moves_of(entries, zone), _until(vendor, today, zone), calendar)
    return VendorPage(
        vendor=vendor,
        today=today,
        services=tuple((one, tiering_of(one).reasons) for one in facts.every_service),
        standing=standing,
        rail=rail(way, today),
        todo=what_is_next(way),
        ball=ball,
        held=calendar.between(ball.since_on, today) if ball else 0,
        clock=clock,
        bar=bar_of(clock),
        blocks=_blocks(way, standing, clock, lists.proof),
        review=facts.review,
        loose=loose,
        waiting_for=_waiting_for(ball, lists.assessments),
        assessments=lists.assessments,
        proof=lists.proof,
        contracts=list(facts.contracts),
        contacts=lists.contacts,
        decisions=decisions,
        reports=lists.reports,
        history=told_of(entries, zone, names),
        archival=archival_of(entries) if vendor.is_archived else None,
    )


def _until(vendor: Vendor, today: date, zone: str) -> date:
    """Return until when the clock runs: it stands still once a vendor was archived."""
    return day_in(vendor.archived_at, zone) if vendor.archived_at else today


def _blocks(way: Way, standing: Standing, clock: Clock, proof: Proof) -> tuple[Blocking, ...]:
    late = len(standing.late_findings)
    return what_blocks(way, standing.blockers, clock, late=late, over=proof.over)


def _waiting_for(ball: BallRow | None, sent: Iterable[AssessmentRow]) -> AssessmentRow | None:
    """Return what the vendor holds, while it has the ball."""
    if ball is None or ball.turn is not Turn.VENDOR:
        return None
    return next((one for one in sent if one.assessment_id == ball.assessment_id), None)


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lists of the page; contracts and findings come with the facts."""

    assessments: list[AssessmentRow]
    contacts: list[ContactRow]
    contracts: tuple[ContractRow, ...]
    proof: Proof
    reports: list[ReportRow]


def _lists(session: Session, facts: Facts) -> _Lists:
    vendor_id = facts.vendor.id
    return _Lists(
        assessments=assessments_of(session, vendor_id),
        contacts=contacts_of(session, vendor_id),
        contracts=facts.contracts,
        proof=proof_of(session, vendor_id, facts.on),
        reports=reports_of(session, vendor_id),
    )


def _in_force(decisions: Iterable[DecisionRow]) -> DecisionRow | None:
    return next(
        (one for one in decisions if one.is_final and one.outcome is not Outcome.MORE_NEEDED), None
    )


def _names(vendor_id: UUID, reviews: Iterable[Review], lists: _Lists) -> dict[UUID, str]:
    """Return everything about which the vendor's history speaks, with what it is called by."""
    return {
        vendor_id: "",
        **{one.id: one.reference for one in reviews},
        **{one.assessment_id: one.reference for one in lists.assessments},
        **{one.contract_id: one.reference for one in lists.contracts},
        **lists.proof.files,
        **{one.report_id: one.reference for one in lists.reports},
    }
