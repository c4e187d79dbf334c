"""Reading the facts of a vendor: names, numbers, countries, tags and added fields."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from identity.models import Person
from organisation.models import BusinessUnit
from vendors.field_rules import FieldKind
from vendors.inventory_models import CustomField, CustomValue, Tag, VendorTag
from vendors.models import Vendor, VendorAlias, VendorCountry, VendorIdentifier
from vendors.numbers import IdentifierKind
from vendors.queries import visible_vendors
from vendors.rules import Presence


@dataclass(frozen=True, slots=True)
class IdentifierRow:
    """A registered number as pages print it: a secret one is masked."""

    identifier_id: UUID
    kind: IdentifierKind
    shown: str
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class AliasRow:
    """Another name of a vendor."""

    alias_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    """An added field with what a vendor has in it; empty when nothing."""

    field_id: UUID
    name: str
    kind: FieldKind
    choices: tuple[str, ...]
    value: str


@dataclass(frozen=True, slots=True)
class FieldUse:
    """An added field with how many vendors the viewer may see have a value in it."""

    field_id: UUID
    name: str
    kind: FieldKind
    choices: tuple[str, ...]
    n_values: int


@dataclass(frozen=True, slots=True)
class TagUse:
    """A tag with how many vendors carry it that the viewer may see."""

    tag_id: UUID
    name: str
    n_vendors: int


def identifiers_of(session: Session, vendor_id: UUID) -> list[IdentifierRow]:
    """Return the registered numbers of a vendor, by kind."""
    chosen = (
        select(
            VendorIdentifier.id,
            VendorIdentifier.kind,
            VendorIdentifier.shown,
            VendorIdentifier.value_sealed.is_not(None),
        )
        .where(VendorIdentifier.vendor_id == vendor_id)
        .order_by(VendorIdentifier.kind, VendorIdentifier.shown)
    )
    known = {kind.value for kind in IdentifierKind}
    return [
        IdentifierRow(one, IdentifierKind(kind), shown, is_sealed)
        for one, kind, shown, is_sealed in session.execute(chosen)
        if kind in known
    ]


def alias_rows_of(session: Session, vendor_id: UUID) -> list[AliasRow]:
    """Return the other names of a vendor, each with its id."""
    chosen = select(VendorAlias.id, VendorAlias.name).where(VendorAlias.vendor_id == vendor_id)
    return [AliasRow(*row) for row in session.execute(chosen.order_by(VendorAlias.name_key))]


def countries_of(session: Session, vendor_id: UUID) -> dict[Presence, list[str]]:
    """Return where a vendor operates and where it serves us from, as ISO codes."""
    chosen = select(VendorCountry.presence, VendorCountry.country).where(
        VendorCountry.vendor_id == vendor_id
    )
    found: dict[Presence, list[str]] = {presence: [] for presence in Presence}
    for presence, country in session.execute(chosen.order_by(VendorCountry.country)):
        found[presence].append(country)
    return found


def tags_of(session: Session, vendor_id: UUID) -> list[str]:
    """Return the tags of a vendor, by name."""
    chosen = select(Tag.name).join(VendorTag, VendorTag.tag_id == Tag.id)
    return list(session.scalars(chosen.where(VendorTag.vendor_id == vendor_id).order_by(Tag.name)))


def list_tags(session: Session, viewer_id: UUID) -> list[TagUse]:
    """Return the tags with the number of their vendors the person may see.

    A tag that only hidden vendors carry is left out: its word tells of them.
    """
    seen = and_(Vendor.id == VendorTag.vendor_id, visible_vendors(viewer_id))
    in_use = case((Vendor.archived_at.is_(None), Vendor.id))
    chosen = (
        select(Tag.id, Tag.name, func.count(in_use))
        .outerjoin(VendorTag, VendorTag.tag_id == Tag.id)
        .outerjoin(Vendor, seen)
        .group_by(Tag.id, Tag.name)
        .having(or_(func.count(Vendor.id) > 0, func.count(VendorTag.vendor_id) == 0))
        .order_by(Tag.name)
    )
    return [TagUse(*row) for row in session.execute(chosen)]


def fields_of(session: Session, vendor_id: UUID) -> list[FieldRow]:
    """Return every added field with what the vendor has in it, by name."""
    mine = and_(CustomValue.field_id == CustomField.id, CustomValue.vendor_id == vendor_id)
    chosen = (
        select(
            CustomField.id,
            CustomField.name,
            CustomField.kind,
            CustomField.choices,
            func.coalesce(CustomValue.value, ""),
        )
        .outerjoin(CustomValue, mine)
        .order_by(CustomField.name)
    )
    return [
        FieldRow(one, name, FieldKind(kind), tuple(choices), value)
        for one, name, kind, choices, value in session.execute(chosen)
    ]


def list_fields(session: Session, viewer_id: UUID) -> list[FieldUse]:
    """Return the added fields, each with how many vendors the person may see have a value in it."""
    counted = (
        select(CustomValue.field_id, func.count().label("n"))
        .join(Vendor, Vendor.id == CustomValue.vendor_id)
        .where(visible_vendors(viewer_id))
        .group_by(CustomValue.field_id)
        .subquery()
    )
    chosen = (
        select(
            CustomField.id,
            CustomField.name,
            CustomField.kind,
            CustomField.choices,
            func.coalesce(counted.c.n, 0),
        )
        .outerjoin(counted, counted.c.field_id == CustomField.id)
        .order_by(CustomField.name)
    )
    return [
        FieldUse(one, name, FieldKind(kind), tuple(choices), n)
        for one, name, kind, choices, n in session.execute(chosen)
    ]


def owner_and_unit(session: Session, vendor: Vendor) -> tuple[str, str]:
    """Return the names of a vendor's owner and business unit; no unit is empty."""
    chosen = (
        select(Person.name, func.coalesce(BusinessUnit.name, ""))
        .outerjoin(BusinessUnit, BusinessUnit.id == vendor.unit_id)
        .where(Person.id == vendor.owner_id)
    )
    row = session.execute(chosen).first()
    return (row[0], row[1]) if row else ("", "")
