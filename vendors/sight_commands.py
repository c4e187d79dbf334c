"""Need-to-know: who may see a vendor that is hidden from everybody else."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from audit.actions import Action
from foundation.errors import Refused
from foundation.ids import new_id
from identity.rules import Author
from vendors.models import Vendor, VendorGrant
from vendors.noting import note_vendor


def give_sight(
    session: Session, vendor: Vendor, person_id: UUID, *, by: Author, at: datetime
) -> None:
    """Let a person see a need-to-know vendor."""
    chosen = select(VendorGrant.id).where(
        VendorGrant.vendor_id == vendor.id, VendorGrant.person_id == person_id
    )
    if session.scalars(chosen).first() is not None:
        return
    session.add(VendorGrant(id=new_id(), vendor_id=vendor.id, person_id=person_id, granted_at=at))
    session.flush()
    _note(session, vendor, person_id, is_given=True, by=by, at=at)


def take_sight(
    session: Session, vendor: Vendor, person_id: UUID, *, by: Author, at: datetime
) -> None:
    """Hide a need-to-know vendor from a person again. Raises Refused for its owner."""
    if person_id == vendor.owner_id:
        raise Refused("The owner always sees the vendor. Give it another owner first.")
    session.execute(
        delete(VendorGrant).where(
            VendorGrant.vendor_id == vendor.id, VendorGrant.person_id == person_id
        )
    )
    session.flush()
    _note(session, vendor, person_id, is_given=False, by=by, at=at)


def _note(
    session: Session,
    vendor: Vendor,
    person_id: UUID,
    *,
    is_given: bool,
    by: Author,
    at: datetime,
) -> None:
    told = {"person": str(person_id), "may_see": is_given}
    note_vendor(session, Action.VENDOR_SIGHT, vendor.id, by=by, at=at, **told)
