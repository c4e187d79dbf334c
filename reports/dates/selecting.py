"""The statement every reader of dates begins with: vendors the viewer may see, as filtered."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from reports.dates.row import DateKind, DateRow, Wanted
from vendors.list_filter import tagged, units_below
from vendors.models import Vendor
from vendors.queries import visible_vendors


def of_vendors(wanted: Wanted, *columns: Any, owners: Iterable[Any] = ()) -> Select[Any]:  # noqa: ANN401  columns of any type
    """Start a statement: what a row says of its vendor, then these columns, named as there.

    `owners` are columns with the people whose the thing is, beside the vendor's owner.
    """
    chosen = select(
        Vendor.id.label("vendor_id"),
        Vendor.name.label("vendor"),
        Vendor.reference.label("vendor_reference"),
        Vendor.tier,
        Vendor.is_tier_provisional.label("is_provisional"),
        Vendor.is_need_to_know,
        Vendor.owner_id.label("vendor_owner_id"),
        *columns,
    ).where(visible_vendors(wanted.viewer_id), Vendor.archived_at.is_(None))
    if wanted.own:
        mine = (Vendor.owner_id, *owners)
        chosen = chosen.where(or_(*(owner == wanted.viewer_id for owner in mine)))
    if wanted.unit_id is not None:
        chosen = chosen.where(Vendor.unit_id.in_(units_below(wanted.unit_id)))
    if wanted.tag:
        chosen = chosen.where(Vendor.id.in_(tagged(wanted.tag)))
    return chosen


def within(wanted: Wanted, day: Any, about: Any) -> ColumnElement[bool]:  # noqa: ANN401  columns
    """Return the condition that a day lies in what is asked for, and the thing is the one."""
    found: ColumnElement[bool] = day <= wanted.last
    if wanted.first is not None:
        found &= day >= wanted.first
    if wanted.about is not None:
        found &= about == wanted.about
    return found


def rows_of(
    session: Session, chosen: Select[Any], kind: DateKind, wanted: Wanted
) -> Iterable[DateRow]:
    """Yield the rows of a statement whose columns are named as a row's parts."""
    for row in session.execute(chosen.limit(wanted.most)).mappings():
        yield DateRow(kind=kind, **row)


def is_within(wanted: Wanted, day: date | None) -> bool:
    """Say whether a computed day lies in what is asked for."""
    return day is not None and day <= wanted.last and (wanted.first is None or day >= wanted.first)
