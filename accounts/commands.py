"""Changing staff: joining, roles, units, leaving."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import RoleGrant, Staff, UnitGrant
from accounts.notices import Change, tell
from accounts.queries import find_staff, roles_of
from accounts.rules import Role
from audit.actions import SYSTEM, Action
from audit.changes import pair
from audit.commands import record
from foundation.errors import Refused
from foundation.ids import new_id
from identity import commands as identity
from identity import sessions
from identity.models import Person
from identity.rules import Author
from organisation.queries import list_units, time_zone_of_organisation

LAST_ADMINISTRATOR = (
    "This is the last administrator. Make somebody else an administrator first, "
    "or nobody could let people in any more."
)
NOT_YOURSELF = "Nobody changes their own roles or account here. Ask another administrator."


def add_staff(  # noqa: PLR0913  every part of a member of staff is named
    session: Session,
    *,
    email: str,
    name: str,
    roles: frozenset[Role],
    at: datetime,
    by: Author | None,
    job_title: str = "",
) -> Person:
    """Take somebody on with their roles. Raises Refused for a bad or known address."""
    if not roles:
        raise Refused("Choose at least one role.", where="roles")
    person = identity.add_person(session, email=email, name=name, at=at)
    _refuse_second_entry(session, person)
    if by is not None and person.created_at == at:
        person.time_zone = time_zone_of_organisation(session)
    staff = Staff(id=new_id(), person_id=person.id, job_title=job_title.strip(), created_at=at)
    session.add(staff)
    session.flush()
    actor = by.actor if by else SYSTEM
    record(session, at=at, actor=actor, action=Action.STAFF_ADD, subject=("person", person.id))
    for role in sorted(roles):
        _give(session, person.id, role, by=by, at=at)
    return person


def grant_role(session: Session, person: Person, role: Role, *, by: Author, at: datetime) -> None:
    """Give somebody a role they do not have yet and sign them out everywhere.

    Whoever took a session along does not rise with its owner. Raises Refused for oneself.
    """
    refuse_yourself(person, by)
    if role not in roles_of(session, person.id):
        _give(session, person.id, role, by=by, at=at)
        sessions.end_all(session, person.id, at)


def revoke_role(session: Session, person: Person, role: Role, *, by: Author, at: datetime) -> None:
    """Take a role away and sign the person out everywhere. Raises Refused for the last one."""
    refuse_yourself(person, by)
    mine = (RoleGrant.person_id == person.id, RoleGrant.role == role)
    grant = session.scalars(select(RoleGrant).where(*mine)).first()
    if grant is None:
        return
    if role is Role.ADMINISTRATOR:
        _refuse_last_administrator(session, person.id)
    session.delete(grant)
    sessions.end_all(session, person.id, at)
    _note_role(session, Action.ROLE_REVOKE, person.id, role, by=by, at=at)
    session.flush()


def set_roles(
    session: Session, person: Person, wanted: frozenset[Role], *, by: Author, at: datetime
) -> None:
    """Give and take roles until somebody holds exactly the wanted ones."""
    if not wanted:
        raise Refused("Choose at least one role, or disable the account.", where="roles")
    held = roles_of(session, person.id)
    for role in sorted(wanted - held):
        grant_role(session, person, role, by=by, at=at)
    for role in sorted(held - wanted):
        revoke_role(session, person, role, by=by, at=at)


def grant_unit(session: Session, person: Person, unit_id: UUID) -> None:
    """Let somebody work for a business unit; again changes nothing."""
    mine = (UnitGrant.person_id == person.id, UnitGrant.unit_id == unit_id)
    if session.scalars(select(UnitGrant).where(*mine)).first() is None:
        session.add(UnitGrant(id=new_id(), person_id=person.id, unit_id=unit_id))
        session.flush()


def set_units(
    session: Session, person: Person, wanted: frozenset[UUID], *, by: Author, at: datetime
) -> None:
    """Let somebody work for exactly these of the units in use; archived ones stay as they were."""
    in_use = {unit.id for unit in list_units(session)}
    grants = session.scalars(select(UnitGrant).where(UnitGrant.person_id == person.id)).all()
    held = {grant.unit_id: grant for grant in grants}
    for unit_id in sorted(wanted - held.keys()):
        grant_unit(session, person, unit_id)
        _note_unit(session, Action.UNIT_JOIN, person.id, unit_id, by=by, at=at)
    for unit_id in sorted((held.keys() & in_use) - wanted):
        session.delete(held[unit_id])
        _note_unit(session, Action.UNIT_LEAVE, person.id, unit_id, by=by, at=at)
    session.flush()


def disable_staff(session: Session, person: Person, *, by: Author, at: datetime) -> None:
    """Shut the door to somebody at once. Raises Refused for oneself and the last administrator."""
    refuse_yourself(person, by)
    if Role.ADMINISTRATOR in roles_of(session, person.id):
        _refuse_last_administrator(session, person.id)
    identity.disable_person(session, person, by=by, at=at)


def enable_staff(session: Session, person: Person, *, by: Author, at: datetime) -> None:
    """Let somebody sign in again."""
    refuse_yourself(person, by)
    identity.enable_person(session, person, by=by, at=at)


def sign_out(session: Session, person: Person, *, by: Author, at: datetime) -> None:
    """Sign somebody out of every browser. Raises Refused for oneself, who has a page for that."""
    refuse_yourself(person, by)
    identity.sign_out_everywhere(session, person, by=by, at=at)


def reset_second_factor(session: Session, person: Person, *, by: Author, at: datetime) -> None:
    """Take app, passkeys and recovery codes away, and say so. Raises Refused for oneself."""
    refuse_yourself(person, by)
    identity.remove_second_factor(session, person, by=by, at=at)
    tell(session, person, Change.FACTORS_RESET, browser="", at=at)


def refuse_yourself(person: Person, by: Author) -> None:
    """Refuse what nobody does to their own account. Raises Refused."""
    if person.id == by.person_id:
        raise Refused(NOT_YOURSELF)


def _refuse_second_entry(session: Session, person: Person) -> None:
    if find_staff(session, person.id) is not None:
        raise Refused(f"{person.email} is in the list of people already.", where="email")
    if person.disabled_at is not None:
        raise Refused(f"The account of {person.email} is disabled.", where="email")


def _refuse_last_administrator(session: Session, person_id: UUID) -> None:
    """Hold every grant of the role, so that two administrators cannot remove each other."""
    held = select(RoleGrant).where(RoleGrant.role == Role.ADMINISTRATOR).order_by(RoleGrant.id)
    locked = {grant.person_id for grant in session.scalars(held.with_for_update())}
    able = select(Person.id).join(Staff, Staff.person_id == Person.id)
    others = session.scalars(
        able.where(
            Person.id.in_(locked - {person_id}),
            Person.disabled_at.is_(None),
            Staff.left_at.is_(None),
        )
    )
    if others.first() is None:
        raise Refused(LAST_ADMINISTRATOR)


def _give(
    session: Session, person_id: UUID, role: Role, *, by: Author | None, at: datetime
) -> None:
    giver = by.person_id if by else None
    grant = RoleGrant(
        id=new_id(), person_id=person_id, role=role, granted_at=at, granted_by_id=giver
    )
    session.add(grant)
    _note_role(session, Action.ROLE_GRANT, person_id, role, by=by, at=at)
    session.flush()


def _note_role(
    session: Session,
    action: Action,
    person_id: UUID,
    role: Role,
    *,
    by: Author | None,
    at: datetime,
) -> None:
    record(
        session,
        at=at,
        actor=by.actor if by else SYSTEM,
        action=action,
        subject=("person", person_id),
        detail={"role": role.value},
    )


def _note_unit(
    session: Session, action: Action, person_id: UUID, unit_id: UUID, *, by: Author, at: datetime
) -> None:
    both = pair(None, unit_id) if action is Action.UNIT_JOIN else pair(unit_id, None)
    detail: dict[str, object] = {"unit": str(unit_id), "changes": {"unit_id": both}}
    subject = ("person", person_id)
    record(session, at=at, actor=by.actor, action=action, subject=subject, detail=detail)
