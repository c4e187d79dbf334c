"""Reading for the outside door whether a vendor was asked if anything has changed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from identity.models import Invitation, Person
from mail.letters import day
from portal.queries import Welcome, vendors_of
from reviews.attestation_models import Attestation
from reviews.attestation_rules import AttestationState
from vendors.models import Vendor
from vendors.rules import VendorState

ASKED, OVERTAKEN = AttestationState.ASKED, AttestationState.OVERTAKEN


@dataclass(frozen=True, slots=True)
class WordRow:
    """One asking whether anything has changed."""

    attestation_id: UUID
    vendor_name: str
    since_on: date
    due_on: date
    state: AttestationState


def is_theirs(person_id: UUID) -> Select[Attestation]:
    """Return the choice of what this person's vendors said, and of what they are asked now."""
    is_asked_now = (Vendor.state == VendorState.ACTIVE) & Vendor.archived_at.is_(None)
    return (
        select(Attestation)
        .join(Vendor, Vendor.id == Attestation.vendor_id)
        .where(
            Attestation.vendor_id.in_(vendors_of(person_id)),
            Attestation.state != OVERTAKEN,
            or_(Attestation.state != ASKED, is_asked_now),
        )
    )


def words_asked_of(session: Session, person_id: UUID) -> list[WordRow]:
    """Return what this person's vendors are asked now, and their last word; the open first."""
    chosen = (
        is_theirs(person_id)
        .with_only_columns(
            Attestation.id,
            Vendor.name,
            Attestation.since_on,
            Attestation.due_on,
            Attestation.state,
            Vendor.id,
        )
        .order_by(Attestation.asked_at.desc())
        .limit(50)
    )
    newest = {row[5]: WordRow(*row[:5]) for row in reversed(session.execute(chosen).all())}
    return sorted(newest.values(), key=lambda one: (one.state is not ASKED, one.due_on))


def find_word_welcome(session: Session, invitation: Invitation) -> Welcome | None:
    """Return what an invitation to say whether anything has changed is about, or None."""
    chosen = (
        is_theirs(invitation.person_id)
        .join(Person, Person.id == Vendor.owner_id)
        .where(Attestation.id == invitation.for_id)
        .with_only_columns(Attestation.id, Attestation.since_on, Person.name, Attestation.due_on)
    )
    row = session.execute(chosen).first()
    if row is None:
        return None
    about_id, since_on, asked_by, due_on = row
    title = _("Has anything changed since %(day)s?", day=day(since_on))
    return Welcome(about_id, title, asked_by, due_on, 1, is_word=True)
