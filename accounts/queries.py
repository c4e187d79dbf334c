"""Reading staff."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, bindparam, func, select
from sqlalchemy.orm import Session, contains_eager

from accounts.models import RoleGrant, Staff, UnitGrant
from accounts.rules import Role
from foundation import settings
from foundation.errors import Missing
from identity import queries as identity
from identity.models import Person
from organisation.queries import zone_in_force

_AT_WORK = (
    select(Staff.id, RoleGrant.role, UnitGrant.unit_id, zone_in_force())
    .outerjoin(RoleGrant, RoleGrant.person_id == Staff.person_id)
    .outerjoin(UnitGrant, UnitGrant.person_id == Staff.person_id)
    .where(Staff.person_id == bindparam("person_id"), Staff.left_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff as lists and choices show them."""

    person_id: UUID
    name: str
    email: str
    roles: frozenset[Role]
    job_title: str = ""
    is_active: bool = True
    has_password: bool = False


def list_staff(session: Session, role: Role | None = None) -> list[StaffRow]:
    """Return who can be given work, by name: those who left or are disabled are left out."""
    rows = [row for row in list_everybody(session) if row.is_active]
    return [row for row in rows if role is None or role in row.roles]


def list_everybody(session: Session) -> list[StaffRow]:
    """Return every member of staff there ever was, by name."""
    roles: dict[UUID, set[Role]] = defaultdict(set)
    rows: dict[UUID, tuple[Any, ...]] = {}
    found = session.execute(
        select(
            Person.id,
            Person.name,
            Person.email,
            Person.disabled_at,
            Person.password_hash.is_not(None),
            Staff.job_title,
            Staff.left_at,
            RoleGrant.role,
        )
        .join(Staff, Staff.person_id == Person.id)
        .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
        .order_by(Person.name, Person.email)
    )
    for person_id, *rest, role in found:
        rows[person_id] = (person_id, *rest)
        roles[person_id].update(() if role is None else (role,))
    return [
        StaffRow(
            person_id=person_id,
            name=name,
            email=email,
            roles=frozenset(roles[person_id]),
            job_title=title,
            is_active=disabled_at is None and left_at is None,
            has_password=has_password,
        )
        for person_id, name, email, disabled_at, has_password, title, left_at in rows.values()
    ]


def names_in_role(role: Role) -> ScalarSelect[str]:
    """Return a column with the names of who holds a role and works here, one a line."""
    chosen = (
        select(func.aggregate_strings(Person.name, "\n"))
        .join(Staff, Staff.person_id == Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == role, Person.disabled_at.is_(None), Staff.left_at.is_(None))
    )
    return chosen.scalar_subquery()


def find_staff(session: Session, person_id: UUID) -> Staff | None:
    """Return a person's place in our organisation with the person loaded, or None."""
    chosen = (
        select(Staff)
        .join(Staff.person)
        .options(contains_eager(Staff.person))
        .where(Staff.person_id == person_id)
    )
    return session.scalars(chosen).first()


def get_staff(session: Session, person_id: UUID) -> Staff:
    """Return a person's place in our organisation with the person loaded. Raises Missing."""
    found = find_staff(session, person_id)
    if found is None:
        raise Missing
    return found


def roles_of(session: Session, person_id: UUID) -> frozenset[Role]:
    """Return the roles somebody holds."""
    chosen = select(RoleGrant.role).where(RoleGrant.person_id == person_id)
    return frozenset(session.scalars(chosen))


def roles_at_work(session: Session, person_id: UUID) -> frozenset[Role] | None:
    """Return the roles of somebody who works here, or None for everybody else. One statement."""
    chosen = (
        select(Staff.id, RoleGrant.role)
        .outerjoin(RoleGrant, RoleGrant.person_id == Staff.person_id)
        .where(Staff.person_id == person_id, Staff.left_at.is_(None))
    )
    rows = session.execute(chosen).all()
    return frozenset(role for _, role in rows if role is not None) if rows else None


def must_use_work_account(session: Session, person_id: UUID) -> bool:
    """Return whether every other way in is shut to somebody; it never is to administrators."""
    return settings.current().oidc_required and Role.ADMINISTRATOR not in roles_of(
        session, person_id
    )


def has_administrator(session: Session) -> bool:
    """Return whether anybody holds the role of an administrator."""
    chosen = select(RoleGrant.id).where(RoleGrant.role == Role.ADMINISTRATOR).limit(1)
    return session.scalars(chosen).first() is not None


def unit_ids_of(session: Session, person_id: UUID) -> frozenset[UUID]:
    """Return the business units somebody works for."""
    return frozenset(
        session.scalars(select(UnitGrant.unit_id).where(UnitGrant.person_id == person_id))
    )


def place_at_work(
    session: Session, person_id: UUID
) -> tuple[frozenset[Role], frozenset[UUID], str | None] | None:
    """Return the roles and units of somebody who works here, and the zone of our days.

    None for everybody else; no zone before the first set-up.

    One statement: the gate asks it before every page.
    """
    rows = session.execute(_AT_WORK, {"person_id": person_id}).all()
    if not rows:
        return None
    roles = frozenset(role for _, role, _, _ in rows if role is not None)
    unit_ids = frozenset(unit_id for _, _, unit_id, _ in rows if unit_id is not None)
    return roles, unit_ids, rows[0][3]


def names_of(session: Session, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of persons; one that is not there is left out."""
    return identity.names_of(session, person_ids)
