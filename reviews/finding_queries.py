"""Reading findings: the one place that says which are open, for the list and for every number."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from reviews.models import Finding
from reviews.rows import FindingRow, finding_select
from reviews.rules import FindingState, Severity
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.rules import VendorState

MOST_SHOWN = 1000
EDGES = (30, 90, 180)
"""Days since a finding was raised: up to the first, the second, the third, and older."""
AGES = len(EDGES) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which findings somebody looks for, as of a day and a moment of it."""

    today: date
    at: datetime
    only_open: bool = True
    only_late: bool = False
    owner_id: UUID | None = None
    severity: Severity | None = None
    age: int | None = None
    """The place among EDGES, 0 being the youngest."""


def list_findings(session: Session, viewer_id: UUID, sought: Sought) -> list[FindingRow]:
    """Return findings of the vendors a person may see, the soonest due first."""
    chosen = finding_select().where(*_conditions(viewer_id, sought))
    ordered = chosen.order_by(Finding.due_on.asc().nulls_last(), Finding.reference)
    return [FindingRow(*row) for row in session.execute(ordered.limit(MOST_SHOWN))]


def count_findings(
    session: Session, viewer_id: UUID, sought: Sought
) -> dict[tuple[Severity, int], int]:
    """Count the same findings by severity and age."""
    severity, age = Finding.severity, _age(sought.at).label("age")
    rows = finding_select().with_only_columns(severity, age, maintain_column_froms=True)
    found = rows.where(*_conditions(viewer_id, sought)).subquery()
    chosen = select(found.c.severity, found.c.age, func.count()).group_by(*found.c)
    return {(worst, old): count for worst, old, count in session.execute(chosen)}


def _conditions(viewer_id: UUID, sought: Sought) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [visible_vendors(viewer_id)]
    if sought.only_open:
        found += [_is_open(sought.today), is_to_mend()]
    if sought.only_late:
        found.append(Finding.due_on < sought.today)
    if sought.owner_id is not None:
        found.append(Finding.owner_id == sought.owner_id)
    if sought.severity is not None:
        found.append(Finding.severity == sought.severity)
    if sought.age is not None:
        found.append(_age(sought.at) == sought.age)
    return found


def _is_open(today: date) -> ColumnElement[bool]:
    """Say what `FindingRow.is_open` says: an acceptance that has ended no longer covers it."""
    return or_(
        Finding.state.in_((FindingState.OPEN, FindingState.FIXED)),
        and_(
            Finding.state == FindingState.ACCEPTED,
            or_(Exemption.id.is_(None), Exemption.ends_on < today),
        ),
    )


def is_to_mend() -> ColumnElement[bool]:
    """Say whether anybody should mend findings of the vendor: we use it, used it, or mean to."""
    return and_(Vendor.archived_at.is_(None), Vendor.state != VendorState.DECLINED)


def _age(at: datetime) -> ColumnElement[Any]:
    edges = enumerate(at - timedelta(days=days) for days in EDGES)
    return case(*((Finding.raised_at >= edge, place) for place, edge in edges), else_=len(EDGES))
