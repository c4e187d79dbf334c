"""Who looks at dates, which of them their roles are shown, and how one becomes a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from accounts.rules import Role
from reports.tasks import AHEAD, Act, Item, Task
from vendors.models import Vendor
from vendors.queries import visible_vendors

MOST_READ = 300
NEAR = timedelta(days=30)
"""From here on a date needs somebody, and is not only coming up."""
GONE = timedelta(days=30)
"""How long an exemption that has ended is shown."""
RISK_TEAM = frozenset({Role.ANALYST, Role.LEAD})

SHOWN_TO: dict[Task, frozenset[Role]] = {
    Task.MEND: RISK_TEAM | {Role.PROCUREMENT, Role.AUDITOR},
    Task.RENEW_PROOF: RISK_TEAM | {Role.PROCUREMENT},
    Task.MEET_CONDITION: RISK_TEAM | {Role.PROCUREMENT, Role.APPROVER, Role.AUDITOR},
    Task.RENEW_EXEMPTION: RISK_TEAM | {Role.PROCUREMENT, Role.APPROVER, Role.AUDITOR},
    Task.REASSESS: RISK_TEAM | {Role.PROCUREMENT, Role.APPROVER, Role.AUDITOR},
    Task.GIVE_NOTICE: RISK_TEAM | {Role.PROCUREMENT, Role.AUDITOR},
}
"""Which roles look at which dates."""


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks, in which roles, on which day."""

    person_id: UUID
    roles: frozenset[Role]
    today: date

    @property
    def sees_all(self) -> bool:
        """Whether the dates of every vendor count, and not only those of one's own."""
        return bool(self.roles - {Role.PROCUREMENT, Role.ADMINISTRATOR})

    @property
    def until(self) -> date:
        """The last day of "Coming up"."""
        return self.today + AHEAD


@dataclass(frozen=True, slots=True)
class Dated:
    """Something with a date, and whether it is this person's to act on now."""

    item: Item
    is_mine: bool
    is_silent: bool = False
    """This person put it off."""

    def is_late_with_others(self, today: date) -> bool:
        """Say whether its day has passed, and somebody else has to act."""
        return not self.is_mine and not self.is_silent and self.item.is_overdue(today)


def of_vendors(who: Looker, *columns: Any) -> Select[Any]:  # noqa: ANN401  columns of any type
    """Start a statement over visible vendors: four columns of the vendor, then these.

    A fifth column of ours is whose the thing is.
    """
    chosen = select(Vendor.id, Vendor.name, Vendor.tier, Vendor.is_tier_provisional, *columns)
    chosen = chosen.where(visible_vendors(who.person_id), Vendor.archived_at.is_(None))
    if who.sees_all:
        return chosen
    owners = (Vendor.owner_id, *columns[4:5])
    return chosen.where(or_(*(owner == who.person_id for owner in owners)))


def rows_of(session: Session, chosen: Select[Any]) -> Iterable[tuple[Any, ...]]:
    return (tuple(row) for row in session.execute(chosen.limit(MOST_READ)))


def item_of(task: Task, row: tuple[Any, ...], act: Act, **more: Any) -> Item:  # noqa: ANN401
    """Return the row's item: vendor, then the thing, its text, its reference, its date."""
    vendor_id, vendor, tier, is_provisional, about, detail, reference, due_on = row[:8]
    return Item(
        task=task,
        about=about,
        act=act,
        name=vendor,
        vendor_id=vendor_id,
        tier=tier,
        is_provisional=is_provisional,
        reference=reference,
        detail=detail,
        due_on=due_on,
        **more,
    )
