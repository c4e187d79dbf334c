"""Everything the ledger holds about one vendor and what belongs to it, for a page and a file."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from audit.actions import Action, ActorKind
from audit.models import Entry
from contracts.models import ClauseCheck, Contract
from evidence.models import Evidence
from foundation.labels import label
from identity.queries import names_of_actors
from questionnaires.models import Assessment
from reports.models import Report
from reviews.decision_models import Condition
from reviews.models import Finding, Review
from vendors.countries import country_name
from vendors.models import Vendor
from vendors.numbers import IdentifierKind
from vendors.service_models import Service

SIZE = 100
MOST_EXPORTED = 20_000
TOLD = ("condition", "reason", "note", "name", "added", "removed")
"""Parts of an entry that are words of people or names, never codes."""

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

SPOKEN: dict[str, Callable[[str], str]] = {
    Action.VENDOR_COUNTRIES.value: country_name,
    Action.VENDOR_IDENTIFIER.value: lambda code: label(IdentifierKind(code)),
}
"""Where an entry holds codes, the words they are read as."""

KINDS: dict[str, tuple[Any, Any, Any]] = {
    "vendor": (_l("The vendor itself"), Vendor.id, Vendor.reference),
    "service": (_l("Services"), Service.id, Service.name),
    "assessment": (_l("Assessments"), Assessment.id, Assessment.reference),
    "evidence": (_l("Evidence"), Evidence.id, Evidence.reference),
    "contract": (_l("Contracts"), Contract.id, Contract.reference),
    "review": (_l("Reviews"), Review.id, Review.reference),
    "finding": (_l("Findings"), Finding.id, Finding.reference),
    "condition": (_l("Conditions"), Condition.id, Condition.text),
    "report": (_l("Reports"), Report.id, Report.reference),
    "clause": (_l("Clauses"), ClauseCheck.id, ClauseCheck.clause_code),
}


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
    subjects = _names_of_subjects(session, shown)
    conditions = _conditions_of(session, shown)
    rows = tuple(
        HistoryRow(
            seq=entry.seq,
            at=entry.at,
            actor=names.get(entry.actor_id, ""),
            actor_kind=entry.actor_kind,
            action=Action(entry.action) if entry.action in set(Action) else None,
            subject=subjects.get(entry.subject_id, ""),
            told=_told(entry.action, {**entry.detail, **conditions.get(entry.seq, {})}),
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
    table = KINDS[kind][1].class_
    found: Select[UUID] = select(table.id).where(table.vendor_id.in_(family))
    return found


def _names_of_subjects(session: Session, entries: Iterable[Entry]) -> dict[UUID, str]:
    """Return what the entries are about, in one statement for all kinds."""
    wanted: dict[str, set[UUID]] = {}
    for entry in entries:
        wanted.setdefault(entry.subject_kind, set()).add(entry.subject_id)
    parts = [
        select(KINDS[kind][1].label("id"), KINDS[kind][2].label("name")).where(
            KINDS[kind][1].in_(ids)
        )
        for kind, ids in wanted.items()
        if kind in KINDS
    ]
    if not parts:
        return {}
    statement = parts[0].union_all(*parts[1:]) if len(parts) > 1 else parts[0]
    return {row[0]: row[1] for row in session.execute(statement)}


def _conditions_of(session: Session, entries: Iterable[Entry]) -> dict[int, dict[str, str]]:
    """Return the words of the conditions that entries name by their id."""
    named = {entry.seq: str(entry.detail.get("condition", "")) for entry in entries}
    wanted = {UUID(text) for text in named.values() if _ID.fullmatch(text)}
    if not wanted:
        return {}
    rows = session.execute(select(Condition.id, Condition.text).where(Condition.id.in_(wanted)))
    words = {str(row.id): row.text for row in rows}
    return {seq: {"condition": words[text]} for seq, text in named.items() if text in words}


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
