"""Changing many vendors at once: one transaction, a ledger entry for each, one undo for all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.queries import list_staff
from audit.actions import Action
from audit.changes import Changes, pair, put
from foundation.errors import Refused
from foundation.ids import new_id
from identity.rules import Author
from vendors.bulk_queries import MOST_AT_ONCE, batched, changeable
from vendors.inventory_models import BulkChange, Tag, VendorTag
from vendors.models import Vendor
from vendors.noting import note_vendor
from vendors.rules import OVER, BulkKind
from vendors.tag_commands import checked_tag, find_tag_named, tag_named

UNDO_WITHIN = timedelta(hours=24)

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Work:
    """What one change needs to know of the transaction it runs in."""

    session: Session
    kind: BulkKind
    value: str
    bulk_id: UUID
    by: Author
    at: datetime


def change_many(
    session: Session,
    kind: BulkKind,
    vendor_ids: list[UUID],
    value: str,
    *,
    by: Author,
    at: datetime,
) -> BulkChange:
    """Change vendors the person may see, and keep what they were before.

    `value` is the new owner's id, or the tag's name. A vendor that cannot be changed is left as it
    is, with the reason. Raises Refused when nothing is chosen, or too much, or the value is none.
    """
    if not vendor_ids:
        raise Refused("No vendor is chosen. Tick some in the list, or take all that match.")
    if len(vendor_ids) > MOST_AT_ONCE:
        raise Refused(f"More than {MOST_AT_ONCE} vendors are too many at once. Add a filter.")
    work = _Work(session, kind, _checked(session, kind, value), new_id(), by, at)
    rows: list[Row] = []
    for some in batched(dict.fromkeys(vendor_ids)):
        chosen = select(Vendor).where(Vendor.id.in_(some), changeable(by.person_id))
        vendors = list(session.scalars(chosen.order_by(Vendor.name_key, Vendor.id)))
        made = _CHANGES[kind](work, vendors)
        session.flush()
        versions = {str(vendor.id): str(vendor.version) for vendor in vendors}
        rows += [{**row, "version": versions[row["vendor"]]} for row in made]
    bulk = BulkChange(id=work.bulk_id, kind=kind, by_id=by.person_id, at=at, rows=rows)
    session.add(bulk)
    session.flush()
    return bulk


def undo_many(session: Session, bulk: BulkChange, *, by: Author, at: datetime) -> None:
    """Take a change of many back, but leave vendors that were changed since.

    Raises Refused after a day, or when it was taken back already.
    """
    session.refresh(bulk, with_for_update=True)  # of two at once the second sees the first
    if bulk.undone_at is not None:
        raise Refused("This change was taken back already.")
    if at > bulk.at + UNDO_WITHIN:
        raise Refused("A change can be taken back for 24 hours. Make the opposite change instead.")
    work = _Work(session, bulk.kind, "", bulk.id, by, at)
    rows = [dict(row) for row in bulk.rows]
    open_rows = {UUID(row["vendor"]): row for row in rows if "why" not in row}
    for some in batched(open_rows):
        chosen = select(Vendor).where(Vendor.id.in_(some), changeable(by.person_id))
        found = {vendor.id: vendor for vendor in session.scalars(chosen)}
        for vendor_id in some:
            vendor = found.get(vendor_id)
            is_back = vendor is not None and _take_back(work, vendor, open_rows[vendor_id])
            open_rows[vendor_id]["undone"] = "yes" if is_back else "no"
    bulk.rows, bulk.undone_at = rows, at
    session.flush()


def _checked(session: Session, kind: BulkKind, value: str) -> str:
    if kind is BulkKind.OWNER:
        if value not in {str(row.person_id) for row in list_staff(session)}:
            raise Refused("Choose who the vendors belong to from now on.", where="owner")
        return value
    if kind is BulkKind.ARCHIVE:
        return ""
    return checked_tag(value)


def _give(work: _Work, vendors: list[Vendor]) -> list[Row]:
    rows = []
    for vendor in vendors:
        before, owner_id = vendor.owner_id, UUID(work.value)
        if before == owner_id:
            rows.append(_left_out(vendor, "belongs to this person already"))
            continue
        _note(work, vendor, "owner_id", put(vendor, {"owner_id": owner_id}))
        rows.append(_row(vendor, str(before), str(owner_id)))
    return rows


def _archive(work: _Work, vendors: list[Vendor]) -> list[Row]:
    rows = []
    for vendor in vendors:
        if vendor.archived_at is not None:
            rows.append(_left_out(vendor, "is archived already"))
        elif vendor.state not in OVER:
            rows.append(_left_out(vendor, "is still in use: end or decline it first"))
        else:
            vendor.archived_at = work.at
            _note(work, vendor, "archived_at", {})
            rows.append(_row(vendor, "", "archived"))
    return rows


def _add_tag(work: _Work, vendors: list[Vendor]) -> list[Row]:
    tag = tag_named(work.session, work.value)
    has = _tagged(work.session, tag.id, vendors)
    rows = []
    for vendor in vendors:
        if vendor.id in has:
            rows.append(_left_out(vendor, "has this tag already"))
            continue
        work.session.add(VendorTag(vendor_id=vendor.id, tag_id=tag.id))
        _note(work, vendor, "tags", {"tags": pair("", tag.name)})
        rows.append(_row(vendor, "", str(tag.id)))
    return rows


def _remove_tag(work: _Work, vendors: list[Vendor]) -> list[Row]:
    tag = find_tag_named(work.session, work.value)
    if tag is None:
        raise Refused("No vendor has this tag. Choose one of those shown.", where="tag")
    has = _tagged(work.session, tag.id, vendors)
    rows = []
    for vendor in vendors:
        if vendor.id not in has:
            rows.append(_left_out(vendor, "does not have this tag"))
            continue
        work.session.delete(has[vendor.id])
        _note(work, vendor, "tags", {"tags": pair(tag.name, "")})
        rows.append(_row(vendor, str(tag.id), ""))
    return rows


_CHANGES: dict[BulkKind, Callable[[_Work, list[Vendor]], list[Row]]] = {
    BulkKind.OWNER: _give,
    BulkKind.ADD_TAG: _add_tag,
    BulkKind.REMOVE_TAG: _remove_tag,
    BulkKind.ARCHIVE: _archive,
}


def _take_back(work: _Work, vendor: Vendor, row: Row) -> bool:
    """Put one vendor back; False when somebody changed it since."""
    if work.kind in {BulkKind.ADD_TAG, BulkKind.REMOVE_TAG}:
        return _take_back_tag(work, vendor, row)
    if str(vendor.version) != row["version"]:
        return False
    if work.kind is BulkKind.OWNER:
        _note(work, vendor, "owner_id", put(vendor, {"owner_id": UUID(row["before"])}))
    else:
        _note(work, vendor, "archived_at", put(vendor, {"archived_at": None}))
    return True


def _take_back_tag(work: _Work, vendor: Vendor, row: Row) -> bool:
    tag_id = UUID(row["before"] or row["after"])
    known = work.session.get(VendorTag, (vendor.id, tag_id))
    if (known is None) is not (work.kind is BulkKind.REMOVE_TAG):
        return False
    if known is not None:
        work.session.delete(known)
    elif work.session.get(Tag, tag_id) is None:
        return False
    else:
        work.session.add(VendorTag(vendor_id=vendor.id, tag_id=tag_id))
    _note(work, vendor, "tags", {})
    return True


def _tagged(session: Session, tag_id: UUID, vendors: list[Vendor]) -> dict[UUID, VendorTag]:
    chosen = select(VendorTag).where(
        VendorTag.tag_id == tag_id, VendorTag.vendor_id.in_([vendor.id for vendor in vendors])
    )
    return {row.vendor_id: row for row in session.scalars(chosen)}


def _row(vendor: Vendor, before: str, after: str) -> Row:
    return {"vendor": str(vendor.id), "before": before, "after": after}


def _left_out(vendor: Vendor, why: str) -> Row:
    return {"vendor": str(vendor.id), "why": why}


def _note(work: _Work, vendor: Vendor, field: str, changes: Changes) -> None:
    archives = work.kind is BulkKind.ARCHIVE and vendor.archived_at is not None
    action = Action.VENDOR_ARCHIVE if archives else Action.VENDOR_EDIT
    told: dict[str, object] = {"fields": [field], "bulk": str(work.bulk_id)}
    if changes:
        told["changes"] = changes
    note_vendor(work.session, action, vendor.id, by=work.by, at=work.at, **told)
