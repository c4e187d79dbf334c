"""Sub-processors of a vendor: recording a list, changing one, removing one (DORA 29(2))."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.actions import Action
from foundation.errors import Conflict, Missing, Refused
from foundation.ids import new_id
from identity.rules import Author
from vendors.models import Vendor, VendorAlias
from vendors.naming import name_key
from vendors.noting import note_vendor
from vendors.pasting import PastedRow
from vendors.queries import visible_vendors
from vendors.service_models import SubProcessor
from vendors.wording import checked_name, checked_text

MOST_OF_ONE = 2000
DEEPEST_RANK = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class SubProcessorFacts:
    """What is known of a company a vendor uses; rank 1 would be the vendor itself."""

    name: str
    rank: int = 2
    country: str = ""
    purpose: str = ""
    provider: Vendor | None = None
    """The same company in our own inventory."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """How a list was taken: how many are new, and how many were known."""

    added: int
    updated: int


def record_all(
    session: Session,
    vendor: Vendor,
    rows: Sequence[PastedRow],
    *,
    rank: int,
    by: Author,
    at: datetime,
) -> Recorded:
    """Record a list. A company known already gets the new purpose and country, if there are any.

    Raises Refused when a line has a problem: nothing of the list is stored then.
    """
    bad = [f"Line {row.line}: {row.problem}" for row in rows if row.problem]
    if bad:
        raise Refused("Mend these lines or take them out: " + " ".join(bad)[:500], where="pasted")
    if not rows:
        raise Refused("There is no company in it. Write one name on each line.", where="pasted")
    _check_rank(rank)
    known = {one.name_key: one for one in _of(session, vendor.id)}
    if len(known) + len(rows) > MOST_OF_ONE:
        raise Refused(f"A vendor has at most {MOST_OF_ONE} sub-processors here.", where="pasted")
    ours = providers_named(session, by.person_id, (row.name for row in rows), but=vendor.id)
    added = updated = 0
    for row in rows:
        key = name_key(row.name)
        if key in known:
            known[key].purpose = row.purpose or known[key].purpose
            known[key].country = row.country or known[key].country
            updated += 1
            continue
        session.add(
            SubProcessor(
                id=new_id(),
                vendor_id=vendor.id,
                provider_id=ours[key].vendor_id if key in ours else None,
                name=row.name,
                name_key=key,
                country=row.country,
                purpose=row.purpose,
                rank=rank,
            )
        )
        added += 1
    session.flush()
    detail: dict[str, object] = {"added": added, "updated": updated, "rank": rank}
    note_vendor(session, Action.SUB_PROCESSOR_ADD, vendor.id, by=by, at=at, **detail)
    return Recorded(added, updated)


def edit_sub_processor(
    session: Session,
    row: SubProcessor,
    facts: SubProcessorFacts,
    *,
    by: Author,
    at: datetime,
    based_on: str | None = None,
) -> None:
    """Store what is known of a sub-processor, made on top of a state; None asks for no state.

    Raises Refused for a name that is there already, Conflict when somebody was faster.
    """
    if based_on is not None and based_on != state_of(row):
        raise Conflict(
            "Somebody else changed this company while you had it open. Theirs is stored and shown "
            "above; yours is still in the form. Compare them and save again."
        )
    name = checked_name(facts.name, what="The name")
    _check_rank(facts.rank)
    key = name_key(name)
    if any(one.name_key == key and one.id != row.id for one in _of(session, row.vendor_id)):
        raise Refused(f"{name} is in the list already.", where="name")
    if facts.provider is not None and facts.provider.id == row.vendor_id:
        raise Refused("A vendor is not its own sub-processor.", where="provider")
    row.name, row.name_key, row.rank = name, key, facts.rank
    row.country = checked_text(facts.country, what="The country", longest=200)
    row.purpose = checked_text(facts.purpose, what="The purpose", longest=1000)
    row.provider_id = facts.provider.id if facts.provider else None
    session.flush()
    note_vendor(session, Action.SUB_PROCESSOR_EDIT, row.vendor_id, by=by, at=at, name=name)


def state_of(row: SubProcessor) -> str:
    """Return what tells whether somebody else changed a sub-processor since."""
    stored = [row.name, row.rank, row.country, row.purpose, str(row.provider_id)]
    return hashlib.sha256(json.dumps(stored).encode()).hexdigest()[:16]


def remove_sub_processor(session: Session, row: SubProcessor, *, by: Author, at: datetime) -> None:
    """Take a company off the list."""
    session.delete(row)
    session.flush()
    note_vendor(session, Action.SUB_PROCESSOR_REMOVE, row.vendor_id, by=by, at=at, name=row.name)


def get_sub_processor(session: Session, vendor_id: UUID, row_id: UUID) -> SubProcessor:
    """Return a sub-processor of this vendor. Raises Missing."""
    found = session.get(SubProcessor, row_id)
    if found is None or found.vendor_id != vendor_id:
        raise Missing
    return found


@dataclass(frozen=True, slots=True)
class Ours:
    """A vendor of ours that is the same company."""

    vendor_id: UUID
    reference: str
    name: str


def providers_named(
    session: Session, viewer_id: UUID, names: Iterable[str], *, but: UUID
) -> dict[str, Ours]:
    """Return the vendors the person may see that have one of these names, by name key."""
    keys = {name_key(name) for name in names}
    seen = (visible_vendors(viewer_id), Vendor.archived_at.is_(None), Vendor.id != but)
    columns = (Vendor.id, Vendor.reference, Vendor.name)
    by_name = select(Vendor.name_key, *columns).where(Vendor.name_key.in_(keys), *seen)
    by_alias = (
        select(VendorAlias.name_key, *columns)
        .join(Vendor, Vendor.id == VendorAlias.vendor_id)
        .where(VendorAlias.name_key.in_(keys), *seen)
    )
    found: dict[str, Ours] = {}
    for row in session.execute(by_name.union(by_alias)):
        found.setdefault(row[0], Ours(*row[1:]))
    return found


def _of(session: Session, vendor_id: UUID) -> list[SubProcessor]:
    return list(session.scalars(select(SubProcessor).where(SubProcessor.vendor_id == vendor_id)))


def _check_rank(rank: int) -> None:
    if not 2 <= rank <= DEEPEST_RANK:
        raise Refused(f"A rank is from 2 to {DEEPEST_RANK}; 1 is the vendor itself.", where="rank")
