"""Second factors of a person, of whichever kind."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from identity import totp
from identity.passkey_models import Passkey


def has_passkey(session: Session, person_id: UUID) -> bool:
    """Return whether a person has a passkey."""
    mine = select(Passkey.id).where(Passkey.person_id == person_id)
    return session.scalars(mine.limit(1)).first() is not None


def is_enrolled(session: Session, person_id: UUID) -> bool:
    """Return whether a person has a second factor in force: an authenticator app or a passkey."""
    return totp.is_enrolled(session, person_id) or has_passkey(session, person_id)


def count(session: Session, person_id: UUID) -> int:
    """Return how many second factors a person has; recovery codes are none."""
    mine = select(func.count()).select_from(Passkey).where(Passkey.person_id == person_id)
    return int(totp.is_enrolled(session, person_id)) + (session.scalar(mine) or 0)
