"""Merging two vendors that are one company, in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Conflict, Refused
from identity.rules import Author
from operations.merge_parts import bring_together, keep_names, keep_sight
from operations.merge_plan import FIELDS, OTHER, SIMPLE, refusal_to_merge
from vendors import search_index
from vendors.group_queries import ancestors_of
from vendors.models import Vendor
from vendors.naming import domain_key, name_key
from vendors.rules import VendorState
from vendors.service_commands import retier


def merge(  # noqa: PLR0913  every part of a merge is named
    session: Session,
    keep: Vendor,
    other: Vendor,
    choices: Mapping[str, str],
    *,
    versions: tuple[int, int],
    by: Author,
    at: datetime,
) -> None:
    """Make the other vendor part of the kept one; its address leads there from now on.

    `choices` says for a fact whose value wins, "keep" or "other". Raises Refused with the way out,
    and Conflict when either was changed since somebody looked.
    """
    both = select(Vendor).where(Vendor.id.in_([keep.id, other.id])).order_by(Vendor.id)
    session.scalars(both.with_for_update().execution_options(populate_existing=True)).all()
    if (keep.version, other.version) != versions or keep.merged_into_id or other.merged_into_id:
        raise Conflict(
            "One of the two was changed since you opened this page. "
            "Look at the preview again and merge them then."
        )
    sentence = refusal_to_merge(session, keep, other)
    if sentence:
        raise Refused(sentence)
    for table in SIMPLE:
        moved = update(table).where(table.vendor_id == other.id)
        session.execute(moved.values(vendor_id=keep.id))
    keep_sight(session, keep, other, at)
    names = (keep.name, other.name, other.legal_name)
    _take_facts(session, keep, other, choices)
    bring_together(session, keep, other, choices, at)
    keep_names(session, keep, other, names)
    _leave(session, keep, other, at)
    retier(session, keep.id)
    # Numbers change hands in one statement, which the index of the kept one does not see.
    search_index.refresh(session.connection(), [keep.id, other.id])
    for vendor, detail in (
        (keep, {"merged": other.reference, "name": other.name}),
        (other, {"into": keep.reference, "name": keep.name}),
    ):
        record(
            session,
            at=at,
            actor=by.actor,
            action=Action.VENDOR_MERGE,
            subject=("vendor", vendor.id),
            detail=dict(detail),
        )


def _take_facts(session: Session, keep: Vendor, other: Vendor, choices: Mapping[str, str]) -> None:
    taken = [name for name in FIELDS if choices.get(name) == OTHER and name != "parent_id"]
    for name in taken:
        setattr(keep, name, getattr(other, name))
    keep.name_key, keep.domain_key = name_key(keep.name), domain_key(keep.website)
    wanted = [keep.parent_id, other.parent_id]
    if choices.get("parent_id") == OTHER:
        wanted.reverse()
    keep.parent_id = None
    daughters = update(Vendor).where(Vendor.parent_id == other.id)
    session.execute(daughters.values(parent_id=keep.id))
    session.flush()
    keep.parent_id = next((one for one in wanted if one and _fits(session, keep, other, one)), None)
    session.flush()


def _fits(session: Session, keep: Vendor, other: Vendor, parent_id: UUID) -> bool:
    return not {keep.id, other.id} & set(ancestors_of(session, parent_id))


def _leave(session: Session, keep: Vendor, other: Vendor, at: datetime) -> None:
    """Leave of the other vendor its row and its reports: nothing counts it any more."""
    other.merged_into_id, other.archived_at = keep.id, at
    other.parent_id = None
    other.state = VendorState.ENDED
    other.cleared_by = other.cleared_on = other.next_review_on = None
    earlier = update(Vendor).where(Vendor.merged_into_id == other.id)
    session.execute(earlier.values(merged_into_id=keep.id))
    session.flush()
