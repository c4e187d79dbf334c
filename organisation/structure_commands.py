"""Changing what we are made of: legal entities, business units, business functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from audit.actions import Action, Actor
from audit.changes import Changes, put
from audit.commands import record
from foundation.db import lock_row
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from organisation.models import BusinessFunction, BusinessUnit, LegalEntity
from organisation.rules import checked_hours, checked_lei, checked_name, refuse_circle
from organisation.structure_queries import lock_units, parents_of_units

CHANGED_MEANWHILE = (
    "Somebody else changed “{name}” while you had it open. Both are shown below; "
    "nothing of yours was stored yet. Save again to put yours in their place."
)


@dataclass(frozen=True, slots=True)
class EntityFacts:
    """A company of ours as it is typed; `country` is ISO 3166-1 alpha-2."""

    name: str
    country: str
    lei: str = ""


@dataclass(frozen=True, slots=True)
class FunctionFacts:
    """A business function as it is typed; hours None is not set, critical None not assessed."""

    name: str
    is_critical: bool | None = None
    rto_hours: int | None = None
    rpo_hours: int | None = None
    entity_id: UUID | None = None


def save_entity(
    session: Session,
    entity: LegalEntity | None,
    facts: EntityFacts,
    *,
    version: int = 0,
    by: Actor,
    at: datetime,
) -> LegalEntity:
    """Add a legal entity, or change one. Raises Refused, and Conflict when somebody was faster."""
    name, lei = checked_name(facts.name, "the company"), checked_lei(facts.lei)
    if len(facts.country) != 2 or not facts.country.isalpha():
        raise Refused("Choose the country in which it is registered.", where="country")
    own = entity.id if entity else None
    _refuse_twin(session, LegalEntity.id, LegalEntity.name == name, own, name, where="name")
    if lei:
        _refuse_twin(session, LegalEntity.id, LegalEntity.lei == lei, own, lei, where="lei")
    values = {"name": name, "country": facts.country, "lei": lei}
    if entity is None:
        entity = LegalEntity(id=new_id(), **values)
        session.add(entity)
        session.flush()
        _note(session, Action.ENTITY_ADD, ("legal_entity", entity.id), {}, by=by, at=at)
        return entity
    changed = _apply(entity, values, version)
    session.flush()
    if changed:
        _note(session, Action.ENTITY_EDIT, ("legal_entity", entity.id), changed, by=by, at=at)
    return entity


def save_function(
    session: Session,
    function: BusinessFunction | None,
    facts: FunctionFacts,
    *,
    version: int = 0,
    by: Actor,
    at: datetime,
) -> BusinessFunction:
    """Add a business function, or change one. Raises Refused or Conflict."""
    name, own = checked_name(facts.name, "the function"), function.id if function else None
    same = BusinessFunction.name == name
    _refuse_twin(session, BusinessFunction.id, same, own, name, where="name")
    values = {
        "name": name,
        "is_critical": facts.is_critical,
        "rto_hours": checked_hours(facts.rto_hours, "rto_hours"),
        "rpo_hours": checked_hours(facts.rpo_hours, "rpo_hours"),
        "entity_id": facts.entity_id,
    }
    if function is None:
        function = BusinessFunction(id=new_id(), **values)
        session.add(function)
        session.flush()
        _note(session, Action.FUNCTION_ADD, ("business_function", function.id), {}, by=by, at=at)
        return function
    changed = _apply(function, values, version)
    session.flush()
    if changed:
        subject = ("business_function", function.id)
        _note(session, Action.FUNCTION_EDIT, subject, changed, by=by, at=at)
    return function


def save_unit(  # noqa: PLR0913  who, when and on which version belong to every save
    session: Session,
    unit: BusinessUnit | None,
    name: str,
    parent_id: UUID | None,
    *,
    version: int = 0,
    by: Actor,
    at: datetime,
) -> BusinessUnit:
    """Add a unit, or rename and move one. Raises Refused for a circle, and Conflict."""
    plain, own = checked_name(name, "the unit"), unit.id if unit else None
    _refuse_twin(session, BusinessUnit.id, BusinessUnit.name == plain, own, plain, where="name")
    lock_units(session)  # two moves at once could make a circle that neither of them has
    parents = parents_of_units(session)
    if parent_id is not None and parent_id not in parents:
        raise Refused("Choose a unit of the list.", where="parent_id")
    if unit is None:
        unit = BusinessUnit(id=new_id(), name=plain, parent_id=parent_id)
        session.add(unit)
        session.flush()
        _note(session, Action.UNIT_ADD, ("business_unit", unit.id), {}, by=by, at=at)
        return unit
    if parent_id is not None:
        refuse_circle(parents, unit.id, parent_id)
    changed = _apply(unit, {"name": plain, "parent_id": parent_id}, version)
    session.flush()
    if changed:
        _note(session, Action.UNIT_EDIT, ("business_unit", unit.id), changed, by=by, at=at)
    return unit


def archive_unit(session: Session, unit: BusinessUnit, *, by: Actor, at: datetime) -> None:
    """Take a unit out of use. Raises Refused while another unit in use stands below it."""
    lock_units(session)
    below = (BusinessUnit.parent_id == unit.id, BusinessUnit.archived_at.is_(None))
    child = session.scalars(select(BusinessUnit.name).where(*below).limit(1)).first()
    if child is not None:
        raise Refused(f"“{child}” stands below this unit. Move or archive it first.")
    if unit.archived_at is None:
        unit.archived_at = at
        session.flush()
        _note(session, Action.UNIT_ARCHIVE, ("business_unit", unit.id), {}, by=by, at=at)


def restore_unit(session: Session, unit: BusinessUnit, *, by: Actor, at: datetime) -> None:
    """Take a unit into use again, at the top when what it stood below is archived."""
    if unit.archived_at is None:
        return
    above = session.get(BusinessUnit, unit.parent_id) if unit.parent_id else None
    if above is not None and above.archived_at is not None:
        unit.parent_id = None
    unit.archived_at = None
    session.flush()
    _note(session, Action.UNIT_RESTORE, ("business_unit", unit.id), {}, by=by, at=at)


def _apply(
    thing: LegalEntity | BusinessUnit | BusinessFunction, values: Mapping[str, object], version: int
) -> Changes:
    """Change what differs and return it. Raises Conflict for an old version."""
    lock_row(thing)
    if thing.version != version:
        raise Conflict(CHANGED_MEANWHILE.format(name=thing.name), theirs=thing)
    return put(thing, values)


def _refuse_twin(
    session: Session,
    id_column: object,
    same: ColumnElement[bool],
    own: UUID | None,
    text: str,
    *,
    where: str,
) -> None:
    """Say it before the unique key does, which two at the same moment would meet."""
    taken = session.scalars(select(id_column).where(same)).first()  # type: ignore[call-overload]
    if taken is not None and taken != own:
        raise Refused(f"“{text}” is in the list already. Open that one instead.", where=where)


def _note(
    session: Session,
    action: Action,
    subject: tuple[str, UUID],
    changes: Changes,
    *,
    by: Actor,
    at: datetime,
) -> None:
    detail: dict[str, object] = {"changes": changes} if changes else {}
    record(session, at=at, actor=by, action=action, subject=subject, detail=detail)
