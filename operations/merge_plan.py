"""What a merge of two vendors would do: what moves, where they differ, and what forbids it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from contracts.matrix_models import ResponsibilityMatrix
from contracts.models import Contract
from evidence.hold_models import LegalHold
from evidence.models import Evidence
from identity.queries import names_of
from organisation.queries import list_units
from questionnaires.models import Assessment
from reports.models import Report
from reviews.attestation_models import Attestation
from reviews.decision_models import Condition
from reviews.models import Finding, Review
from reviews.rules import ReviewState
from vendors.countries import country_name
from vendors.import_models import PastRecord
from vendors.inventory_models import CustomField, CustomValue, Exemption, Note, VendorTag
from vendors.models import (
    Contact,
    Vendor,
    VendorAlias,
    VendorCountry,
    VendorGrant,
    VendorIdentifier,
)
from vendors.offboarding_models import OffboardingLine
from vendors.queries import visible_vendors
from vendors.rules import VendorState
from vendors.search_models import VendorIndex
from vendors.service_models import Service, SubProcessor

KEEP, OTHER = "keep", "other"

SIMPLE: tuple[type[Any], ...] = (
    Assessment,
    Attestation,
    Condition,
    Contract,
    Exemption,
    Finding,
    Note,
    PastRecord,
    VendorIdentifier,
)
"""Rows that only change hands."""

TREATED = (
    Contact,
    CustomValue,
    Evidence,
    LegalHold,
    OffboardingLine,
    ResponsibilityMatrix,
    Review,
    Service,
    SubProcessor,
    VendorAlias,
    VendorCountry,
    VendorGrant,
    VendorTag,
)
"""Rows that may meet one of the same kind; operations.merge_parts brings them together."""

STAYING = (Report, VendorIndex)
"""Reports were issued under the old name; the index of a vendor follows its own facts."""

SHOWN: tuple[tuple[Any, Any], ...] = (
    (_l("Services"), Service),
    (_l("Contacts"), Contact),
    (_l("Assessments"), Assessment),
    (_l("Reviews"), Review),
    (_l("Findings"), Finding),
    (_l("Contracts"), Contract),
    (_l("Evidence"), Evidence),
    (_l("Sub-processors"), SubProcessor),
    (_l("Notes"), Note),
    (_l("Tags"), VendorTag),
    (_l("Registered numbers"), VendorIdentifier),
    (_l("Other names"), VendorAlias),
    (_l("Waivers, acceptances and overrides"), Exemption),
)

FIELDS = {
    "name": _l("Company name"),
    "legal_name": _l("Legal name"),
    "website": _l("Website"),
    "country": _l("Country they are registered in"),
    "category": _l("Category"),
    "purpose": _l("What do they do for us?"),
    "owner_id": _l("Owner"),
    "unit_id": _l("Business unit"),
    "parent_id": _l("Parent company"),
}

Words = Callable[[str, Any], str]
"""What a value of a fact is called."""

IN_USE = frozenset({VendorState.ACTIVE, VendorState.ONBOARDING, VendorState.OFFBOARDING})


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact in which two vendors differ, as text; empty is nothing known."""

    name: str
    label: str
    keep: str
    other: str

    @property
    def chosen(self) -> str:
        """Which one is proposed: the kept vendor's, unless it knows nothing."""
        return KEEP if self.keep else OTHER


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the preview shows."""

    counts: tuple[tuple[str, int], ...]
    n_reports: int
    differences: tuple[Difference, ...]
    refusal: str
    """Why the two cannot be merged now; empty when they can."""


def plan_of(session: Session, viewer_id: UUID, keep: Vendor, other: Vendor) -> Plan:
    """Return what merging the other vendor into the kept one would do."""
    counted = _counts(session, other.id)
    return Plan(
        counts=tuple((str(text), counted[table.__tablename__]) for text, table in SHOWN),
        n_reports=counted[Report.__tablename__],
        differences=(
            *_fact_differences(session, viewer_id, keep, other),
            *_added(session, keep, other),
        ),
        refusal=refusal_to_merge(session, keep, other),
    )


def refusal_to_merge(session: Session, keep: Vendor, other: Vendor) -> str:
    """Return why two vendors cannot be merged now, with the way out; empty when they can."""
    if keep.id == other.id:
        return "These are the same vendor. Name another one."
    if keep.state not in IN_USE and other.state in IN_USE:
        return (
            f"{keep.reference} {keep.name} is out of use and {other.reference} {other.name} is in "
            "use. Keep the one in use instead."
        )
    chosen = select(Review.reference).where(
        Review.vendor_id.in_([keep.id, other.id]), Review.state != ReviewState.DECIDED
    )
    opened = sorted(session.scalars(chosen))
    if len(opened) > 1:
        return (
            f"Both have an open review ({', '.join(opened)}), and a vendor has one at a time. "
            "Decide one of them first."
        )
    return ""


def _counts(session: Session, vendor_id: UUID) -> dict[str, int]:
    tables = [*(table for _, table in SHOWN), Report]
    parts = [
        select(literal(table.__tablename__), func.count()).where(table.vendor_id == vendor_id)
        for table in tables
    ]
    return {row[0]: row[1] for row in session.execute(union_all(*parts))}


def _fact_differences(
    session: Session, viewer_id: UUID, keep: Vendor, other: Vendor
) -> list[Difference]:
    words = _words(session, viewer_id, keep, other)
    found = []
    for name, label in FIELDS.items():
        mine, theirs = getattr(keep, name), getattr(other, name)
        if mine == theirs or not (mine or theirs):
            continue
        if name == "parent_id" and _is_no_choice(words, keep, other):
            continue
        found.append(Difference(name, str(label), words(name, mine), words(name, theirs)))
    return found


def _is_no_choice(words: Words, keep: Vendor, other: Vendor) -> bool:
    """Say whether the parents are passed over: one is the other's, or hidden from the viewer."""
    parents = {one for one in (keep.parent_id, other.parent_id) if one}
    is_tied = bool(parents & {keep.id, other.id})  # that tie is gone with the merge
    return is_tied or not all(words("parent_id", one) for one in parents)


def _words(session: Session, viewer_id: UUID, keep: Vendor, other: Vendor) -> Words:
    people = names_of(session, {keep.owner_id, other.owner_id})
    units = {unit.id: unit.name for unit in list_units(session)}
    ids = {one for one in (keep.parent_id, other.parent_id) if one}
    seen = (Vendor.id.in_(ids), visible_vendors(viewer_id))
    rows = session.execute(select(Vendor.id, Vendor.reference).where(*seen))
    parents = {row.id: row.reference for row in rows}
    known: Mapping[Any, str] = {**people, **units, **parents}

    def words(name: str, value: Any) -> str:  # noqa: ANN401  a column's value
        if name == "country":
            return country_name(value) if value else ""
        return known.get(value, "") if name.endswith("_id") else value

    return words


def _added(session: Session, keep: Vendor, other: Vendor) -> list[Difference]:
    chosen = (
        select(CustomField.id, CustomField.name, CustomValue.vendor_id, CustomValue.value)
        .join(CustomValue, CustomValue.field_id == CustomField.id)
        .where(CustomValue.vendor_id.in_([keep.id, other.id]))
        .order_by(CustomField.name)
    )
    names: dict[UUID, str] = {}
    values: dict[UUID, dict[UUID, str]] = {}
    for field_id, name, vendor_id, value in session.execute(chosen):
        names[field_id] = name
        values.setdefault(field_id, {})[vendor_id] = value
    return [
        Difference(added_name(one), names[one], found[keep.id], found[other.id])
        for one, found in values.items()
        if len(found) > 1 and found[keep.id] != found[other.id]
    ]


def added_name(field_id: UUID) -> str:
    """Return the name under which an added field is chosen."""
    return f"f_{field_id.hex}"
