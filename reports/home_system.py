"""What an administrator looks after: sign-ins, mail, jobs, the worker; and reports that failed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from accounts.models import Staff
from accounts.rules import Role
from audit.models import Head
from foundation.columns import spelled
from identity.models import Invitation, Person, TotpFactor
from identity.passkey_models import Passkey
from identity.rules import Purpose
from mail.models import Letter
from mail.rules import LetterState
from organisation.commands import DEFAULTS
from organisation.queries import find_settings
from reminders.models import Heartbeat
from reports.looking import MOST_READ, Looker
from reports.models import Report
from reports.rules import ReportState
from reports.tasks import Act, Item, Task
from vendors.letter_sight import APART, unknown_to
from vendors.models import Vendor
from vendors.queries import visible_vendors

SILENT = timedelta(minutes=10)
"""How long the worker may be silent before somebody has to look."""
LATELY = timedelta(days=30)
"""How long a letter that failed is shown to whoever owns the vendor."""
CHECKED_WITHIN = timedelta(days=2)
"""How old the last check of the ledger may be."""
WORKER, LEDGER = "worker", "ledger"
WHOLE = "whole"
_ABOUT = {Task.WORKER: UUID(int=1), Task.SETTINGS: UUID(int=2), Task.LEDGER: UUID(int=3)}


@dataclass(frozen=True, slots=True)
class Health:
    """How the house is: the worker's last round, and the ledger's last check."""

    worker_at: datetime | None
    worker_did: str
    checked_at: datetime | None
    is_whole: bool
    n_entries: int


def health_of(session: Session) -> Health:
    """Return how the house is; two statements."""
    beats = {each.name: each for each in session.scalars(select(Heartbeat))}
    worker, checked = beats.get(WORKER), beats.get(LEDGER)
    return Health(
        worker_at=worker.at if worker else None,
        worker_did=worker.summary if worker else "",
        checked_at=checked.at if checked else None,
        is_whole=checked is not None and checked.summary == WHOLE,
        n_entries=session.scalars(select(Head.seq)).first() or 0,
    )


def to_check(health: Health, who: Looker, at: datetime) -> Iterable[Item]:
    """Yield the ledger when its chain is broken or was not checked lately."""
    is_fresh = health.checked_at is not None and health.checked_at > at - CHECKED_WITHIN
    if not (is_fresh and health.is_whole):
        yield _thing(Task.LEDGER, "operations.ledger_check", _day(who, health.checked_at))


def to_mend(session: Session, health: Health, who: Looker, at: datetime) -> Iterable[Item]:
    """Yield what an administrator has to mend, people without a second factor apart."""
    if health.worker_at is None or health.worker_at < at - SILENT:
        yield _thing(Task.WORKER, "operations.outbox", _day(who, health.worker_at))
    found = find_settings(session)
    if found is None or found.name == DEFAULTS["name"]:
        yield _thing(Task.SETTINGS, "operations.settings", None)


def letters_to_mend(session: Session, who: Looker, at: datetime) -> Iterable[Item]:
    """Yield letters that could not be delivered: to the people of one's own vendors, or all.

    An owner is shown them for a while, and none once a later letter about the vendor arrived; an
    administrator until it is sent again. One that came back cannot be: its text was wiped when it
    was sent, so it is shown to an administrator for as long as to an owner. One statement for both.
    """
    later = aliased(Letter)
    has_arrived = exists().where(
        later.about_id == Letter.about_id,
        later.state == LetterState.SENT,
        later.created_at > Letter.created_at,
    )
    is_recent = and_(Letter.created_at > at - LATELY, ~has_arrived)
    is_own = and_(Vendor.owner_id == who.person_id, is_recent)
    columns = (Letter.id, Letter.subject, Letter.to_name, Letter.to_email, Letter.last_error)
    chosen = (
        select(*columns, Letter.created_at, Vendor.id, Vendor.name, Vendor.tier)
        .add_columns(Letter.about_id, func.coalesce(is_own, false()))
        .outerjoin(Vendor, Vendor.id == Letter.about_id)
        .where(spelled(Letter.state, LetterState.FAILED))
        .where(or_(Letter.body_sealed.is_not(None), is_recent))
        .order_by(Letter.created_at)
        .limit(MOST_READ)
    )
    if Role.ADMINISTRATOR not in who.roles:
        chosen = chosen.where(is_own)
    rows = session.execute(chosen).all()
    if not rows:
        return
    unknown = unknown_to(session, who.person_id)
    for *row, about_id, is_mine in rows:
        if is_mine:
            yield _came_back(row, who)
        elif unknown.is_told_by(about_id, row[3], row[1], row[4]):
            yield replace(_failed(row, who), name=str(APART), detail="", holder="")
        else:
            yield _failed(row, who)


def _failed(row: Sequence[Any], who: Looker) -> Item:
    letter_id, subject, name, _email, error, written_at, *_vendor = row
    return Item(
        task=Task.LETTER,
        about=letter_id,
        act=Act("operations.letter", {"letter_id": letter_id}),
        name=subject,
        detail=error,
        holder=name,
        since=who.day_of(written_at),
    )


def _came_back(row: Sequence[Any], who: Looker) -> Item:
    letter_id, _subject, name, email, error, written_at, vendor_id, vendor, tier = row
    return Item(
        task=Task.UNDELIVERED,
        about=letter_id,
        act=Act("vendors.contacts", {"vendor_id": vendor_id}),
        name=vendor,
        vendor_id=vendor_id,
        tier=tier,
        detail=f"{name}, {email}: {error}",
        since=who.day_of(written_at),
    )


def without_factor(session: Session, who: Looker) -> tuple[list[Item], list[Item]]:
    """Return the people without a second factor: those who work so, and those yet to sign in.

    Somebody yet to sign in waits since the newest link was mailed to them.
    """
    has_app = exists().where(
        TotpFactor.person_id == Person.id, TotpFactor.confirmed_at.is_not(None)
    )
    has_factor = or_(has_app, exists().where(Passkey.person_id == Person.id))
    invited_at = (
        select(func.max(Invitation.created_at))
        .where(Invitation.person_id == Person.id, Invitation.purpose == Purpose.SET_PASSWORD)
        .scalar_subquery()
    )
    chosen = (
        select(Person.id, Person.name, Person.password_hash.is_not(None))
        .add_columns(func.coalesce(invited_at, Staff.created_at))
        .join(Staff, Staff.person_id == Person.id)
        .where(Staff.left_at.is_(None), Person.disabled_at.is_(None), ~has_factor)
        .order_by(Staff.created_at, Person.name)
        .limit(MOST_READ)
    )
    open_: list[Item] = []
    invited: list[Item] = []
    for person_id, name, has_password, asked_at in session.execute(chosen):
        item = Item(
            task=Task.SECOND_FACTOR if has_password else Task.SIGN_IN,
            about=person_id,
            act=Act("accounts.member", {"person_id": person_id}),
            name=name,
            holder=name,
            since=who.day_of(asked_at),
        )
        (open_ if has_password else invited).append(item)
    return open_, invited


def reports_to_retry(session: Session, who: Looker) -> Iterable[Item]:
    """Yield reports that could not be built: one's own, and for an administrator all."""
    newer = aliased(Report)
    is_retried = exists().where(newer.vendor_id == Report.vendor_id, newer.number > Report.number)
    is_own = Report.requested_by_id == who.person_id
    whose = true() if Role.ADMINISTRATOR in who.roles else is_own
    chosen = (
        select(Report.id, Report.reference, Report.failure, Vendor.id, Vendor.name, Vendor.tier)
        .add_columns(Report.as_of)
        .join(Vendor, Vendor.id == Report.vendor_id)
        .where(
            Report.state == ReportState.FAILED,
            whose,
            ~is_retried,
            visible_vendors(who.person_id),
        )
        .limit(MOST_READ)
    )
    for report_id, reference, failure, vendor_id, vendor, tier, as_of in session.execute(chosen):
        yield Item(
            task=Task.REPORT,
            about=report_id,
            act=Act("reports.reports", {"vendor_id": vendor_id}),
            name=vendor,
            vendor_id=vendor_id,
            tier=tier,
            reference=reference,
            detail=failure,
            since=who.day_of(as_of),
        )


def _day(who: Looker, at: datetime | None) -> date | None:
    return who.day_of(at) if at else None


def _thing(task: Task, endpoint: str, since: date | None) -> Item:
    return Item(task=task, about=_ABOUT[task], act=Act(endpoint), since=since)
