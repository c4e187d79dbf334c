"""Taking an import back: rows nobody touched since are undone, the others are named."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Refused
from identity.rules import Author
from vendors.contact_commands import remove_contacts
from vendors.importing.untouched import (
    CHUNK,
    MADE,
    facts_of,
    is_as_recorded,
    is_untouched,
    used_since,
    vendors_of,
)
from vendors.inventory_models import ImportBatch, VendorTag
from vendors.models import Vendor
from vendors.naming import domain_key
from vendors.queries import default_service
from vendors.service_commands import set_exposure
from vendors.service_models import SubProcessor
from vendors.tiering import Exposure

UNDONE_WITHIN = timedelta(days=30)


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
    vendors = vendors_of(session, batch.rows)
    used = used_since(session, vendors)
    facts = facts_of(session, [vendor.id for vendor in vendors.values()])
    kept: list[str] = []
    back: list[dict[str, Any]] = []
    count = 0
    for row in reversed(batch.rows):
        vendor = vendors.get(str(row.get("vendor", "")))
        if seen is not None and str(row.get("vendor", "")) not in seen:
            continue
        if row["did"] == "behind":
            behind = _sub_processor(session, row)
            if not is_as_recorded(behind, row):
                kept.append(str(row["name"]))
                continue
            if behind is not None:
                session.delete(behind)
        elif vendor is None or vendor.id in used or not is_untouched(facts, vendor, row):
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


def _take_back(
    session: Session, vendor: Vendor, row: dict[str, Any], *, by: Author, at: datetime
) -> None:
    made: dict[str, list[str]] = row["made"]
    if row["did"] == "new":
        vendor.archived_at = at
        return
    for name in MADE:
        _delete(session, name, made.get(name, ()))
    tags = [UUID(one) for one in made.get("tag", ())]
    if tags:
        session.execute(
            delete(VendorTag).where(VendorTag.vendor_id == vendor.id, VendorTag.tag_id.in_(tags))
        )
    _restore(session, vendor, dict(row["before"]), by=by, at=at)


def _delete(session: Session, name: str, row_ids: Iterable[str]) -> None:
    table = MADE[name]
    ids = [UUID(one) for one in row_ids]
    for start in range(0, len(ids), CHUNK):
        session.execute(delete(table).where(table.id.in_(ids[start : start + CHUNK])))


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


def _sub_processor(session: Session, row: dict[str, Any]) -> SubProcessor | None:
    return session.get(SubProcessor, UUID(row["sub_processor"])) if row["sub_processor"] else None


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
