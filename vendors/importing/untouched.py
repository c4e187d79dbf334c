"""Whether what an import wrote still stands as it left it, so that taking it back harms nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from foundation.db import Model
from vendors.import_models import PastRecord
from vendors.inventory_models import Note
from vendors.models import Contact, Vendor, VendorAlias, VendorIdentifier
from vendors.service_models import Service, SubProcessor

MADE: dict[str, type[VendorAlias | VendorIdentifier | Note | PastRecord]] = {
    "alias": VendorAlias,
    "number": VendorIdentifier,
    "note": Note,
    "past": PastRecord,
}
_OWN = frozenset(
    {"service", "tiering_record", "vendor_alias", "vendor_identifier", "vendor_tag", "contact"}
    | {"note", "past_record", "vendor_index"}
)
"""Tables an import fills itself, and the index that follows; what else points here came later."""
CHUNK = 500


def vendors_of(session: Session, rows: Iterable[dict[str, object]]) -> dict[str, Vendor]:
    """Return the vendors an import wrote of, by their ids as the batch keeps them."""
    ids = [UUID(str(row["vendor"])) for row in rows if row.get("vendor")]
    found: dict[str, Vendor] = {}
    for start in range(0, len(ids), CHUNK):
        chosen = select(Vendor).where(Vendor.id.in_(ids[start : start + CHUNK]))
        found |= {str(vendor.id): vendor for vendor in session.scalars(chosen)}
    return found


def used_since(session: Session, vendors: dict[str, Vendor]) -> set[UUID]:
    """Return the vendors that something of another table points at: an assessment, a contract.

    The rooms above are not known here; their tables are, since they name ours in a foreign key.
    """
    used: set[UUID] = set()
    ids = [vendor.id for vendor in vendors.values()]
    for table in Model.metadata.tables.values():
        if table.name in _OWN or table.name in {"vendor", "sub_processor"}:
            continue
        for column in _pointing(table):
            for start in range(0, len(ids), CHUNK):
                chosen = select(table.c[column]).where(
                    table.c[column].in_(ids[start : start + CHUNK])
                )
                used |= set(session.scalars(chosen))
    return used


@dataclass(slots=True)
class Facts:
    """What stands at the vendors of an import now, read in a few statements."""

    services: dict[UUID, set[int]] = field(default_factory=dict)
    """Versions of each vendor's services."""
    details: dict[str, dict[UUID, set[str]]] = field(default_factory=dict)
    """By table and vendor: ids of the rows."""
    contacts: dict[str, Contact] = field(default_factory=dict)
    changed_notes: set[str] = field(default_factory=set)
    """Notes that were edited since, or whose place another one took."""


def facts_of(session: Session, ids: list[UUID]) -> Facts:
    """Return what stands at some vendors now."""
    found = Facts(details={name: {} for name in (*MADE, "contact")})
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        services = select(Service.vendor_id, Service.version).where(Service.vendor_id.in_(part))
        for vendor_id, version in session.execute(services):
            found.services.setdefault(vendor_id, set()).add(version)
        for name, table in MADE.items():
            chosen = select(table.vendor_id, table.id).where(table.vendor_id.in_(part))
            for vendor_id, row_id in session.execute(chosen):
                found.details[name].setdefault(vendor_id, set()).add(str(row_id))
        changed = or_(Note.edited_at.is_not(None), Note.superseded_at.is_not(None))
        notes = session.scalars(select(Note.id).where(Note.vendor_id.in_(part), changed))
        found.changed_notes |= {str(one) for one in notes}
        for contact in session.scalars(select(Contact).where(Contact.vendor_id.in_(part))):
            found.contacts[str(contact.id)] = contact
            found.details["contact"].setdefault(contact.vendor_id, set()).add(str(contact.id))
    return found


def is_untouched(facts: Facts, vendor: Vendor, row: dict[str, Any]) -> bool:
    """Say whether a vendor is as the import left it, its service and its details included."""
    if vendor.version != row["version"] or vendor.archived_at is not None:
        return False
    if facts.changed_notes & set(row["made"].get("note", ())):
        return False
    versions = facts.services.get(vendor.id, set())
    wanted = row["service_version"]
    if row["did"] != "new":
        return wanted is None or wanted in versions
    has_only_own = all(
        rows.get(vendor.id, set()) == set(row["made"].get(name, ()))
        for name, rows in facts.details.items()
    )
    return versions == {wanted} and has_only_own


def _pointing(table: Table) -> list[str]:
    return [key.parent.name for key in table.foreign_keys if key.target_fullname == "vendor.id"]


def is_as_recorded(found: SubProcessor | None, row: dict[str, Any]) -> bool:
    """Say whether a sub-processor is as the import left it; one that is gone leaves nothing."""
    return found is None or "facts" not in row or facts_of_sub_processor(found) == row["facts"]


def facts_of_sub_processor(row: SubProcessor) -> list[object]:
    """Return what an import says of a sub-processor, as its batch keeps it."""
    provider = str(row.provider_id) if row.provider_id else ""
    return [str(row.vendor_id), provider, row.name, row.country, row.purpose, row.rank]
