"""Legal holds: setting one, lifting it, and whether something is held."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from evidence.hold_models import LegalHold
from evidence.models import Evidence
from foundation.errors import Missing, Refused
from foundation.ids import new_id
from identity.rules import Author
from vendors.models import Vendor

LONGEST_REASON = 1000


def set_hold(
    session: Session,
    vendor: Vendor,
    evidence: Evidence | None,
    *,
    reason: str,
    by: Author,
    at: datetime,
) -> LegalHold:
    """Keep a vendor, or one file of it, from being erased. Raises Refused where it is held."""
    kept = _checked(reason)
    if find_hold(session, vendor.id, evidence.id if evidence else None) is not None:
        raise Refused("This is held already. Lift that hold first, or leave it.")
    hold = LegalHold(
        id=new_id(),
        vendor_id=vendor.id,
        evidence_id=evidence.id if evidence else None,
        reason=kept,
        set_by_id=by.person_id,
        set_at=at,
    )
    session.add(hold)
    if evidence is not None:
        evidence.legal_hold = True
    session.flush()
    _note(session, Action.HOLD_SET, hold, kept, by=by, at=at)
    return hold


def lift_hold(session: Session, hold: LegalHold, *, reason: str, by: Author, at: datetime) -> None:
    """End a hold, once. Raises Refused for one that was lifted."""
    kept = _checked(reason)
    session.refresh(hold, with_for_update=True)
    if hold.lifted_at is not None:
        raise Refused("This hold was lifted already.")
    hold.lifted_at, hold.lifted_by_id, hold.lifted_reason = at, by.person_id, kept
    if hold.evidence_id is not None:
        session.get_one(Evidence, hold.evidence_id).legal_hold = False
    session.flush()
    _note(session, Action.HOLD_LIFT, hold, kept, by=by, at=at)


def find_hold(session: Session, vendor_id: UUID, evidence_id: UUID | None) -> LegalHold | None:
    """Return the hold that stands on exactly this, or None."""
    about = (
        LegalHold.evidence_id.is_(None)
        if evidence_id is None
        else LegalHold.evidence_id == evidence_id
    )
    chosen = select(LegalHold).where(
        LegalHold.vendor_id == vendor_id, about, LegalHold.lifted_at.is_(None)
    )
    return session.scalars(chosen).first()


def get_hold(session: Session, vendor_id: UUID, hold_id: UUID) -> LegalHold:
    """Return a hold of a vendor. Raises Missing."""
    found = session.get(LegalHold, hold_id)
    if found is None or found.vendor_id != vendor_id:
        raise Missing
    return found


def holds_of(session: Session, vendor_id: UUID) -> list[LegalHold]:
    """Return every hold a vendor has and had, the newest first."""
    chosen = select(LegalHold).where(LegalHold.vendor_id == vendor_id)
    return list(session.scalars(chosen.order_by(LegalHold.set_at.desc(), LegalHold.id)))


def is_held(session: Session, vendor_id: UUID) -> bool:
    """Say whether a vendor, or any file of it, is held."""
    return bool(session.scalar(select(held(LegalHold.vendor_id == vendor_id))))


def is_any_held(session: Session, vendor_ids: Select[UUID]) -> bool:
    """Say whether one of these vendors, or any file of theirs, is held."""
    return bool(session.scalar(select(held(LegalHold.vendor_id.in_(vendor_ids)))))


def held(about: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition under which a standing hold fits."""
    return exists().where(about, LegalHold.lifted_at.is_(None))


def held_files(session: Session, evidence_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these files may not be erased, for their own hold or their vendor's."""
    of_vendor = held((LegalHold.vendor_id == Evidence.vendor_id) & LegalHold.evidence_id.is_(None))
    chosen = select(Evidence.id).where(
        Evidence.id.in_(list(evidence_ids)), Evidence.legal_hold.is_(True) | of_vendor
    )
    return set(session.scalars(chosen))


def _checked(reason: str) -> str:
    kept = " ".join(reason.split())
    if not kept or len(kept) > LONGEST_REASON:
        raise Refused(f"Write why, in 1 to {LONGEST_REASON} characters.", where="reason")
    return kept


def _note(
    session: Session, action: Action, hold: LegalHold, reason: str, *, by: Author, at: datetime
) -> None:
    file_id = hold.evidence_id
    subject = ("evidence", file_id) if file_id is not None else ("vendor", hold.vendor_id)
    detail: dict[str, object] = {"vendor": str(hold.vendor_id), "reason": reason}
    record(session, at=at, actor=by.actor, action=action, subject=subject, detail=detail)
