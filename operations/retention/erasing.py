"""Erasing what is past its rule: daily, in small batches, by any number of workers."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Action
from audit.commands import record
from evidence.erasing import crypto_erase
from evidence.models import Evidence
from foundation.db import Database
from foundation.errors import Refused
from identity.erasing import DOMAIN
from identity.models import ApiToken, Challenge, FeedToken, Invitation, Person, WebSession
from identity.rules import ERASED_NAME, Author
from mail.erasing import forget_letters
from mail.models import Letter
from operations.person_erasing import erase as erase_person
from operations.retention import due
from operations.vendor_erasing import empty_report, erase_vendor
from organisation.queries import day_of, find_settings, time_zone_of_organisation
from organisation.retention import Kept, lengths
from reminders.commands import beat
from reminders.queries import find_heartbeat
from reports.models import Report
from vendors.models import Vendor

HEARTBEAT = "erasing"
AT_ONCE = 50
"""Records of one transaction: other writers wait for no longer than that."""
DULY = Author(SYSTEM, SYSTEM.id)
BY_RULE = "It was kept as long as the rule says."

log = logging.getLogger(__name__)

Erase = Callable[[Session, list[UUID], datetime], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of record: what is due, and how one of them goes."""

    kind: Kept
    chosen: Callable[[datetime], due.Chosen]
    table: type
    erase: Erase
    at_once: int = 0
    """How many go in one transaction; 0 for as many as usual."""


def do(database: Database, at: datetime) -> int:
    """Erase what is past its rule, once a day; return how many records went.

    Nothing goes before an administrator has saved the rules once.
    """
    with database.reading() as session:
        today = day_of(session, at).isoformat()
        zone = time_zone_of_organisation(session)
        done = find_heartbeat(session, HEARTBEAT)
        if done is not None and done.summary == today:
            return 0
        stored = find_settings(session)
        if stored is None or not stored.retention_months:
            return 0  # nobody has looked at the rules yet: nothing goes by them
        months = lengths(stored.retention_months)
    gone = sum(
        _all_of(database, step, due.moment_before(at, months[step.kind], zone), at)
        for step in STEPS
    )
    database.scrub()
    with database.writing() as session:
        beat(session, summary=today, at=at, name=HEARTBEAT)
    return gone


def _all_of(database: Database, step: Step, before: datetime, at: datetime) -> int:
    """Erase batch by batch; what cannot be erased stops nothing else and is tried tomorrow."""
    total, tried = 0, set[UUID]()
    while True:
        known = len(tried)
        try:
            total += _batch(database, step, before, tried, at)
        except Exception:
            log.exception("Records past their rule could not be erased: %s.", step.kind.value)
        if len(tried) == known:
            return total


def _batch(database: Database, step: Step, before: datetime, tried: set[UUID], at: datetime) -> int:
    """Erase one batch in one transaction; what another worker holds is left to it."""
    with database.writing() as session:
        key = step.table.id  # type: ignore[attr-defined]  # every table of a step has one
        wanted = select(key).where(key.in_(step.chosen(before)), key.not_in(tried))
        locked = wanted.order_by(key).limit(step.at_once or AT_ONCE)
        ids = list(session.scalars(locked.with_for_update(skip_locked=True)))
        tried.update(ids)
        if not ids:
            return 0
        step.erase(session, ids, at)
        _note(session, step.kind, len(ids), before, at)
    return len(ids)


def _note(session: Session, kind: Kept, count: int, before: datetime, at: datetime) -> None:
    detail: dict[str, object] = {
        "kind": kind.value,
        "count": count,
        "before": day_of(session, before).isoformat(),
    }
    settings = find_settings(session)
    subject = ("organisation", settings.id if settings else SYSTEM.id)
    action = Action.RETENTION_ERASE
    record(session, at=at, actor=SYSTEM, action=action, subject=subject, detail=detail)


def _rows_of(table: type[WebSession | ApiToken | FeedToken]) -> Erase:
    """Return how rows go that nothing else rests on."""

    def erase(session: Session, ids: list[UUID], at: datetime) -> None:
        del at
        session.execute(delete(table).where(table.id.in_(ids)))

    return erase


def _links(session: Session, ids: list[UUID], at: datetime) -> None:
    del at
    session.execute(delete(Challenge).where(Challenge.invitation_id.in_(ids)))
    session.execute(delete(Invitation).where(Invitation.id.in_(ids)))


def _letters(session: Session, ids: list[UUID], at: datetime) -> None:
    del at
    for letter in forget_letters(session, Letter.id.in_(ids)):
        letter.to_email, letter.to_name = f"letter@{DOMAIN}", ERASED_NAME
        if "@" in letter.dedupe_key:
            letter.dedupe_key = f"erased:{letter.id}"


def _files(session: Session, ids: list[UUID], at: datetime) -> None:
    del at
    for row in session.scalars(select(Evidence).where(Evidence.id.in_(ids))).all():
        crypto_erase(session, row, SYSTEM, BY_RULE)


def _reports(session: Session, ids: list[UUID], at: datetime) -> None:
    del at
    for report in session.scalars(select(Report).where(Report.id.in_(ids))):
        empty_report(session, report)


def _contacts(session: Session, ids: list[UUID], at: datetime) -> None:
    for person_id in ids:
        try:
            erase_person(session, session.get_one(Person, person_id), by=DULY, at=at)
        except Refused as refusal:
            log.info("Person %s stays for now: %s", person_id, refusal)


def _vendors(session: Session, ids: list[UUID], at: datetime) -> None:
    for vendor_id in ids:
        erase_vendor(session, session.get_one(Vendor, vendor_id), by=DULY, at=at)


STEPS = (
    Step(Kept.SESSIONS, due.sessions, WebSession, _rows_of(WebSession)),
    Step(Kept.SESSIONS, due.links, Invitation, _links),
    Step(Kept.TOKENS, due.tokens, ApiToken, _rows_of(ApiToken)),
    Step(Kept.TOKENS, due.feeds, FeedToken, _rows_of(FeedToken)),
    Step(Kept.LETTERS, due.letters, Letter, _letters),
    Step(Kept.EVIDENCE, due.files, Evidence, _files),
    Step(Kept.REPORTS, due.reports, Report, _reports),
    Step(Kept.VENDORS, due.vendors, Vendor, _vendors, at_once=1),
    Step(Kept.CONTACTS, due.contacts, Person, _contacts, at_once=1),
)
