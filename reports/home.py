"""What waits for whoever signs in: real lists, each only for those who can act on it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from accounts.permissions import Permission
from accounts.signin import StaffMember
from contracts.queries import NoticeRow, notice_deadlines
from questionnaires.models import Assessment
from questionnaires.rules import WITH_VENDOR, AssessmentState
from reviews.looks import Ball
from reviews.queries import (
    InboxRow,
    WaitingRow,
    find_review,
    get_waiting_decision,
    inbox,
    list_findings,
    list_waiting,
)
from reviews.rows import FindingRow
from reviews.signing import roles_that_help
from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.rules import VendorState

NOTICE_AHEAD = timedelta(days=90)
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class UnaskedRow:
    """A vendor of ours nobody has sent a questionnaire to."""

    vendor_id: UUID
    reference: str
    name: str
    tier: int | None
    is_provisional: bool
    computed_tier: int | None


@dataclass(frozen=True, slots=True)
class AwayRow:
    """An assessment the vendor has."""

    assessment_id: UUID
    reference: str
    vendor_id: UUID
    vendor: str
    state: AssessmentState
    due_on: date
    n_answered: int
    n_visible: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The lists of the first page; None hides a list from those who cannot act on it."""

    unasked: list[UnaskedRow] | None = None
    away: list[AwayRow] | None = None
    to_review: list[InboxRow] | None = None
    unclaimed: list[WaitingRow] = field(default_factory=list)
    to_sign: list[InboxRow] | None = None
    notices: list[NoticeRow] | None = None
    findings: list[FindingRow] | None = None

    @property
    def count(self) -> int:
        """How many things wait for us; what the vendors have is not counted."""
        mine = (self.unasked, self.to_review, self.unclaimed, self.to_sign, self.findings)
        return sum(len(rows) for rows in mine if rows)


def home_of(session: Session, viewer: StaffMember, today: date) -> Home:
    """Return what waits for this member of staff."""
    viewer_id = viewer.person_id
    reads_reviews = viewer.may(Permission.REVIEW_READ)
    open_reviews = inbox(session, viewer_id) if reads_reviews else []
    judges, signs = viewer.may(Permission.REVIEW_JUDGE), viewer.may(Permission.REVIEW_SIGN)
    return Home(
        unasked=_unasked(session, viewer_id) if viewer.may(Permission.ASSESSMENT_SEND) else None,
        away=_away(session, viewer_id) if viewer.may(Permission.ASSESSMENT_SEND) else None,
        to_review=_to_review(open_reviews) if judges else None,
        unclaimed=list_waiting(session, viewer_id) if judges else [],
        to_sign=_to_sign(session, viewer, open_reviews) if signs else None,
        notices=_notices(session, viewer_id, today)
        if viewer.may(Permission.CONTRACT_READ)
        else None,
        findings=_overdue(session, viewer_id, today) if reads_reviews else None,
    )


def _unasked(session: Session, viewer_id: UUID) -> list[UnaskedRow]:
    sent = exists().where(
        Assessment.vendor_id == Vendor.id, Assessment.state != AssessmentState.WITHDRAWN
    )
    chosen = (
        select(
            Vendor.id,
            Vendor.reference,
            Vendor.name,
            Vendor.tier,
            Vendor.is_tier_provisional,
            Vendor.computed_tier,
        )
        .where(
            Vendor.owner_id == viewer_id,
            Vendor.state == VendorState.ONBOARDING,
            Vendor.archived_at.is_(None),
            ~sent,
        )
        .order_by(Vendor.created_at, Vendor.id)
        .limit(MOST_SHOWN)
    )
    return [UnaskedRow(*row) for row in session.execute(chosen)]


def _away(session: Session, viewer_id: UUID) -> list[AwayRow]:
    columns: tuple[Any, ...] = (
        Assessment.id,
        Assessment.reference,
        Vendor.id,
        Vendor.name,
        Assessment.state,
        Assessment.due_on,
        Assessment.n_answered,
        Assessment.n_visible,
    )
    chosen = (
        select(*columns)
        .join(Vendor, Vendor.id == Assessment.vendor_id)
        .where(Assessment.state.in_(WITH_VENDOR), visible_vendors(viewer_id))
        .order_by(Assessment.due_on, Assessment.reference)
        .limit(MOST_SHOWN)
    )
    return [AwayRow(*row) for row in session.execute(chosen)]


def _to_review(rows: list[InboxRow]) -> list[InboxRow]:
    return [row for row in rows if row.ball is Ball.US and row.submitted_at is not None]


def _to_sign(session: Session, viewer: StaffMember, rows: list[InboxRow]) -> list[InboxRow]:
    """Keep the decisions that this person's signature would bring forward."""
    waiting = [row for row in rows if row.ball is Ball.SIGNERS][:MOST_SHOWN]
    return [row for row in waiting if _may_sign(session, viewer, row)]


def _may_sign(session: Session, viewer: StaffMember, row: InboxRow) -> bool:
    review = find_review(session, viewer.person_id, row.review_id)
    if review is None:
        return False
    decision = get_waiting_decision(session, review)
    return bool(roles_that_help(session, decision, viewer.author))


def _notices(session: Session, viewer_id: UUID, today: date) -> list[NoticeRow]:
    rows = notice_deadlines(session, today, today + NOTICE_AHEAD)
    wanted = {row.vendor_id for row in rows}
    seen = select(Vendor.id).where(Vendor.id.in_(wanted), visible_vendors(viewer_id))
    visible = set(session.scalars(seen)) if wanted else set()
    return [row for row in rows if row.vendor_id in visible][:MOST_SHOWN]


def _overdue(session: Session, viewer_id: UUID, today: date) -> list[FindingRow]:
    rows = list_findings(session, viewer_id)
    return [row for row in rows if row.is_overdue(today)][:MOST_SHOWN]
