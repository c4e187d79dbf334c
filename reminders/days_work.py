"""The work of a day, once in the organisation's zone: what opens, is asked, and ends."""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from audit.actions import SYSTEM
from contracts.deadline_commands import end_after_notice, roll_deadlines
from foundation.db import Database
from organisation.queries import day_of
from reminders import attesting
from reminders.commands import Stamp, beat, claim
from reminders.ladders import OPENS, Kind
from reminders.queries import DAYS_WORK, Coming, find_heartbeat, reviews_coming
from reviews.commands import open_review
from vendors.exemption_commands import lapse_overrides
from vendors.queries import get_vendor_for_system
from vendors.tier_versions import model_in_force

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """How many reviews were opened, and how many vendors asked whether anything has changed."""

    opened: int = 0
    asked: int = 0


def do(database: Database, at: datetime) -> Done:
    """Do the day's work unless it is done."""
    with database.reading() as session:
        today = day_of(session, at)
        if is_done(session, today):
            return Done()
    is_followed = _followed(database, at)
    made = Done(open_reassessments(database, at), attesting.ask_all(database, at))
    if is_followed:
        with database.writing() as session:
            beat(session, summary=today.isoformat(), at=at, name=DAYS_WORK)
    return made


def is_done(session: Session, today: date) -> bool:
    """Say whether the work of a day was done."""
    done = find_heartbeat(session, DAYS_WORK)
    return done is not None and done.summary == today.isoformat()


def open_reassessments(database: Database, at: datetime) -> int:
    """Open the review of every vendor in use whose time before the due date has begun."""
    with database.reading() as session:
        pace = model_in_force(session).pace
        coming = list(reviews_coming(session, pace, day_of(session, at)))
    return sum(_opened(database, one, at) for one in coming)


def follow_the_calendar(database: Database, at: datetime) -> None:
    """End lowered tiers and contracts whose time is over; roll deadlines of renewed ones."""
    with database.writing() as session:
        today = day_of(session, at)
        lapse_overrides(session, today=today, at=at)
        end_after_notice(session, today=today, at=at)
        roll_deadlines(session, today=today)


def _followed(database: Database, at: datetime) -> bool:
    """Follow the calendar; what cannot be done is tried again, and holds no reminder back."""
    try:
        follow_the_calendar(database, at)
    except Exception:  # noqa: BLE001  whatever it is, the reminders are due as well
        _log.exception("What ends with the calendar could not be ended.")
        return False
    return True


def _opened(database: Database, one: Coming, at: datetime) -> bool:
    """Open one review; one that cannot be opened stops no other."""
    try:
        with database.writing() as session:
            return _open(session, one, at)
    except Exception:  # noqa: BLE001  the next review is due as well
        _log.exception("The review of vendor %s could not be opened.", one.vendor_id)
        return False


def _open(session: Session, one: Coming, at: datetime) -> bool:
    stamp = Stamp(
        kind=Kind.REVIEW,
        subject_id=one.vendor_id,
        step=OPENS,
        due_on=one.next_review_on,
        vendor_id=one.vendor_id,
    )
    if not claim(session, stamp, at=at):
        return False
    vendor = get_vendor_for_system(session, one.vendor_id)
    open_review(session, vendor, kind="reassessment", by=SYSTEM, at=at)
    return True
