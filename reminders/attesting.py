"""Asking vendors between reviews whether anything has changed: once for each period."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from foundation.db import Database
from organisation.queries import day_of
from reminders import standing
from reminders.commands import Stamp, claim
from reminders.ladders import OPENS, Kind
from reviews.attestation_commands import ask
from reviews.attestation_queries import Speaker, Turn, speakers_of, turns
from reviews.attestation_rules import asks_on, due_on
from vendors.models import Vendor
from vendors.queries import get_vendor_for_system
from vendors.tier_versions import model_in_force

_log = logging.getLogger(__name__)
ASKING = "attestation"
"""The kind of the letter that asks; nobody stops it."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A vendor that is to be asked, for whoever explains a day."""

    on: date
    vendor: str
    speaker: Speaker
    since_on: date
    due_on: date


def ask_all(database: Database, at: datetime) -> int:
    """Ask every vendor whose time has come; return how many were asked."""
    with database.reading() as session:
        today = day_of(session, at)
        due = list(_turns(session, today))
    return sum(_asked(database, one, today, at) for one in due)


def askings(session: Session, today: date) -> Iterator[Asking]:
    """Yield what would be asked by mail by a day, with the day on which its time comes."""
    due, pace = list(_turns(session, today)), model_in_force(session).pace
    speakers = speakers_of(session, [one.vendor_id for one in due])
    for one in due:
        vendor = session.get_one(Vendor, one.vendor_id)
        on, speaker = asks_on(one.since_on, vendor.tier, pace), speakers.get(one.vendor_id)
        if on is not None and speaker is not None:
            last = due_on(today, vendor.tier, pace)
            yield Asking(on, vendor.name, speaker, one.since_on, last)


def _turns(session: Session, today: date) -> Iterator[Turn]:
    pace = model_in_force(session).pace
    return turns(session, pace, today, free=standing.may_be_asked_for_changes())


def _asked(database: Database, one: Turn, today: date, at: datetime) -> bool:
    """Ask one vendor; one that cannot be asked stops no other."""
    stamp = Stamp(
        kind=Kind.WORD,
        subject_id=one.vendor_id,
        step=OPENS,
        due_on=one.since_on,
        vendor_id=one.vendor_id,
    )
    try:
        with database.writing() as session:
            if not claim(session, stamp, at=at):
                return False
            vendor = get_vendor_for_system(session, one.vendor_id)
            ask(session, vendor, since_on=one.since_on, today=today, at=at)
            return True
    except Exception:  # noqa: BLE001  the next vendor's time has come as well
        _log.exception("Vendor %s could not be asked for changes.", one.vendor_id)
        return False
