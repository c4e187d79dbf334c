"""The sweep: asks what is due, claims it, writes the letters. Safe to run at any time, twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from audit.actions import SYSTEM
from contracts.deadline_commands import end_after_notice, roll_deadlines
from foundation.db import Database
from mail.delivery import deliver_due
from organisation.queries import time_zone_of_organisation
from reminders import letters, queries
from reminders.commands import claim
from reminders.rules import Step, Window, next_step, opens_on
from reviews.commands import open_review
from vendors.exemption_commands import lapse_overrides
from vendors.queries import get_vendor_for_system
from vendors.tier_versions import model_in_force


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    nudges: int
    reassessments: int
    sent: int
    failed: int

    def __str__(self) -> str:
        """Say it in one line for the log and the heartbeat."""
        return (
            f"{self.nudges} nudges, {self.reassessments} reassessments opened, "
            f"{self.sent} letters sent, {self.failed} failed"
        )


def run(database: Database, at: datetime) -> Swept:
    """Do everything that is due at a moment, each thing in a transaction of its own."""
    nudges = nudge_vendors(database, at)
    opened = open_reassessments(database, at)
    follow_the_calendar(database, at)
    delivered = deliver_due(database, at)
    return Swept(nudges, opened, delivered.sent, delivered.failed)


def nudge_vendors(database: Database, at: datetime) -> int:
    """Take the one step that is due for every assessment a vendor holds."""
    with database.reading() as session:
        zone = ZoneInfo(time_zone_of_organisation(session))
        waiting = queries.assessments_with_vendors(session)
        stamps = queries.stamps_of(
            session, queries.ASSESSMENT, [(w.assessment_id, w.window.due_on) for w in waiting]
        )
    taken = 0
    for one in waiting:
        window = Window(one.window.sent_at.astimezone(zone), one.window.due_on)
        step = next_step(window, stamps[one.assessment_id], at.astimezone(zone))
        if step is not None:
            with database.writing() as session:
                taken += _nudge(session, one, step, at)
    return taken


def _nudge(session: Session, one: queries.Waiting, step: Step, at: datetime) -> int:
    is_mine = claim(
        session,
        (queries.ASSESSMENT, one.assessment_id),
        step,
        due_on=one.window.due_on,
        recipient_id=one.contact_person_id,
        at=at,
    )
    if not is_mine:
        return 0
    letters.nudge(session, one, step, at)
    return 1


def open_reassessments(database: Database, at: datetime) -> int:
    """Open the review of every active vendor whose window before the due date has begun."""
    with database.reading() as session:
        today = at.astimezone(ZoneInfo(time_zone_of_organisation(session))).date()
        pace = model_in_force(session).pace
        horizon = max(pace.opens_days.values())
        coming = [
            one
            for one in queries.reviews_coming(session, until=today + timedelta(days=horizon))
            if opens_on(one.next_review_on, one.tier, pace) <= today
        ]
    opened = 0
    for one in coming:
        with database.writing() as session:
            opened += _open(session, one, at)
    return opened


def follow_the_calendar(database: Database, at: datetime) -> None:
    """End lowered tiers and contracts whose time is over; roll deadlines of renewed ones."""
    with database.writing() as session:
        today = at.astimezone(ZoneInfo(time_zone_of_organisation(session))).date()
        lapse_overrides(session, today=today, at=at)
        end_after_notice(session, today=today, at=at)
        roll_deadlines(session, today=today)


def _open(session: Session, one: queries.Coming, at: datetime) -> int:
    is_mine = claim(
        session,
        (queries.REASSESSMENT, one.vendor_id),
        "open",
        due_on=one.next_review_on,
        recipient_id=one.owner_id,
        at=at,
    )
    if not is_mine:
        return 0
    vendor = get_vendor_for_system(session, one.vendor_id)
    open_review(session, vendor, kind="reassessment", by=SYSTEM, at=at)
    letters.reassessment(session, one, at)
    return 1
