"""The first page: what needs whoever signs in, what waits on others, and what is coming up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import Role
from accounts.signin import StaffMember
from foundation.dates import day_in
from organisation.queries import calendar_of_organisation, time_zone_of_organisation
from reports import home_system, home_work
from reports.ball_queries import BallRow, ball_rows
from reports.home_audit import Change, changes_of
from reports.home_dates import dated_of
from reports.home_system import Health, letters_to_mend
from reports.looking import Dated, Looker
from reports.putting_off import silenced
from reports.tasks import Days, Group, Item, grouped
from reviews.turns import Turn
from reviews.waiting import decisions_waiting
from vendors.models import Vendor

NEEDS, WAITS, COMES = "needs", "waits", "comes"
_BUSINESS = frozenset(Role) - {Role.ADMINISTRATOR}


@dataclass(frozen=True, slots=True)
class Load:
    """What lies with one reviewer; nobody's name is what is still to be taken on."""

    name: str
    reviews: int
    late: int
    away: int
    """Of them, how many the vendor has."""
    waited: int
    """Working days of the longest that is with us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What the page prints; a part that is None is not for these roles."""

    days: Days
    groups: dict[str, Group]
    load: list[Load] | None = None
    changes: list[Change] | None = None
    health: Health | None = None
    is_new: bool = False
    """No vendor was ever registered."""


def home_of(
    session: Session,
    viewer: StaffMember,
    at: datetime,
    *,
    whole: str = "",
) -> Home:
    """Return what waits for this member of staff; `whole` names a group to show uncut."""
    zone = time_zone_of_organisation(session)
    who = Looker(viewer.person_id, viewer.roles, day_in(at, zone), zone)
    days = Days(who.today, calendar_of_organisation(session))
    does_business = bool(who.roles & _BUSINESS)
    rows = _rows(session, who) if does_business else []
    dated = silenced(session, dated_of(session, who), who)
    looks_after = bool(who.roles & {Role.ADMINISTRATOR, Role.AUDITOR})
    health = home_system.health_of(session) if looks_after else None
    open_, invited = _people(session, who)
    needs = [
        *_to_do(session, who, days, rows),
        *(each.item for each in dated if each.is_mine),
        *letters_to_mend(session, who, at),
        *_system(session, who, health, at),
        *open_,
    ]
    waits = [*home_work.on_others(rows, who), *_late_with_others(dated, who), *invited]
    groups = grouped(
        {NEEDS: needs, WAITS: waits, COMES: _coming(dated, who)},
        who.today,
        whole=whole,
        by_date=COMES,
    )
    is_empty = not any(group.count for name, group in groups.items() if name != NEEDS)
    return Home(
        days=days,
        groups=groups,
        load=_load(rows, days) if Role.LEAD in who.roles else None,
        changes=_changes(session, who, health),
        health=health,
        is_new=is_empty and session.scalars(select(Vendor.id).limit(1)).first() is None,
    )


def _rows(session: Session, who: Looker) -> list[BallRow]:
    own = None if who.sees_all else who.person_id
    return ball_rows(session, who.person_id, owner_id=own)


def _to_do(session: Session, who: Looker, days: Days, rows: list[BallRow]) -> Iterable[Item]:
    if who.roles & (_BUSINESS - {Role.AUDITOR}):
        yield from home_work.to_sign(decisions_waiting(session, who.person_id), who)
        yield from home_system.reports_to_retry(session, who)
    # First what has to be settled before the contract can come into force.
    yield from home_work.clauses_to_settle(session, who)
    yield from home_work.to_do(rows, who, days.calendar)


def _system(session: Session, who: Looker, health: Health | None, at: datetime) -> Iterable[Item]:
    if health is None:
        return
    yield from home_system.to_check(health, who, at)
    if Role.ADMINISTRATOR in who.roles:
        yield from home_system.to_mend(session, health, who, at)
        if not who.roles & _BUSINESS:
            yield from home_system.reports_to_retry(session, who)


def _people(session: Session, who: Looker) -> tuple[list[Item], list[Item]]:
    if Role.ADMINISTRATOR not in who.roles:
        return [], []
    return home_system.without_factor(session, who)


def _late_with_others(dated: Iterable[Dated], who: Looker) -> Iterable[Item]:
    return (each.item for each in dated if each.is_late_with_others(who.today))


def _coming(dated: Iterable[Dated], who: Looker) -> Iterable[Item]:
    return (each.item for each in dated if each.is_silent or not each.item.is_overdue(who.today))


def _changes(session: Session, who: Looker, health: Health | None) -> list[Change] | None:
    if health is None or Role.AUDITOR not in who.roles:
        return None
    return changes_of(session, who.person_id, newest=health.n_entries)


def _load(rows: Iterable[BallRow], days: Days) -> list[Load]:
    """Return the open reviews by reviewer, the fullest desk first, what nobody took last."""
    by_reviewer: dict[UUID | None, list[BallRow]] = defaultdict(list)
    for row in rows:
        if row.review_id is not None and row.turn in {Turn.RISK, Turn.VENDOR}:
            by_reviewer[row.reviewer_id].append(row)
    made = {key: _load_of(found, days) for key, found in by_reviewer.items()}
    order = sorted(made, key=lambda key: (key is None, -made[key].reviews, made[key].name))
    return [made[key] for key in order]


def _load_of(rows: list[BallRow], days: Days) -> Load:
    with_us = [row for row in rows if row.turn is Turn.RISK]
    waited = (days.calendar.between(row.since_on, days.today) for row in with_us)
    return Load(
        name=rows[0].reviewer or "",
        reviews=len(rows),
        late=sum(row.is_review_late(days.today) for row in rows),
        away=len(rows) - len(with_us),
        waited=max(waited, default=0),
    )
