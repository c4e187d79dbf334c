"""Reading what an import is compared with: the inventory as whoever imports may see it."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import Session

from accounts.queries import list_staff
from foundation import vault
from foundation.errors import Missing
from identity.models import Person
from organisation.queries import list_units
from vendors.import_models import ColumnMemory, PastRecord
from vendors.importing.fields import FACTORS, FLAGS, ImportField
from vendors.importing.inventory import Inventory, KnownVendor
from vendors.importing.mapping import Remembered
from vendors.importing.outcome import Surroundings
from vendors.inventory_models import ImportBatch, Note, Tag, VendorTag
from vendors.models import Contact, Vendor, VendorAlias, VendorIdentifier
from vendors.queries import visible_vendors
from vendors.service_models import Service, SubProcessor

F = ImportField
KIND = "vendors"
MOST_LISTED = 50
_CHUNK = 500


def load_inventory(session: Session, viewer_id: UUID | None) -> Inventory:
    """Return the vendors somebody may see; all of them for Duly's own work (None)."""
    seen = true() if viewer_id is None else visible_vendors(viewer_id)
    inventory = Inventory(index_of=vault.blind_index)
    found = {one.vendor_id: one for one in _vendors(session, seen)}
    _add_details(session, found)
    for known in found.values():
        inventory.add(known)
    tied = select(Vendor.id, Vendor.parent_id).where(Vendor.parent_id.is_not(None))
    inventory.parents = {one: above for one, above in session.execute(tied) if above is not None}
    numbers = select(
        VendorIdentifier.vendor_id, VendorIdentifier.kind, VendorIdentifier.value_index
    )
    hidden = set()
    for vendor_id, kind, index in session.execute(numbers):
        if vendor_id in found:
            found[vendor_id].numbers.add((kind, index))
            inventory.by_number[kind, index] = vendor_id
        else:
            hidden.add((kind, index))
    inventory.hidden_numbers = frozenset(hidden)
    shut_out = or_(Person.disabled_at.is_not(None), Person.erased_at.is_not(None))
    inventory.shut_out = frozenset(session.scalars(select(Person.email).where(shut_out)))
    return inventory


def load_surroundings(session: Session, today: date) -> Surroundings:
    """Return the people and units cells can name."""
    staff = list_staff(session)
    names = [row.name.casefold() for row in staff]
    owners = {
        row.name.casefold(): row.person_id for row in staff if names.count(row.name.casefold()) == 1
    }
    owners |= {row.email.casefold(): row.person_id for row in staff}
    units = {unit.name.casefold(): unit.id for unit in list_units(session)}
    return Surroundings(today=today, owners=owners, units=units)


def find_remembered(session: Session, signature: str) -> Remembered | None:
    """Return how the columns of such a header were chosen the last time, or None."""
    found = session.get(ColumnMemory, signature)
    if found is None:
        return None
    known = {which.value for which in ImportField}
    mapping = {int(place): F(which) for place, which in found.mapping.items() if which in known}
    by = found.mapping.get("by")
    return Remembered(mapping, found.saved_at, UUID(by) if by else None)


def list_batches(session: Session) -> list[ImportBatch]:
    """Return the newest imports of vendors."""
    chosen = select(ImportBatch).where(ImportBatch.kind == KIND).order_by(ImportBatch.at.desc())
    return list(session.scalars(chosen.limit(MOST_LISTED)))


def get_batch(session: Session, batch_id: UUID) -> ImportBatch:
    """Return an import of vendors. Raises Missing."""
    found = session.get(ImportBatch, batch_id)
    if found is None or found.kind != KIND:
        raise Missing
    return found


def visible_references(session: Session, viewer_id: UUID, batch: ImportBatch) -> dict[str, str]:
    """Return the references of a batch's vendors that somebody may see, by id."""
    ids = [UUID(str(row["vendor"])) for row in batch.rows if row.get("vendor")]
    found: dict[str, str] = {}
    for start in range(0, len(ids), _CHUNK):
        chosen = select(Vendor.id, Vendor.reference).where(
            Vendor.id.in_(ids[start : start + _CHUNK]), visible_vendors(viewer_id)
        )
        found |= {str(one): reference for one, reference in session.execute(chosen)}
    return found


def visible_counts(
    session: Session, viewer_id: UUID, batches: Sequence[ImportBatch]
) -> dict[UUID, int]:
    """Return how many rows of each batch are about vendors somebody may see."""
    out_of_sight = select(Vendor.id).where(~visible_vendors(viewer_id))
    hidden = {str(one) for one in session.scalars(out_of_sight)}
    return {
        batch.id: sum(str(row.get("vendor", "")) not in hidden for row in batch.rows)
        for batch in batches
    }


def past_records_of(session: Session, vendor_id: UUID) -> list[PastRecord]:
    """Return what was decided about a vendor before Duly, the newest first."""
    chosen = select(PastRecord).where(PastRecord.vendor_id == vendor_id)
    newest = PastRecord.decided_on.desc().nulls_last()
    return list(session.scalars(chosen.order_by(newest, PastRecord.id)))


def _vendors(session: Session, seen: ColumnElement[bool]) -> Iterator[KnownVendor]:
    chosen = (
        select(Vendor, *(getattr(Service, one.value) for one in (*FACTORS, *FLAGS)))
        .outerjoin(Service, (Service.vendor_id == Vendor.id) & Service.is_default.is_(True))
        .where(seen, Vendor.archived_at.is_(None), Vendor.merged_into_id.is_(None))
    )
    for vendor, *exposure in session.execute(chosen):
        yield KnownVendor(
            vendor_id=vendor.id,
            reference=vendor.reference,
            name=vendor.name,
            name_key=vendor.name_key,
            host=vendor.domain_key,
            cleared_on=vendor.cleared_on,
            values={
                F.LEGAL_NAME: vendor.legal_name,
                F.WEBSITE: vendor.website,
                F.COUNTRY: vendor.country,
                F.CATEGORY: vendor.category,
                F.PURPOSE: vendor.purpose,
                F.OWNER: vendor.owner_id,
                F.UNIT: vendor.unit_id,
                F.NEXT_REVIEW: vendor.next_review_on,
                F.PARENT: vendor.parent_id,
                **dict(zip((*FACTORS, *FLAGS), exposure, strict=True)),
            },
        )


def _add_details(session: Session, found: dict[UUID, KnownVendor]) -> None:
    """Add what a vendor can have several of."""
    tags = select(VendorTag.vendor_id, Tag.name).join(Tag, Tag.id == VendorTag.tag_id)
    contacts = (
        select(Contact.vendor_id, Person.email)
        .join(Person, Person.id == Contact.person_id)
        .where(Contact.removed_at.is_(None))
    )
    details: tuple[tuple[str, Select[UUID, str]], ...] = (
        ("aliases", select(VendorAlias.vendor_id, VendorAlias.name_key)),
        ("tags", tags),
        ("contacts", contacts),
        ("notes", select(Note.vendor_id, Note.text)),
        ("sub_processors", select(SubProcessor.vendor_id, SubProcessor.name_key)),
    )
    for name, chosen in details:
        is_folded = name == "tags"
        for vendor_id, text in session.execute(chosen):
            if vendor_id in found:
                getattr(found[vendor_id], name).add(text.casefold() if is_folded else text)
    for past in session.scalars(select(PastRecord)):
        if past.vendor_id in found:
            found[past.vendor_id].past.add(
                (past.decision or "", past.decided_on, past.decided_by, "", past.tier_before)
            )
