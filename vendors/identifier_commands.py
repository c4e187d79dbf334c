"""Other names and registered numbers of a vendor: adding and removing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.actions import Action
from foundation import vault
from foundation.errors import Missing, Refused
from foundation.ids import new_id
from identity.rules import Author
from vendors.models import Vendor, VendorAlias, VendorIdentifier
from vendors.naming import name_key
from vendors.noting import note_vendor
from vendors.numbers import IdentifierKind, Number, checked_number
from vendors.queries import find_vendor
from vendors.wording import checked_name


def add_identifier(
    session: Session,
    vendor: Vendor,
    kind: IdentifierKind,
    typed: str,
    *,
    by: Author,
    at: datetime,
) -> VendorIdentifier:
    """Put a number on record; secret ones are sealed.

    Raises Refused for one that fails its check, and for one another vendor has. The other vendor
    is named only to somebody who may see it.
    """
    number = checked_number(kind, typed)
    _refuse_known(session, vendor, number, by=by)
    row = identifier_row(vendor.id, number)
    session.add(row)
    session.flush()
    note_vendor(session, Action.VENDOR_IDENTIFIER, vendor.id, by=by, at=at, added=kind.value)
    return row


def identifier_row(vendor_id: UUID, number: Number) -> VendorIdentifier:
    """Return the row of a number; a secret one is sealed and found by its index alone."""
    identifier_id = new_id()
    sealed = None
    if number.is_secret:
        sealed = vault.seal(number.value.encode(), context=_place(identifier_id))
    return VendorIdentifier(
        id=identifier_id,
        vendor_id=vendor_id,
        kind=number.kind.value,
        value=None if number.is_secret else number.value,
        value_sealed=sealed,
        shown=number.shown,
        value_index=vault.blind_index(number.kind.value, number.value),
    )


def remove_identifier(
    session: Session, vendor: Vendor, identifier_id: UUID, *, by: Author, at: datetime
) -> None:
    """Take a number off the record. Raises Missing."""
    chosen = select(VendorIdentifier).where(
        VendorIdentifier.id == identifier_id, VendorIdentifier.vendor_id == vendor.id
    )
    row = session.scalars(chosen).first()
    if row is None:
        raise Missing
    session.delete(row)
    session.flush()
    note_vendor(session, Action.VENDOR_IDENTIFIER, vendor.id, by=by, at=at, removed=row.kind)


def add_alias(
    session: Session, vendor: Vendor, name: str, *, by: Author, at: datetime
) -> VendorAlias:
    """Record another name the vendor is known by. Raises Refused for one it has already."""
    checked = checked_name(name, what="The other name")
    key = name_key(checked)
    if key == vendor.name_key:
        raise Refused(f"{vendor.name} is found by this name already.", where="alias")
    same = select(VendorAlias.name).where(
        VendorAlias.vendor_id == vendor.id, VendorAlias.name_key == key
    )
    known = session.scalars(same).first()
    if known is not None:
        raise Refused(f"{known} is there already and finds this spelling too.", where="alias")
    row = VendorAlias(id=new_id(), vendor_id=vendor.id, name=checked, name_key=key)
    session.add(row)
    session.flush()
    note_vendor(session, Action.VENDOR_ALIAS, vendor.id, by=by, at=at, added=checked)
    return row


def remove_alias(
    session: Session, vendor: Vendor, alias_id: UUID, *, by: Author, at: datetime
) -> None:
    """Forget another name. Raises Missing."""
    chosen = select(VendorAlias).where(
        VendorAlias.id == alias_id, VendorAlias.vendor_id == vendor.id
    )
    row = session.scalars(chosen).first()
    if row is None:
        raise Missing
    session.delete(row)
    session.flush()
    note_vendor(session, Action.VENDOR_ALIAS, vendor.id, by=by, at=at, removed=row.name)


def _refuse_known(session: Session, vendor: Vendor, number: Number, *, by: Author) -> None:
    indexes = vault.blind_indexes(number.kind.value, number.value)
    chosen = select(VendorIdentifier.vendor_id).where(
        VendorIdentifier.kind == number.kind.value, VendorIdentifier.value_index.in_(indexes)
    )
    other_id = session.scalars(chosen).first()
    if other_id is None:
        return
    if other_id == vendor.id:
        raise Refused("This number is on record already.", where="number")
    other = find_vendor(session, by.person_id, other_id)
    if other is None:
        raise Refused(
            "This number is on record for another vendor, which you may not see. "
            "Check it; if it is right, ask an administrator whether the two are one company.",
            where="number",
        )
    raise Refused(
        f"{other.reference} {other.name} has this number. Check it; if the two are one company, "
        "merge them.",
        where="number",
    )


def _place(identifier_id: UUID) -> str:
    return f"vendor-identifier|{identifier_id}"
