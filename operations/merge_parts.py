"""Bringing together what two vendors both have: people, services, reviews, names, tags."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from contracts import matrix_commands as matrices
from evidence import seals as files
from evidence.hold_models import LegalHold
from evidence.holds import find_hold
from evidence.models import Evidence
from foundation.crypto import Tampered
from foundation.errors import Refused
from foundation.ids import new_id
from operations.merge_plan import OTHER, added_name
from questionnaires.answer_models import SectionAssignment
from questionnaires.models import Assessment
from reviews.models import Review
from reviews.rules import ReviewState
from vendors.inventory_models import CustomValue, VendorTag
from vendors.models import Contact, Vendor, VendorAlias, VendorCountry, VendorGrant
from vendors.naming import name_key
from vendors.offboarding_models import OffboardingLine
from vendors.service_models import Service, SubProcessor


def bring_together(
    session: Session, keep: Vendor, other: Vendor, choices: Mapping[str, str], at: datetime
) -> None:
    """Move everything that may meet its like. Raises Refused for a file that was tampered with."""
    _contacts(session, keep, other, at)
    _services(session, keep, other)
    _reviews(session, keep, other)
    _evidence(session, keep, other)
    _holds(session, keep, other, at)
    _sub_processors(session, keep, other)
    _unite(session, VendorTag, ("tag_id",), keep, other)
    _unite(session, VendorCountry, ("country", "presence"), keep, other)
    _added_values(session, keep, other, choices)
    matrices.bring_together(session, keep.id, other.id)
    lines = update(OffboardingLine).where(OffboardingLine.vendor_id == other.id)
    session.execute(lines.values(vendor_id=keep.id, is_past=True))


def _contacts(session: Session, keep: Vendor, other: Vendor, at: datetime) -> None:
    """Move people; somebody who acts for both acts once, with all their work."""
    mine = {one.person_id: one for one in _rows(session, Contact, keep)}
    has_primary = any(one.is_primary for one in mine.values())
    for contact in _rows(session, Contact, other):
        known = mine.get(contact.person_id)
        if known is None:
            contact.is_primary = contact.is_primary and not has_primary
            contact.vendor_id = keep.id
            continue
        if contact.removed_at is None and known.removed_at is not None:
            known.removed_at = known.left_on = None
        known.job_title = known.job_title or contact.job_title
        known.duties = list(dict.fromkeys([*known.duties, *contact.duties]))
        contact.is_primary, contact.removed_at = False, contact.removed_at or at
        for table in (Assessment, SectionAssignment):
            moved = update(table).where(table.contact_id == contact.id)
            session.execute(moved.values(contact_id=known.id))
    session.flush()


def _services(session: Session, keep: Vendor, other: Vendor) -> None:
    """Move services; one whose name is taken says where it came from."""
    taken = {one.name.casefold() for one in _rows(session, Service, keep)}
    for service in _rows(session, Service, other):
        if service.name.casefold() in taken:
            service.name = f"{service.name} ({other.reference})"
        service.is_default = False
        service.vendor_id = keep.id
    session.flush()


def _reviews(session: Session, keep: Vendor, other: Vendor) -> None:
    """Count cycles anew: the other's decided ones first, so that the kept standing stays.

    An open one is the newest, whosever it was.
    """
    every = [*_rows(session, Review, keep), *_rows(session, Review, other)]
    every.sort(
        key=lambda one: (
            one.state is not ReviewState.DECIDED,
            one.vendor_id == keep.id,
            one.opened_at,
        )
    )
    for place, review in enumerate(every, 1):
        review.cycle = -place  # out of the way: two cycles of one number cannot meet
        review.vendor_id = keep.id
    session.flush()
    for review in every:
        review.cycle = -review.cycle
    session.flush()


def _evidence(session: Session, keep: Vendor, other: Vendor) -> None:
    for row in _rows(session, Evidence, other):
        try:
            files.give_to(row, keep.id)
        except Tampered:
            raise Refused(
                f"The record of the file {row.reference} was changed outside of Duly, so it cannot "
                "be moved. Nothing was merged. Tell an administrator."
            ) from None
    session.flush()


def _holds(session: Session, keep: Vendor, other: Vendor, at: datetime) -> None:
    """Move holds along; a vendor is held once, so of two the other one ends."""
    is_held = find_hold(session, keep.id, None) is not None
    for hold in _rows(session, LegalHold, other):
        if is_held and hold.evidence_id is None and hold.lifted_at is None:
            hold.lifted_at, hold.lifted_by_id = at, hold.set_by_id
            hold.lifted_reason = f"{other.reference} became part of {keep.reference}, held itself."
        hold.vendor_id = keep.id
    session.flush()


def _sub_processors(session: Session, keep: Vendor, other: Vendor) -> None:
    mine = {one.name_key: one for one in _rows(session, SubProcessor, keep)}
    for row in _rows(session, SubProcessor, other):
        known = mine.get(row.name_key)
        if known is None:
            row.vendor_id = keep.id
            continue
        known.purpose, known.country = known.purpose or row.purpose, known.country or row.country
        known.rank = min(known.rank, row.rank)
        known.provider_id = known.provider_id or row.provider_id
        session.delete(row)
    session.flush()
    used = update(SubProcessor).where(SubProcessor.provider_id == other.id)
    session.execute(used.values(provider_id=keep.id))
    itself = (SubProcessor.vendor_id == keep.id, SubProcessor.provider_id == keep.id)
    session.execute(update(SubProcessor).where(*itself).values(provider_id=None))


def keep_names(session: Session, keep: Vendor, other: Vendor, names: Iterable[str]) -> None:
    """Keep every name the two were known by, so that searches for either find the one."""
    known = {keep.name_key, *(one.name_key for one in _rows(session, VendorAlias, keep))}
    for row in _rows(session, VendorAlias, other):
        if row.name_key in known:
            session.delete(row)
        else:
            row.vendor_id = keep.id
            known.add(row.name_key)
    for name in names:
        key = name_key(name) if name else ""
        if key and key not in known:
            session.add(VendorAlias(id=new_id(), vendor_id=keep.id, name=name, name_key=key))
            known.add(key)
    session.flush()


def keep_sight(session: Session, keep: Vendor, other: Vendor, at: datetime) -> None:
    """If either was need-to-know, the one is; whoever was named for either sees it.

    The other's address hides with it: whoever may not see the one is not led there.
    """
    granted = {
        vendor.id: {one.person_id for one in _rows(session, VendorGrant, vendor)}
        for vendor in (keep, other)
    }
    people = granted[keep.id] | granted[other.id]
    if other.is_need_to_know or keep.is_need_to_know:
        keep.is_need_to_know = other.is_need_to_know = True
        people |= {other.owner_id, keep.owner_id}
    session.add_all(
        VendorGrant(id=new_id(), vendor_id=vendor_id, person_id=one, granted_at=at)
        for vendor_id, known in granted.items()
        for one in people - known
    )
    session.flush()


def _unite(
    session: Session, table: type[Any], names: tuple[str, ...], keep: Vendor, other: Vendor
) -> None:
    """Give the kept vendor what it has not; the other's rows go."""
    known = {tuple(getattr(one, name) for name in names) for one in _rows(session, table, keep)}
    for row in _rows(session, table, other):
        values = tuple(getattr(row, name) for name in names)
        if values not in known:
            session.add(table(vendor_id=keep.id, **dict(zip(names, values, strict=True))))
    session.execute(delete(table).where(table.vendor_id == other.id))
    session.flush()


def _added_values(
    session: Session, keep: Vendor, other: Vendor, choices: Mapping[str, str]
) -> None:
    mine = {one.field_id: one for one in _rows(session, CustomValue, keep)}
    for row in _rows(session, CustomValue, other):
        known = mine.get(row.field_id)
        if known is None:
            session.add(CustomValue(vendor_id=keep.id, field_id=row.field_id, value=row.value))
        elif choices.get(added_name(row.field_id)) == OTHER:
            known.value = row.value
        session.delete(row)
    session.flush()


def _rows(session: Session, table: type[Any], vendor: Vendor) -> list[Any]:
    owner: UUID = vendor.id
    return list(session.scalars(select(table).where(table.vendor_id == owner)))
