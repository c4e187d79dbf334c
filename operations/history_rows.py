"""Everything the ledger holds about one vendor and what belongs to it, for a page and a file."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from audit.actions import Action, ActorKind, action_of
from audit.models import Entry
from contracts.models import ClauseCheck, Contract
from identity.queries import names_of_actors
from operations.ledger_changes import changes_of, names_in
from operations.ledger_details import SPOKEN
from operations.ledger_subjects import KINDS as SUBJECTS
from operations.ledger_subjects import names_of_subjects
from reviews.decision_models import Condition
from vendors.models import Vendor

SIZE = 100
MOST_EXPORTED = 20_000
TOLD = ("condition", "reason", "note", "name", "added", "removed")
"""Parts of an entry that are words of people or names, never codes."""

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

KINDS: dict[str, LazyString] = {
    "vendor": _l("The vendor itself"),
    "service": _l("Services"),
    "assessment": _l("Assessments"),
    "evidence": _l("Evidence"),
    "contract": _l("Contracts"),
    "review": _l("Reviews"),
    "finding": _l("Findings"),
    "condition": _l("Conditions"),
    "report": _l("Reports"),
    "clause": _l("Clauses"),
}
"""The kinds of things that belong to a vendor, of all the ledger knows, and their words."""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One entry as a page or a file prints it."""

    seq: int
    at: datetime
    actor: str
    actor_kind: ActorKind
    action: Action | None
    subject: str
    told: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some entries, newest first, and where the older ones begin."""

    rows: tuple[HistoryRow, ...]
    older_than: int | None


def history_of_vendor(
    session: Session,
    viewer_id: UUID,
    vendor_id: UUID,
    *,
    kind: str = "",
    before: int | None = None,
    size: int = SIZE,
) -> HistoryPage:
    """Return a page of what happened to a vendor, and to the vendors merged into it."""
    chosen = select(Entry).where(_about(vendor_id, kind)).order_by(Entry.seq.desc())
    if before is not None:
        chosen = chosen.where(Entry.seq < before)
    entries = list(session.scalars(chosen.limit(size + 1)))
    shown = entries[:size]
    names = names_of_actors(session, {entry.actor_id for entry in shown})
    subjects = names_of_subjects(session, shown)
    conditions = _conditions_of(session, shown)
    pointed = names_in(session, viewer_id, shown)
    rows = tuple(
        HistoryRow(
            seq=entry.seq,
            at=entry.at,
            actor=names.get(entry.actor_id, ""),
            actor_kind=entry.actor_kind,
            action=action_of(entry.action),
            subject=subjects.get(entry.subject_id, ""),
            told=_whole(entry, pointed, conditions.get(entry.seq, {})),
        )
        for entry in shown
    )
    return HistoryPage(rows, shown[-1].seq if len(entries) > size else None)


def _about(vendor_id: UUID, kind: str) -> ColumnElement[bool]:
    every = {
        name: and_(Entry.subject_kind == name, Entry.subject_id.in_(_ids(name, vendor_id)))
        for name in KINDS
    }
    return every[kind] if kind in every else or_(*every.values())


def _ids(kind: str, vendor_id: UUID) -> Select[UUID]:
    family = select(Vendor.id).where(
        (Vendor.id == vendor_id) | (Vendor.merged_into_id == vendor_id)
    )
    if kind == "vendor":
        return family
    if kind == "clause":
        return (
            select(ClauseCheck.id)
            .join(Contract, Contract.id == ClauseCheck.contract_id)
            .where(Contract.vendor_id.in_(family))
        )
    table = SUBJECTS[kind].id.class_
    found: Select[UUID] = select(table.id).where(table.vendor_id.in_(family))
    return found


def _conditions_of(session: Session, entries: Iterable[Entry]) -> dict[int, dict[str, str]]:
    """Return the words of the conditions that entries name by their id."""
    named = {entry.seq: str(entry.detail.get("condition", "")) for entry in entries}
    wanted = {UUID(text) for text in named.values() if _ID.fullmatch(text)}
    if not wanted:
        return {}
    rows = session.execute(select(Condition.id, Condition.text).where(Condition.id.in_(wanted)))
    words = {str(row.id): row.text for row in rows}
    return {seq: {"condition": words[text]} for seq, text in named.items() if text in words}


def _whole(entry: Entry, pointed: Mapping[str, str], conditions: Mapping[str, str]) -> str:
    changes = map(str, changes_of(entry, pointed))
    return "; ".join(filter(None, (*changes, _told(entry.action, {**entry.detail, **conditions}))))


def _told(action: str, detail: dict[str, object]) -> str:
    spoken = SPOKEN.get(action, str)
    found = []
    for name in TOLD:
        value = detail.get(name)
        if isinstance(value, str) and value and not _ID.fullmatch(value):
            found.append(spoken(value))
        elif isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            sign = {"added": "+", "removed": "−"}.get(name, "")
            found.append(", ".join(f"{sign}{spoken(one)}" for one in value))
    return "; ".join(found)
