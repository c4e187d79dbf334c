"""The life of a vendor: from one state to another, the checklist of leaving, and the last day."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from audit.actions import Action
from foundation.errors import Refused
from foundation.ids import new_id
from identity.rules import Author
from vendors.contact_commands import remove_contact
from vendors.models import Contact, Vendor
from vendors.noting import note_vendor
from vendors.offboarding import LineState, line_of, open_lines
from vendors.offboarding_models import OffboardingLine
from vendors.rules import VendorState, may_move, needs_reason
from vendors.wording import checked_text


def move(
    session: Session,
    vendor: Vendor,
    target: VendorState,
    *,
    by: Author,
    at: datetime,
    reason: str = "",
) -> None:
    """Bring a vendor into another state. Raises Refused with the way that is open.

    Coming back needs a reason; the end needs a settled checklist, and shuts the portal.
    """
    allowed = may_move(vendor.state, target, is_cleared=vendor.cleared_by is not None)
    if not allowed:
        raise Refused(allowed.sentence)
    kept = checked_text(reason, what="The reason")
    if not kept and needs_reason(vendor.state, target):
        raise Refused("Write why: it takes back what was decided before.", where="reason")
    if target is VendorState.ENDED:
        _end(session, vendor, by=by, at=at)
    before = vendor.state
    vendor.state = target
    if target is VendorState.OFFBOARDING:
        # A vendor that came back starts its checklist anew; what was done then stays readable.
        of_vendor = OffboardingLine.vendor_id == vendor.id
        session.execute(update(OffboardingLine).where(of_vendor).values(is_past=True))
    if target not in {VendorState.ACTIVE, VendorState.OFFBOARDING}:
        # Whoever comes back is looked at again: an old clearance opens nothing.
        vendor.cleared_by = vendor.cleared_on = vendor.next_review_on = None
    session.flush()
    action = Action.VENDOR_ACTIVATE if target is VendorState.ACTIVE else Action.VENDOR_MOVE
    detail: dict[str, object] = {"before": before.value, "after": target.value}
    if kept:
        detail["reason"] = kept
    note_vendor(session, action, vendor.id, by=by, at=at, **detail)


def settle_line(  # noqa: PLR0913  every part of a line is named
    session: Session,
    vendor: Vendor,
    code: str,
    state: LineState,
    *,
    note: str,
    evidence_id: UUID | None,
    by: Author,
    at: datetime,
) -> None:
    """Say what was done about a line of the checklist. Raises Refused for what proves nothing."""
    line = line_of(code)
    if line is None:
        raise Refused("This line is not in the checklist. Reload the page.")
    _refuse_unless_leaving(vendor)
    kept = checked_text(note, what="The note")
    if state is LineState.NOT_NEEDED and not kept:
        raise Refused("Write why this line does not apply.", where="note")
    if line.wants_certificate and state is LineState.DONE and evidence_id is None:
        raise Refused(
            "Choose the certificate they signed. If it is not in the evidence yet, add it there "
            "first; a mail from them saved as PDF will do.",
            where="evidence_id",
        )
    row = _settled(session, vendor.id).get(code)
    if row is None:
        row = OffboardingLine(id=new_id(), vendor_id=vendor.id, code=code)
        session.add(row)
    row.state, row.note, row.evidence_id = state, kept, evidence_id
    row.by_id, row.at, row.is_past = by.person_id, at, False
    session.flush()
    detail: dict[str, object] = {"line": code, "state": state.value}
    note_vendor(session, Action.OFFBOARDING_SETTLE, vendor.id, by=by, at=at, **detail)


def reopen_line(session: Session, vendor: Vendor, code: str, *, by: Author, at: datetime) -> None:
    """Open a line again: it was not done after all."""
    _refuse_unless_leaving(vendor)
    row = _settled(session, vendor.id).get(code)
    if row is None:
        return
    session.delete(row)
    session.flush()
    note_vendor(session, Action.OFFBOARDING_REOPEN, vendor.id, by=by, at=at, line=code)


def _end(session: Session, vendor: Vendor, *, by: Author, at: datetime) -> None:
    left = open_lines(_settled(session, vendor.id))
    if left:
        named = "; ".join(line.title for line in left)
        raise Refused(
            f"{vendor.name} cannot end yet. These lines of the checklist are open: {named}. "
            "Settle them, or say why they do not apply.",
            reasons=tuple(line.title for line in left),
        )
    people = select(Contact).where(Contact.vendor_id == vendor.id, Contact.removed_at.is_(None))
    for contact in list(session.scalars(people)):
        remove_contact(session, contact, by=by, at=at)


def _settled(session: Session, vendor_id: UUID) -> dict[str, OffboardingLine]:
    chosen = select(OffboardingLine).where(
        OffboardingLine.vendor_id == vendor_id, OffboardingLine.is_past.is_(False)
    )
    return {row.code: row for row in session.scalars(chosen)}


def _refuse_unless_leaving(vendor: Vendor) -> None:
    if vendor.state is not VendorState.OFFBOARDING:
        raise Refused(
            "The checklist is worked through while a vendor is being offboarded. "
            "Change its state first."
        )
