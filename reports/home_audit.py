"""What an auditor looks at first: the acts that set a rule aside, decided or issued something."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, select, union_all
from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Action
from audit.models import Entry
from contracts.models import Contract
from identity.models import Person
from reports.models import Report
from reviews.models import Finding, Review
from vendors.models import Vendor
from vendors.queries import visible_vendors

TOLD = (
    Action.DECISION_FINAL,
    Action.EXEMPTION_GRANT,
    Action.EXEMPTION_END,
    Action.FINDING_ACCEPT,
    Action.CLAUSE_WAIVE,
    Action.VENDOR_OVERRIDE,
    Action.REPORT_ISSUE,
    Action.ORGANISATION_EDIT,
    Action.ROLE_GRANT,
    Action.ROLE_REVOKE,
)
MOST_SHOWN = 10
MOST_READ = 50
LOOKED_AT = 20_000
"""Entries looked through, from the newest: the page costs the same however long the ledger is."""


@dataclass(frozen=True, slots=True)
class Change:
    """One act; the vendor is None where it concerns none, or none this person may see."""

    at: datetime
    action: Action
    by: str
    vendor_id: UUID | None
    vendor: str
    reference: str
    times: int = 1


def changes_of(session: Session, viewer_id: UUID, *, newest: int) -> list[Change]:
    """Return what changed lately, below the entry `newest`; two statements."""
    chosen = (
        select(Entry.at, Entry.action, Entry.actor_id, Person.name, Entry.subject_id)
        .outerjoin(Person, Person.actor_id == Entry.actor_id)
        .where(
            Entry.seq > newest - LOOKED_AT,
            Entry.action.in_([action.value for action in TOLD]),
        )
        .order_by(Entry.seq.desc())
        .limit(MOST_READ)
    )
    found: list[tuple[Any, ...]] = [tuple(row) for row in session.execute(chosen)]
    about = _about(session, viewer_id, {row[4] for row in found}) if found else {}
    return _gathered(_change(row, about) for row in found)[:MOST_SHOWN]


def _gathered(changes: Iterable[Change]) -> list[Change]:
    """Make one line of the same act by the same person about the same thing."""
    made: list[Change] = []
    for one in changes:
        last = made[-1] if made else None
        if last is not None and replace(one, at=last.at, times=last.times) == last:
            made[-1] = replace(last, times=last.times + 1)
        else:
            made.append(one)
    return made


def _change(row: tuple[Any, ...], about: dict[UUID, tuple[UUID, str, str]]) -> Change:
    at, action, actor_id, name, subject_id = row
    vendor_id, vendor, reference = about.get(subject_id, (None, "", ""))
    by = "Duly" if actor_id == SYSTEM.id else name or ""
    return Change(at, Action(action), by, vendor_id, vendor, reference)


def _about(
    session: Session, viewer_id: UUID, wanted: Iterable[UUID]
) -> dict[UUID, tuple[UUID, str, str]]:
    """Return of each subject the vendor it belongs to and its own reference."""
    ids = list(wanted)
    own = select(Vendor.id, Vendor.id.label("vendor_id"), Vendor.name, Vendor.reference).where(
        Vendor.id.in_(ids), visible_vendors(viewer_id)
    )
    parts: list[Any] = [
        select(kind.id, Vendor.id, Vendor.name, kind.reference)
        .join(Vendor, Vendor.id == kind.vendor_id)
        .where(kind.id.in_(ids), visible_vendors(viewer_id))
        for kind in (Review, Contract, Finding, Report)
    ]
    everything: CompoundSelect[Any] = union_all(own, *parts)
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(everything)}
