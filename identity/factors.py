"""Second factors of a person, of whichever kind."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation.errors import Refused
from identity import totp
from identity.models import Person
from identity.passkey_models import Passkey

LAST_FACTOR = (
    "This is your last second factor, and you cannot be without one. "
    "Add another passkey or an authenticator app first."
)


def has_passkey(session: Session, person_id: UUID) -> bool:
    """Return whether a person has a passkey."""
    mine = select(Passkey.id).where(Passkey.person_id == person_id)
    return session.scalars(mine.limit(1)).first() is not None


def is_enrolled(session: Session, person_id: UUID) -> bool:
    """Return whether a person has a second factor in force: an authenticator app or a passkey."""
    return totp.is_enrolled(session, person_id) or has_passkey(session, person_id)


def refuse_last(session: Session, person_id: UUID) -> None:
    """Hold a person's factors, to take one away. Raises Refused when it is the last."""
    session.get(Person, person_id, with_for_update=True)  # of two taken away at once one stays
    if count(session, person_id) < 2:
        raise Refused(LAST_FACTOR)


def count(session: Session, person_id: UUID) -> int:
    """Return how many second factors a person has; recovery codes are none."""
    mine = select(func.count()).select_from(Passkey).where(Passkey.person_id == person_id)
    return int(totp.is_enrolled(session, person_id)) + (session.scalar(mine) or 0)
