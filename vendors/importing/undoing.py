"""Taking an import back: rows nobody touched since are undone, the others are named."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.db import Model
from foundation.errors import Refused
from identity.rules import Author
from vendors.contact_commands import remove_contacts
from vendors.import_models import PastRecord
from vendors.inventory_models import ImportBatch, Note, VendorTag
from vendors.models import Contact, Vendor, VendorAlias, VendorIdentifier
from vendors.naming import domain_key
from vendors.queries import default_service
from vendors.service_commands import set_exposure
from vendors.service_models import Service, SubProcessor
from vendors.tiering import Exposure

UNDONE_WITHIN = timedelta(days=30)
_MADE: dict[str, type[VendorAlias | VendorIdentifier | Note | PastRecord]] = {
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
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Undone:
    """How an undo ended: how many rows are back, and the names of those that stay."""

    count: int
    kept: tuple[str, ...]


def may_undo(batch: ImportBatch, at: datetime) -> bool:
    """Say whether an import can still be undone: within 30 days, once."""
    return batch.undone_at is None and at - batch.at <= UNDONE_WITHIN


def undo_import(
    session: Session,
    batch: ImportBatch,
    *,
    by: Author,
    at: datetime,
    seen: Collection[str] | None = None,
) -> Undone:
    """Take an import back, row by row, leaving what was changed since. Raises Refused.

    `seen` are the ids of the vendors that whoever undoes may see; others stay, without a name.

    A vendor that the import added is archived, not deleted: its tier records are never deleted.
    """
    if not may_undo(batch, at):
        raise Refused("This import was undone already, or is older than 30 days.")
    vendors = _vendors(session, batch.rows)
    used = _used_since(session, vendors)
    facts = _facts(session, [vendor.id for vendor in vendors.values()])
    kept: list[str] = []
    back: list[dict[str, Any]] = []
    count = 0
    for row in reversed(batch.rows):
        vendor = vendors.get(str(row.get("vendor", "")))
        if seen is not None and str(row.get("vendor", "")) not in seen:
            continue
        if row["did"] == "behind":
            _forget_sub_processor(session, str(row["sub_processor"]))
        elif vendor is None or vendor.id in used or not _is_untouched(facts, vendor, row):
            kept.append(str(row["name"]))
            continue
        else:
            _take_back(session, vendor, row, by=by, at=at)
            _note(session, batch, ("vendor", vendor.id), by=by, at=at)
            back.append(row)
        count += 1
    # Another row may bear the number of an archived vendor from now on.
    _delete(session, "number", _made(back, "number"))
    contacts = [facts.contacts[one] for one in _made(back, "contact") if one in facts.contacts]
    remove_contacts(session, contacts, by=by, at=at)
    batch.undone_at = at
    session.flush()
    _note(session, batch, ("import", batch.id), by=by, at=at, undone=count, kept=len(kept))
    return Undone(count, tuple(reversed(kept)))


def _vendors(session: Session, rows: Iterable[dict[str, object]]) -> dict[str, Vendor]:
    ids = [UUID(str(row["vendor"])) for row in rows if row.get("vendor")]
    found: dict[str, Vendor] = {}
    for start in range(0, len(ids), _CHUNK):
        chosen = select(Vendor).where(Vendor.id.in_(ids[start : start + _CHUNK]))
        found |= {str(vendor.id): vendor for vendor in session.scalars(chosen)}
    return found


def _used_since(session: Session, vendors: dict[str, Vendor]) -> set[UUID]:
    """Return the vendors that something of another table points at: an assessment, a contract.

    The rooms above are not known here; their tables are, since they name ours in a foreign key.
    """
    used: set[UUID] = set()
    ids = [vendor.id for vendor in vendors.values()]
    for table in Model.metadata.tables.values():
        if table.name in _OWN or table.name in {"vendor", "sub_processor"}:
            continue
        for column in _pointing(table):
            for start in range(0, len(ids), _CHUNK):
                chosen = select(table.c[column]).where(
                    table.c[column].in_(ids[start : start + _CHUNK])
                )
                used |= set(session.scalars(chosen))
    return used


def _pointing(table: Table) -> list[str]:
    return [key.parent.name for key in table.foreign_keys if key.target_fullname == "vendor.id"]


@dataclass(slots=True)
class _Facts:
    """What stands at the vendors of an import now, read in a few statements."""

    services: dict[UUID, set[int]] = field(default_factory=dict)
    """Versions of each vendor's services."""
    details: dict[str, dict[UUID, set[str]]] = field(default_factory=dict)
    """By table and vendor: ids of the rows."""
    contacts: dict[str, Contact] = field(default_factory=dict)


def _facts(session: Session, ids: list[UUID]) -> _Facts:
    found = _Facts(details={name: {} for name in (*_MADE, "contact")})
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        services = select(Service.vendor_id, Service.version).where(Service.vendor_id.in_(part))
        for vendor_id, version in session.execute(services):
            found.services.setdefault(vendor_id, set()).add(version)
        for name, table in _MADE.items():
            chosen = select(table.vendor_id, table.id).where(table.vendor_id.in_(part))
            for vendor_id, row_id in session.execute(chosen):
                found.details[name].setdefault(vendor_id, set()).add(str(row_id))
        for contact in session.scalars(select(Contact).where(Contact.vendor_id.in_(part))):
            found.contacts[str(contact.id)] = contact
            found.details["contact"].setdefault(contact.vendor_id, set()).add(str(contact.id))
    return found


def _is_untouched(facts: _Facts, vendor: Vendor, row: dict[str, Any]) -> bool:
    """Say whether a vendor is as the import left it, its service and its details included."""
    if vendor.version != row["version"] or vendor.archived_at is not None:
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


def _take_back(
    session: Session, vendor: Vendor, row: dict[str, Any], *, by: Author, at: datetime
) -> None:
    made: dict[str, list[str]] = row["made"]
    if row["did"] == "new":
        vendor.archived_at = at
        return
    for name in _MADE:
        _delete(session, name, made.get(name, ()))
    tags = [UUID(one) for one in made.get("tag", ())]
    if tags:
        session.execute(
            delete(VendorTag).where(VendorTag.vendor_id == vendor.id, VendorTag.tag_id.in_(tags))
        )
    _restore(session, vendor, dict(row["before"]), by=by, at=at)


def _delete(session: Session, name: str, row_ids: Iterable[str]) -> None:
    table = _MADE[name]
    ids = [UUID(one) for one in row_ids]
    for start in range(0, len(ids), _CHUNK):
        session.execute(delete(table).where(table.id.in_(ids[start : start + _CHUNK])))


def _made(rows: Iterable[dict[str, Any]], name: str) -> list[str]:
    return [one for row in rows for one in row["made"].get(name, ())]


def _restore(
    session: Session, vendor: Vendor, before: dict[str, Any], *, by: Author, at: datetime
) -> None:
    exposure = before.pop("exposure", None)
    for column, value in before.items():
        setattr(vendor, column, _typed(column, value))
    if "website" in before:
        vendor.domain_key = domain_key(vendor.website)
    if exposure is not None:
        service = default_service(session, vendor.id)
        set_exposure(session, service, Exposure(**exposure), service.intake, by=by, at=at)
    session.flush()


def _typed(column: str, value: object) -> object:
    if value is None:
        return None
    if column.endswith("_id"):
        return UUID(str(value))
    return date.fromisoformat(str(value)) if column == "next_review_on" else value


def _forget_sub_processor(session: Session, row_id: str) -> None:
    if row_id:
        session.execute(delete(SubProcessor).where(SubProcessor.id == UUID(row_id)))


def _note(
    session: Session,
    batch: ImportBatch,
    subject: tuple[str, UUID],
    *,
    by: Author,
    at: datetime,
    **detail: object,
) -> None:
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.VENDOR_IMPORT_UNDO,
        subject=subject,
        detail={**detail, "import": str(batch.id)},
    )
