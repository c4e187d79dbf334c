"""Reading change attestations: what a vendor said, who speaks for it, and whom to ask now."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from foundation.dates import add_months
from foundation.errors import Missing
from identity.models import Person
from reviews.attestation_models import Attestation
from reviews.attestation_rules import WORST_TIER, AttestationState, Change, asks_on
from reviews.models import Review
from vendors.models import Contact, Vendor
from vendors.queries import visible_vendors
from vendors.tier_model import Pace

ASKED, REPORTED = AttestationState.ASKED, AttestationState.REPORTED
OPEN = (ASKED, REPORTED)
MOST_SHOWN = 12
MONTHS_DIFFER = timedelta(days=3)
"""The 31st of January and the 28th of February are a month apart, counted forwards only."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whom we turn to at a vendor."""

    person_id: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A vendor whose turn it is to be asked, and since which day."""

    vendor_id: UUID
    since_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestationRow:
    """One attestation as pages print it."""

    attestation_id: UUID
    since_on: date
    asked_at: datetime
    due_on: date
    state: AttestationState
    changes: Mapping[str, str]
    declared_at: datetime | None
    declared_name: str
    declared_role: str
    declared_email: str | None
    judge_by: date | None
    judged_at: datetime | None
    judged_by: str | None
    reason: str
    version: int
    review_id: UUID | None
    review: str | None
    vendor_id: UUID
    vendor: str
    tier: int | None
    is_provisional: bool

    @property
    def told(self) -> list[tuple[Change, str]]:
        """What was reported, the most pressing first."""
        return [(kind, self.changes[kind]) for kind in Change if kind in self.changes]

    def is_overdue(self, today: date) -> bool:
        """Whether the vendor's word, or our judgement of it, should be there by now."""
        day = {ASKED: self.due_on, REPORTED: self.judge_by}.get(self.state)
        return day is not None and day < today


def attestations_of(session: Session, vendor_id: UUID) -> list[AttestationRow]:
    """Return what a vendor was asked between reviews, the newest first; twelve at most."""
    chosen = _select().where(Attestation.vendor_id == vendor_id)
    ordered = chosen.order_by(Attestation.asked_at.desc()).limit(MOST_SHOWN)
    return [AttestationRow(**row) for row in session.execute(ordered).mappings()]


def get_attestation(session: Session, viewer_id: UUID, attestation_id: UUID) -> Attestation:
    """Return an attestation of a vendor the person may see. Raises Missing."""
    chosen = (
        select(Attestation)
        .join(Vendor, Vendor.id == Attestation.vendor_id)
        .where(Attestation.id == attestation_id, visible_vendors(viewer_id))
    )
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing
    return found


def get_attestation_row(session: Session, viewer_id: UUID, attestation_id: UUID) -> AttestationRow:
    """Return the same as a row. Raises Missing."""
    chosen = _select().where(Attestation.id == attestation_id, visible_vendors(viewer_id))
    found = session.execute(chosen).mappings().first()
    if found is None:
        raise Missing
    return AttestationRow(**found)


def speakers_of(session: Session, vendor_ids: Collection[UUID]) -> Mapping[UUID, Speaker]:
    """Return whom we ask at each vendor: its primary contact, or else a lead. One statement."""
    chosen = (
        select(Contact.vendor_id, Person.id, Person.name, Person.email)
        .join(Person, Person.id == Contact.person_id)
        .where(Contact.vendor_id.in_(list(vendor_ids)), Contact.removed_at.is_(None))
        .where(Person.disabled_at.is_(None))
        .order_by(Contact.is_primary, Contact.role.desc(), Person.name.desc(), Contact.id)
    )
    return {row[0]: Speaker(*row[1:]) for row in session.execute(chosen)} if vendor_ids else {}


def turns(
    session: Session, pace: Pace, today: date, *, free: ColumnElement[bool]
) -> Iterator[Turn]:
    """Yield the vendors that are to be asked by now, once each however long nobody looked.

    `free` says which vendors may be asked at all. Whoever is asked already, or whose report waits
    for us, is left out.
    """
    last_word = (
        select(func.max(Attestation.declared_on))
        .where(Attestation.vendor_id == Vendor.id)
        .scalar_subquery()
    )
    is_open = (
        select(Attestation.id)
        .where(Attestation.vendor_id == Vendor.id, Attestation.state.in_(OPEN))
        .exists()
    )
    chosen = (
        select(Vendor.id, Vendor.tier, Vendor.cleared_on, last_word)
        .where(free, Vendor.archived_at.is_(None), _decided_long_ago(pace, today), ~is_open)
        .order_by(Vendor.cleared_on, Vendor.id)
    )
    for vendor_id, tier, cleared_on, said_on in session.execute(chosen):
        since = max(on for on in (cleared_on, said_on) if on is not None)
        day = asks_on(since, tier, pace)
        if day is not None and day <= today:
            yield Turn(vendor_id, since)


def _decided_long_ago(pace: Pace, today: date) -> ColumnElement[bool]:
    """Say whether the decision is old enough for its tier, give or take the days of a month."""
    tier = func.coalesce(Vendor.tier, WORST_TIER)
    return or_(
        false(),
        *(
            (tier == each) & (Vendor.cleared_on <= add_months(today, -months) + MONTHS_DIFFER)
            for each, months in pace.attest_months.items()
            if months
        ),
    )


def _select() -> Select[*tuple[Any, ...]]:
    judge = aliased(Person)
    return (
        select(
            Attestation.id.label("attestation_id"),
            Attestation.since_on,
            Attestation.asked_at,
            Attestation.due_on,
            Attestation.state,
            Attestation.changes,
            Attestation.declared_at,
            Attestation.declared_name,
            Attestation.declared_role,
            Person.email.label("declared_email"),
            Attestation.judge_by,
            Attestation.judged_at,
            judge.name.label("judged_by"),
            Attestation.reason,
            Attestation.version,
            Attestation.review_id,
            Review.reference.label("review"),
            Vendor.id.label("vendor_id"),
            Vendor.name.label("vendor"),
            Vendor.tier,
            Vendor.is_tier_provisional.label("is_provisional"),
        )
        .join(Vendor, Vendor.id == Attestation.vendor_id)
        .outerjoin(Person, Person.id == Attestation.declared_by_id)
        .outerjoin(judge, judge.id == Attestation.judged_by_id)
        .outerjoin(Review, Review.id == Attestation.review_id)
    )
