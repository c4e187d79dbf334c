"""Whether what an import wrote still stands as it left it, so that taking it back harms nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from foundation.db import Model
from vendors.import_models import PastRecord
from vendors.importing.outcome import Stayed
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
    passed_over = _OWN | {"vendor", "sub_processor"}
    return _named(session, "vendor.id", [one.id for one in vendors.values()], passed_over)


def _named(
    session: Session, key: str, ids: list[UUID], passed_over: Collection[str] = ()
) -> set[UUID]:
    """Return which of some rows are named in a foreign key of any table but those passed over."""
    used: set[UUID] = set()
    for table in Model.metadata.tables.values():
        if table.name in passed_over:
            continue
        for column in (one.parent for one in table.foreign_keys if one.target_fullname == key):
            for start in range(0, len(ids), CHUNK):
                chosen = select(column).where(column.in_(ids[start : start + CHUNK]))
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
    named_contacts: set[UUID] = field(default_factory=set)
    """Contacts added with the import whom something names since, such as an assessment."""

    def why_contact_stays(self, contact_id: str, version: int | None) -> Stayed | None:
        """Return why an imported contact is not taken off, or None when it goes or is gone.

        `version` is the one the import left; None, of an import that kept none, fits any.
        """
        contact = self.contacts.get(contact_id)
        if contact is None or contact.removed_at is not None:
            return None
        if contact.id in self.named_contacts:
            return Stayed.USED
        return Stayed.CHANGED if version not in {None, contact.version} else None


def facts_of(session: Session, ids: list[UUID], since: datetime) -> Facts:
    """Return what stands at some vendors now; `since` is when the import was."""
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
    added = [one.id for one in found.contacts.values() if one.created_at >= since]
    found.named_contacts = _named(session, "contact.id", added)
    return found


def is_untouched(facts: Facts, vendor: Vendor, row: dict[str, Any]) -> bool:
    """Say whether a vendor is as the import added it, its service and its details included."""
    if vendor.version != row["version"] or vendor.archived_at is not None:
        return False
    if facts.changed_notes & set(row["made"].get("note", ())):
        return False
    versions = facts.services.get(vendor.id, set())
    wanted = row["service_version"]
    has_only_own = all(
        rows.get(vendor.id, set()) == set(row["made"].get(name, ()))
        for name, rows in facts.details.items()
    )
    return versions == {wanted} and has_only_own


def is_as_recorded(found: SubProcessor | None, row: dict[str, Any]) -> bool:
    """Say whether a sub-processor is as the import left it; one that is gone leaves nothing."""
    return found is None or "facts" not in row or facts_of_sub_processor(found) == row["facts"]


def facts_of_sub_processor(row: SubProcessor) -> list[object]:
    """Return what an import says of a sub-processor, as its batch keeps it."""
    provider = str(row.provider_id) if row.provider_id else ""
    return [str(row.vendor_id), provider, row.name, row.country, row.purpose, row.rank]
