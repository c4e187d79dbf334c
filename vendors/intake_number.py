"""The number a vendor is registered under, from the intake: kept once, secret ones sealed."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import vault
from foundation.errors import Refused
from foundation.idnumbers import is_cnic, is_iban, is_ntn, mask, normalised
from foundation.ids import new_id
from vendors.models import VendorIdentifier
from vendors.wording import checked_text

SHORTEST, LONGEST = 3, 40


def checked_number(typed: str) -> str:
    """Return a number as it was typed, in one line. Raises Refused for what is no number."""
    number = checked_text(" ".join(typed.split()), what="The number", longest=LONGEST)
    if number and len(normalised(number)) < SHORTEST:
        raise Refused(
            "A number has three letters or digits at least. Copy it from their invoice.",
            where="number",
        )
    return number


def keep_number(session: Session, vendor_id: UUID, typed: str) -> None:
    """Put a number on record. Raises Refused when another vendor has it."""
    number = checked_number(typed)
    if not number:
        return
    compact, kind = normalised(number), _kind_of(number)
    indexes = vault.blind_indexes(kind, compact)
    taken = select(VendorIdentifier.id).where(
        VendorIdentifier.kind == kind, VendorIdentifier.value_index.in_(indexes)
    )
    if session.scalars(taken).first() is not None:
        raise Refused(
            "Another vendor is on record with this number, and two companies never share one. "
            "Check it, or leave it out.",
            where="number",
        )
    identifier_id = new_id()
    is_secret = is_iban(number) or is_cnic(number)
    context = f"vendor-identifier|{identifier_id}"
    session.add(
        VendorIdentifier(
            id=identifier_id,
            vendor_id=vendor_id,
            kind=kind,
            value=None if is_secret else compact,
            value_sealed=vault.seal(compact.encode(), context=context) if is_secret else None,
            shown=mask(number) if is_secret else number,
            value_index=vault.blind_index(kind, compact),
        )
    )
    session.flush()


def _kind_of(number: str) -> str:
    if is_iban(number):
        return "iban"
    return "tax" if is_ntn(number) else "registration"
