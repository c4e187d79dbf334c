"""Reading what we are made of: legal entities, business units, business functions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.errors import Missing
from organisation.models import BusinessFunction, BusinessUnit, LegalEntity

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as the tree shows it; depth 0 is the top."""

    unit_id: UUID
    name: str
    depth: int
    is_archived: bool


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """A business function as lists show it."""

    function_id: UUID
    name: str
    is_critical: bool | None
    rto_hours: int | None
    rpo_hours: int | None
    entity: str | None


def get_entity(session: Session, entity_id: UUID) -> LegalEntity:
    """Return a legal entity. Raises Missing."""
    return _got(session.get(LegalEntity, entity_id))


def get_unit(session: Session, unit_id: UUID) -> BusinessUnit:
    """Return a business unit, archived ones too. Raises Missing."""
    return _got(session.get(BusinessUnit, unit_id))


def get_function(session: Session, function_id: UUID) -> BusinessFunction:
    """Return a business function. Raises Missing."""
    return _got(session.get(BusinessFunction, function_id))


def list_functions(session: Session) -> list[FunctionRow]:
    """Return business functions, by name."""
    chosen = (
        select(
            BusinessFunction.id,
            BusinessFunction.name,
            BusinessFunction.is_critical,
            BusinessFunction.rto_hours,
            BusinessFunction.rpo_hours,
            LegalEntity.name,
        )
        .outerjoin(LegalEntity, LegalEntity.id == BusinessFunction.entity_id)
        .order_by(BusinessFunction.name)
    )
    return [FunctionRow(*row) for row in session.execute(chosen)]


def unit_tree(session: Session, *, with_archived: bool = False) -> list[UnitRow]:
    """Return units so that each stands right after what it belongs to, by name."""
    columns = (BusinessUnit.id, BusinessUnit.name, BusinessUnit.parent_id, BusinessUnit.archived_at)
    chosen = select(*columns).order_by(BusinessUnit.name)
    if not with_archived:
        chosen = chosen.where(BusinessUnit.archived_at.is_(None))
    rows = [(row[0], row[1], row[2], row[3] is not None) for row in session.execute(chosen)]
    known = {row[0] for row in rows}
    children: dict[UUID | None, list[tuple[UUID, str, bool]]] = {}
    for unit_id, name, parent_id, is_archived in rows:
        above = parent_id if parent_id in known else None
        children.setdefault(above, []).append((unit_id, name, is_archived))
    return list(_walk(children, None, 0))


def parents_of_units(session: Session) -> dict[UUID, UUID | None]:
    """Return for each unit in use what it stands below."""
    chosen = select(BusinessUnit.id, BusinessUnit.parent_id)
    rows = session.execute(chosen.where(BusinessUnit.archived_at.is_(None)))
    return {row[0]: row[1] for row in rows}


def lock_units(session: Session) -> None:
    """Hold the tree, so that two moves are made one after the other."""
    session.execute(select(BusinessUnit.id).order_by(BusinessUnit.id).with_for_update()).all()


def _walk(
    children: dict[UUID | None, list[tuple[UUID, str, bool]]], above: UUID | None, depth: int
) -> Iterator[UnitRow]:
    for unit_id, name, is_archived in children.get(above, ()):
        yield UnitRow(unit_id, name, depth, is_archived)
        yield from _walk(children, unit_id, depth + 1)


def _got(found: Found | None) -> Found:
    if found is None:
        raise Missing
    return found
