"""Which records are past their rule at a moment. Each is one select of ids."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from accounts.models import Staff
from contracts.models import Contract, ContractDocument, ContractNotice
from contracts.rules import ContractState
from evidence.hold_models import LegalHold
from evidence.holds import held
from evidence.models import Evidence
from foundation.dates import add_months
from identity.erasing import DOMAIN
from identity.models import ApiToken, FeedToken, Invitation, Person, WebSession
from mail.models import Letter
from mail.rules import LetterState
from organisation.queries import time_zone_of_organisation
from organisation.retention import Kept
from reports.models import Report
from vendors.models import Contact, Vendor

Chosen = Select[Any]


def sessions(before: datetime) -> Chosen:
    """Return sign-ins that ended before a moment."""
    return select(WebSession.id).where(
        func.coalesce(WebSession.revoked_at, WebSession.ends_at) < before
    )


def links(before: datetime) -> Chosen:
    """Return links that were over before a moment."""
    ended = func.coalesce(Invitation.revoked_at, Invitation.expires_at)
    return select(Invitation.id).where(ended < before, Invitation.expires_at < before)


def tokens(before: datetime) -> Chosen:
    """Return tokens of programs that ended before a moment."""
    return select(ApiToken.id).where(
        func.coalesce(ApiToken.revoked_at, ApiToken.expires_at) < before
    )


def feeds(before: datetime) -> Chosen:
    """Return calendar feeds that were taken back before a moment."""
    return select(FeedToken.id).where(FeedToken.revoked_at < before)


def letters(before: datetime) -> Chosen:
    """Return letters that are over since before a moment and still name somebody."""
    return select(Letter.id).where(
        Letter.created_at < before,
        Letter.state != LetterState.QUEUED,
        Letter.to_email.not_like(f"%@{DOMAIN}"),
    )


def files(before: datetime) -> Chosen:
    """Return files whose day is over since before a moment: held ones and those of a contract not.

    A file without a last day counts from when its vendor was put away.
    """
    whole = and_(LegalHold.vendor_id == Evidence.vendor_id, LegalHold.evidence_id.is_(None))
    living = select(Contract.id).where(Contract.state != ContractState.ENDED)
    attached = exists().where(
        ContractDocument.evidence_id == Evidence.id, ContractDocument.contract_id.in_(living)
    )
    noticed = exists().where(
        ContractNotice.letter_id == Evidence.id, ContractNotice.contract_id.in_(living)
    )
    is_over = or_(
        Evidence.valid_until < before.date(),
        and_(Evidence.valid_until.is_(None), Vendor.archived_at < before),
    )
    return (
        select(Evidence.id)
        .join(Vendor, Vendor.id == Evidence.vendor_id)
        .where(
            Evidence.erased_at.is_(None),
            Evidence.uploaded_at < before,
            Evidence.legal_hold.is_(False),
            ~held(whole),
            ~attached,
            ~noticed,
            is_over,
        )
    )


def reports(before: datetime) -> Chosen:
    """Return issued reports whose bytes are there, issued before a moment, of vendors not held."""
    return select(Report.id).where(
        Report.issued_at < before,
        Report.file_sealed.is_not(None),
        ~held(LegalHold.vendor_id == Report.vendor_id),
    )


def contacts(before: datetime) -> Chosen:
    """Return people who act for no vendor since before a moment and are none of ours."""
    mine = Contact.person_id == Person.id
    return select(Person.id).where(
        Person.erased_at.is_(None),
        ~exists().where(Staff.person_id == Person.id),
        exists().where(mine),
        ~exists().where(mine, or_(Contact.removed_at.is_(None), Contact.removed_at >= before)),
        ~exists().where(mine, held(LegalHold.vendor_id == Contact.vendor_id)),
    )


def vendors(before: datetime) -> Chosen:
    """Return vendors that were put away before a moment and are not held."""
    return select(Vendor.id).where(
        Vendor.archived_at < before,
        Vendor.erased_at.is_(None),
        ~held(LegalHold.vendor_id == Vendor.id),
    )


DUE: Mapping[Kept, tuple[Callable[[datetime], Chosen], ...]] = {
    Kept.EVIDENCE: (files,),
    Kept.VENDORS: (vendors,),
    Kept.REPORTS: (reports,),
    Kept.CONTACTS: (contacts,),
    Kept.SESSIONS: (sessions, links),
    Kept.LETTERS: (letters,),
    Kept.TOKENS: (tokens, feeds),
}
"""What goes by each rule. Backups lie outside of Duly: whoever keeps them keeps their rule."""


def count_due(session: Session, kind: Kept, months: int, at: datetime) -> int:
    """Return how many records of a kind are past so many months."""
    before = moment_before(at, months, time_zone_of_organisation(session))
    return sum(
        session.scalar(select(func.count()).select_from(chosen(before).subquery())) or 0
        for chosen in DUE.get(kind, ())
    )


def moment_before(at: datetime, months: int, zone: str) -> datetime:
    """Return the moment so many months earlier, at the same time of day in a zone, and in it."""
    here = at.astimezone(ZoneInfo(zone))
    return datetime.combine(add_months(here.date(), -months), here.timetz())
