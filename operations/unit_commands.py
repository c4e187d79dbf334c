"""Closing a business unit: its vendors go somewhere else first."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from foundation.errors import Refused
from identity.rules import Author
from organisation.models import BusinessUnit
from organisation.structure_commands import archive_unit
from organisation.structure_queries import parents_of_units
from vendors.handover_commands import count_in_unit, move_unit


def close_unit(
    session: Session, unit: BusinessUnit, move_to: UUID | None, *, by: Author, at: datetime
) -> int:
    """Archive a unit after its vendors went to another one; return how many went.

    Raises Refused when it has vendors and no other unit in use was chosen for them.
    """
    count = count_in_unit(session, unit.id)
    if count and move_to is None:
        raise Refused(
            "This unit still has vendors. Choose the unit that takes them over.", where="move_to"
        )
    if move_to is not None and (move_to == unit.id or move_to not in parents_of_units(session)):
        raise Refused("Choose another unit of the list.", where="move_to")
    moved = move_unit(session, unit.id, move_to, by=by, at=at) if count else 0
    archive_unit(session, unit, by=by.actor, at=at)
    return moved
