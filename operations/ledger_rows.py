"""The ledger for a page: names and references joined when shown, never stored."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from audit.actions import Action, ActorKind
from audit.models import Entry
from audit.queries import list_entries
from contracts.models import Contract
from evidence.models import Evidence
from identity.queries import names_of_actors
from organisation.models import BusinessFunction, BusinessUnit, LegalEntity
from questionnaires.models import Assessment
from reports.models import Report
from reviews.models import Finding, Review
from vendors.inventory_models import ImportBatch
from vendors.models import Vendor
from vendors.tier_version_models import TierModelVersion

SIZE = 100

KINDS = {
    "vendor": (_l("Vendor"), Vendor.id, Vendor.reference),
    "assessment": (_l("Assessment"), Assessment.id, Assessment.reference),
    "evidence": (_l("Evidence"), Evidence.id, Evidence.reference),
    "contract": (_l("Contract"), Contract.id, Contract.reference),
    "review": (_l("Review"), Review.id, Review.reference),
    "finding": (_l("Finding"), Finding.id, Finding.reference),
    "report": (_l("Report"), Report.id, Report.reference),
    "tier_model": (_l("Tier rules"), TierModelVersion.id, TierModelVersion.name),
    "legal_entity": (_l("Legal entity"), LegalEntity.id, LegalEntity.name),
    "business_unit": (_l("Business unit"), BusinessUnit.id, BusinessUnit.name),
    "business_function": (_l("Business function"), BusinessFunction.id, BusinessFunction.name),
    "import": (_l("Import"), ImportBatch.id, ImportBatch.file_name),
}


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One entry as a page prints it."""

    seq: int
    at: datetime
    actor: str
    actor_kind: ActorKind
    action: Action | None
    subject: str
    ip: str


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Some entries, newest first, and where the older ones begin."""

    rows: tuple[LedgerRow, ...]
    older_than: int | None


def entry_number(text: str | None) -> int | None:
    """Return the number of an entry an address names; None for what no ledger can hold."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,18}", text) else None


def ledger_page(session: Session, *, before: int | None) -> LedgerPage:
    """Return a page of the ledger with names joined; at most twelve statements."""
    entries = list_entries(session, before=before, limit=SIZE + 1)
    shown = entries[:SIZE]
    names = names_of_actors(session, {entry.actor_id for entry in shown})
    subjects = _subjects(session, shown)
    rows = tuple(
        LedgerRow(
            seq=entry.seq,
            at=entry.at,
            actor=names.get(entry.actor_id, ""),
            actor_kind=entry.actor_kind,
            action=_action(entry.action),
            subject=subjects.get(entry.subject_id, ""),
            ip=entry.ip,
        )
        for entry in shown
    )
    return LedgerPage(rows, shown[-1].seq if len(entries) > SIZE else None)


def _action(value: str) -> Action | None:
    return Action(value) if value in set(Action) else None


def _subjects(session: Session, entries: list[Entry]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for kind, (_, id_column, reference) in KINDS.items():
        wanted = {entry.subject_id for entry in entries if entry.subject_kind == kind}
        if wanted:
            found |= _references(session, id_column, reference, wanted)
    return found


def _references(
    session: Session,
    id_column: InstrumentedAttribute[UUID],
    reference: InstrumentedAttribute[str],
    wanted: set[UUID],
) -> dict[UUID, str]:
    rows = session.execute(select(id_column, reference).where(id_column.in_(wanted)))
    return {row[0]: row[1] for row in rows}
