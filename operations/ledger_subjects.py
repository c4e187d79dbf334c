"""What the entries of the ledger are about: its name, and its page where the viewer may see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, select
from sqlalchemy.orm import Session

from accounts.models import Staff
from accounts.permissions import Permission
from accounts.signin import StaffMember
from audit.models import Entry
from contracts.models import ClauseCheck, Contract
from evidence.models import Evidence
from identity.models import Person
from operations.webhook_models import WebhookEndpoint
from organisation.models import BusinessFunction, BusinessUnit, LegalEntity
from questionnaires.models import Assessment
from reports.models import Report
from reviews.decision_models import Condition
from reviews.models import Finding, Review
from vendors.inventory_models import ImportBatch
from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.service_models import Service
from vendors.tier_version_models import TierModelVersion


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: where its name stands, which page shows it, and who may open that."""

    id: Any
    name: Any
    endpoint: str
    argument: str
    permission: Permission
    vendor: Any = None
    """Whose it is; a vendor the viewer may not see has no link."""
    target: Any = None
    """The id the page's address takes, where it is not the thing's own."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about; no endpoint where the viewer may not open the page."""

    name: str = ""
    endpoint: str = ""
    argument: str = ""
    target: UUID | None = None
    is_hidden: bool = False
    """Of a vendor the viewer may not know: nothing but a reference is told."""


_OF_CLAUSE = (
    select(Contract.vendor_id)
    .where(Contract.id == ClauseCheck.contract_id)
    .correlate(ClauseCheck)
    .scalar_subquery()
)


def _of(table: Any, endpoint: str, argument: str, permission: Permission) -> Kind:  # noqa: ANN401  a model
    return Kind(table.id, table.reference, endpoint, argument, permission, table.vendor_id)


MAY = Permission
KINDS = {
    "vendor": Kind(
        Vendor.id,
        Vendor.reference,
        "reports.vendor",
        "vendor_id",
        MAY.VENDOR_READ,
        Vendor.id,
    ),
    "service": Kind(
        Service.id,
        Service.name,
        "reports.vendor",
        "vendor_id",
        MAY.VENDOR_READ,
        Service.vendor_id,
        Service.vendor_id,
    ),
    "assessment": _of(Assessment, "questionnaires.assessment", "assessment_id", MAY.REVIEW_READ),
    "evidence": Kind(
        Evidence.id,
        Evidence.reference,
        "evidence.of_vendor",
        "vendor_id",
        MAY.EVIDENCE_READ,
        Evidence.vendor_id,
        Evidence.vendor_id,
    ),
    "contract": _of(Contract, "contracts.contract", "contract_id", MAY.CONTRACT_READ),
    "clause": Kind(
        ClauseCheck.id,
        ClauseCheck.clause_code,
        "contracts.contract",
        "contract_id",
        MAY.CONTRACT_READ,
        _OF_CLAUSE,
        ClauseCheck.contract_id,
    ),
    "review": _of(Review, "reviews.desk", "review_id", MAY.REVIEW_READ),
    "finding": _of(Finding, "reviews.finding", "finding_id", MAY.REVIEW_READ),
    "condition": Kind(
        Condition.id,
        Condition.text,
        "reviews.condition",
        "condition_id",
        MAY.REVIEW_READ,
        Condition.vendor_id,
    ),
    "report": _of(Report, "reports.report", "report_id", MAY.REPORT_READ),
    "tier_model": Kind(
        TierModelVersion.id,
        TierModelVersion.name,
        "vendors.rules_versions",
        "",
        MAY.VENDOR_READ,
    ),
    "legal_entity": Kind(
        LegalEntity.id, LegalEntity.name, "operations.entity", "entity_id", MAY.SETTINGS_EDIT
    ),
    "business_unit": Kind(
        BusinessUnit.id, BusinessUnit.name, "operations.unit", "unit_id", MAY.SETTINGS_EDIT
    ),
    "business_function": Kind(
        BusinessFunction.id,
        BusinessFunction.name,
        "operations.function",
        "function_id",
        MAY.SETTINGS_EDIT,
    ),
    "import": Kind(
        ImportBatch.id,
        ImportBatch.file_name,
        "vendors.imported",
        "batch_id",
        MAY.VENDOR_READ,
    ),
    "webhook": Kind(
        WebhookEndpoint.id,
        WebhookEndpoint.name,
        "operations.webhook",
        "webhook_id",
        MAY.SETTINGS_EDIT,
    ),
    "person": Kind(Person.id, Person.name, "accounts.member", "person_id", MAY.PEOPLE_MANAGE),
}
HIDDEN_NAMES = frozenset({"service", "condition"})
"""Kinds whose name says something about a vendor; where that is hidden, so is the name."""


def subjects_of(
    session: Session, viewer: StaffMember, entries: Iterable[Entry]
) -> dict[UUID, Subject]:
    """Return what entries are about, in one statement for all kinds."""
    wanted = _by_kind(entries)
    parts = [_part(kind, ids, viewer.person_id) for kind, ids in wanted.items()]
    return {row.id: _subject(row, viewer) for row in _united(session, parts)}


def ids_open_to(
    session: Session, viewer: StaffMember, wanted: Mapping[str, set[UUID]]
) -> frozenset[UUID]:
    """Return which of these things, by kind, the viewer may see. Asks nothing of roles."""
    parts = [_part(kind, ids, viewer.person_id) for kind, ids in wanted.items()]
    return frozenset(row.id for row in _united(session, parts) if row.is_open)


def names_of_subjects(session: Session, entries: Iterable[Entry]) -> dict[UUID, str]:
    """Return only how the things are called; for entries about a vendor the viewer may see."""
    parts = [
        select(KINDS[kind].id.label("id"), KINDS[kind].name.label("name")).where(
            KINDS[kind].id.in_(ids)
        )
        for kind, ids in _by_kind(entries).items()
    ]
    return {row.id: row.name for row in _united(session, parts)}


def _by_kind(entries: Iterable[Entry]) -> dict[str, set[UUID]]:
    wanted: dict[str, set[UUID]] = {}
    for entry in entries:
        if entry.subject_kind in KINDS:
            wanted.setdefault(entry.subject_kind, set()).add(entry.subject_id)
    return wanted


def _united(session: Session, parts: Sequence[Select[Any]]) -> Iterable[Any]:
    """Read several kinds of things in one statement."""
    if not parts:
        return ()
    return session.execute(parts[0].union_all(*parts[1:]) if len(parts) > 1 else parts[0])


def _part(kind: str, ids: set[UUID], viewer_id: UUID) -> Select[Any]:
    known = KINDS[kind]
    return select(
        literal(kind).label("kind"),
        known.id.label("id"),
        known.name.label("name"),
        (known.id if known.target is None else known.target).label("target"),
        _is_open(kind, known, viewer_id).label("is_open"),
    ).where(known.id.in_(ids))


def _is_open(kind: str, known: Kind, viewer_id: UUID) -> ColumnElement[bool]:
    if kind == "vendor":
        return visible_vendors(viewer_id)
    if kind == "person":
        return Person.id.in_(select(Staff.person_id))
    if known.vendor is None:
        return literal(value=True)
    seen: ColumnElement[bool] = known.vendor.in_(
        select(Vendor.id).where(visible_vendors(viewer_id))
    )
    return seen


def _of_vendor(known: Kind) -> bool:
    return known.vendor is not None


def _subject(row: Any, viewer: StaffMember) -> Subject:  # noqa: ANN401  a row of the statement above
    known = KINDS[row.kind]
    if not row.is_open:
        return Subject("" if row.kind in HIDDEN_NAMES else row.name, is_hidden=_of_vendor(known))
    if not viewer.may(known.permission):
        return Subject(row.name)
    return Subject(row.name, known.endpoint, known.argument, row.target if known.argument else None)
