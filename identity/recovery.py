"""Recovery codes: ten ways back in after the authenticator is lost, each used once."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from foundation.ids import new_id
from identity.models import RecoveryCode
from identity.rules import RECOVERY_LENGTH, grouped, plain_code
from identity.tokens import hash_of, new_code

HOW_MANY = 10


def issue(session: Session, person_id: UUID) -> list[str]:
    """Return ten new codes, shown once; the old set is dead."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = [new_code(RECOVERY_LENGTH) for _ in range(HOW_MANY)]
    for code in codes:
        session.add(RecoveryCode(id=new_id(), person_id=person_id, code_hash=hash_of(code)))
    session.flush()
    return [grouped(code) for code in codes]


def use(session: Session, person_id: UUID, code: str, *, at: datetime) -> bool:
    """Spend a code and return whether it was good; of two at once one wins."""
    plain = plain_code(code)
    if len(plain) != RECOVERY_LENGTH:
        return False
    unused = (
        RecoveryCode.person_id == person_id,
        RecoveryCode.code_hash == hash_of(plain),
        RecoveryCode.used_at.is_(None),
    )
    done = session.execute(update(RecoveryCode).where(*unused).values(used_at=at))
    return cast("CursorResult[Any]", done).rowcount == 1


def count_left(session: Session, person_id: UUID) -> int:
    """Return how many codes a person has not used yet."""
    unused = (RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0
