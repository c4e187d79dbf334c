"""Somebody leaves: what they had goes to somebody who stays, and their account is shut."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from accounts.commands import disable_staff
from accounts.permissions import Permission, grants_of
from accounts.queries import list_staff
from foundation.errors import Refused
from identity.models import Person
from identity.rules import Author
from reviews import handover_commands as reviews
from vendors import handover_commands as vendors


def count_of(session: Session, person_id: UUID, at: datetime) -> dict[str, int]:
    """Return what a person has in hand, by kind."""
    return {**vendors.count_of(session, person_id, at), **reviews.count_of(session, person_id)}


def see_off(
    session: Session, person: Person, to_id: UUID | None, *, by: Author, at: datetime
) -> dict[str, int]:
    """Hand everything of a person over and disable the account; return how many of each went.

    Raises Refused while there is something to hand over and nobody at work to take it, for
    oneself, and for the last administrator.
    """
    disable_staff(session, person, by=by, at=at)
    if to_id is None:
        if any(count_of(session, person.id, at).values()):
            raise Refused("Choose who takes over what they have in hand.", where="to")
        return {}
    roles = {row.person_id: row.roles for row in list_staff(session) if row.person_id != person.id}
    if to_id not in roles:
        raise Refused("Choose somebody who works here.", where="to")
    may_judge = Permission.REVIEW_JUDGE in grants_of(roles[to_id])
    went = vendors.rehome(session, person.id, to_id, by=by, at=at)
    return went | reviews.rehome(session, person.id, to_id, may_judge=may_judge, by=by, at=at)
