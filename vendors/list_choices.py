"""What the list of vendors offers to choose from; all of it in one statement."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Select,
    bindparam,
    exists,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from accounts.models import Staff
from identity.models import Person
from organisation.models import BusinessUnit
from vendors.inventory_models import SavedView, Tag, VendorTag
from vendors.list_filter import VendorFilter
from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.search_queries import many_more

MOST_TAGS = 2000
VIEWS_COME_BACK = timedelta(minutes=10)
"""How long a deleted view is offered back."""


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view somebody saved: its name, and the part of the address behind the question mark."""

    view_id: UUID
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Who owns, which units and tags there are, what somebody saved."""

    owners: dict[UUID, str] = field(default_factory=dict)
    units: dict[UUID, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    views: tuple[ViewRow, ...] = ()
    gone: tuple[ViewRow, ...] = ()
    """Views deleted a moment ago, which can be taken back."""
    has_many_more: bool = False
    """More vendors match the text than are looked at."""


def choices_for(session: Session, viewer_id: UUID, at: datetime, text: str = "") -> Choices:
    """Return what the list offers a person; tags that only hidden vendors have are left out."""
    read = _read()
    if VendorFilter(text=text).is_search:
        many = many_more(session, text).subquery()
        more = _part("more", many.c.vendor_id, literal(""))
        read = union_all(*_parts(), select(more.subquery()))
    values = {"viewer_id": viewer_id, "deleted_after": at - VIEWS_COME_BACK}
    found: dict[str, list[Any]] = defaultdict(list)
    for kind, row_id, name, query in session.execute(read, values):
        found[kind].append((name, row_id, query))
    for rows in found.values():
        rows.sort(key=lambda row: (row[0].casefold(), row[0]))
    return Choices(
        owners={row_id: name for name, row_id, _ in found["owner"]},
        units={row_id: name for name, row_id, _ in found["unit"]},
        tags=tuple(name for name, _, _ in found["tag"]),
        views=tuple(ViewRow(row_id, name, query) for name, row_id, query in found["view"]),
        gone=tuple(ViewRow(row_id, name, query) for name, row_id, query in found["gone"]),
        has_many_more=bool(found["more"]),
    )


@cache
def _read() -> CompoundSelect[Any]:
    """Return the statement of a list without a text, made once."""
    return union_all(*_parts())


@cache
def _parts() -> tuple[Select[Any], ...]:
    viewer: BindParameter[Any] = bindparam("viewer_id", type_=Tag.id.type)
    after: BindParameter[Any] = bindparam("deleted_after")
    parts: tuple[Any, ...] = (
        _part("owner", Person.id, Person.name).join(Staff, Staff.person_id == Person.id),
        _part("unit", BusinessUnit.id, BusinessUnit.name).where(BusinessUnit.archived_at.is_(None)),
        _part("tag", Tag.id, Tag.name).where(_is_seen(viewer)).limit(MOST_TAGS),
        _part("view", SavedView.id, SavedView.name, SavedView.query).where(
            SavedView.person_id == viewer, SavedView.removed_at.is_(None)
        ),
        _part("gone", SavedView.id, SavedView.name, SavedView.query).where(
            SavedView.person_id == viewer, SavedView.removed_at > after
        ),
    )
    return tuple(select(part.subquery()) for part in parts)


def _part(kind: str, row_id: Any, name: Any, query: Any = None) -> Any:  # noqa: ANN401  columns
    return select(
        literal(kind).label("kind"),
        row_id.label("id"),
        name.label("name"),
        (literal("") if query is None else query).label("query"),
    )


def _is_seen(viewer_id: BindParameter[Any]) -> Any:  # noqa: ANN401  a condition
    return exists(
        select(VendorTag.vendor_id)
        .join(Vendor, Vendor.id == VendorTag.vendor_id)
        .where(VendorTag.tag_id == Tag.id, visible_vendors(viewer_id))
    )
