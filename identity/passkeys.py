"""Passkeys of persons: added, used, removed; each key once, and no counter goes backwards."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Missing, Refused
from foundation.ids import new_id
from identity import factors
from identity.ceremonies import Answer, Unproven, check_made, check_signed
from identity.passkey_models import Passkey
from identity.rules import Author

LONGEST_NAME = 100
MOST = 20


def list_passkeys(session: Session, person_id: UUID) -> list[Passkey]:
    """Return a person's passkeys, the oldest first."""
    mine = select(Passkey).where(Passkey.person_id == person_id)
    return list(session.scalars(mine.order_by(Passkey.created_at, Passkey.id)))


def credentials_of(session: Session, person_id: UUID) -> list[bytes]:
    """Return what the devices call a person's passkeys."""
    return [one.credential_id for one in list_passkeys(session, person_id)]


def add(session: Session, answer: Answer, name: str, *, by: Author, at: datetime) -> Passkey:
    """Keep a new key, whose challenge was taken. Raises Unproven, or Refused for its name."""
    called = " ".join(name.split())
    if not 0 < len(called) <= LONGEST_NAME or not called.isprintable():
        raise Refused(f"Give the passkey a name of 1 to {LONGEST_NAME} characters.", where="name")
    if len(credentials_of(session, by.person_id)) >= MOST:
        raise Refused(f"You have {MOST} passkeys. Remove one you no longer use.", where="name")
    made = check_made(answer)
    passkey = Passkey(
        id=new_id(),
        person_id=by.person_id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=called,
        may_be_backed_up=made.may_be_backed_up,
        is_backed_up=made.is_backed_up,
        created_at=at,
    )
    session.add(passkey)
    try:
        session.flush()
    except IntegrityError:
        raise Unproven("known") from None
    _note(session, Action.PASSKEY_ADD, by, at)
    return passkey


def use(session: Session, answer: Answer, *, person_id: UUID | None, at: datetime) -> Passkey:
    """Return the passkey that signed, its counter moved on. Raises Unproven.

    Its challenge was taken before. Without `person_id` the passkey itself says who signs in, and
    has to name its person.
    """
    mine = select(Passkey).where(Passkey.credential_id == answer.credential_id)
    found = session.scalars(mine).first()
    if found is None or found.person_id != (person_id or found.person_id):
        raise Unproven("unknown")
    named = answer.user_handle or (found.person_id.bytes if person_id else b"")
    if named != found.person_id.bytes:
        raise Unproven("person")
    try:
        signed = check_signed(answer, found)
    except Unproven as refusal:
        raise Unproven(refusal.why, found.person_id) from None
    if not advance(session, found.id, signed.sign_count, is_backed_up=signed.is_backed_up, at=at):
        raise Unproven("counter", found.person_id)
    return found


def advance(
    session: Session, passkey_id: UUID, count: int, *, is_backed_up: bool, at: datetime
) -> bool:
    """Move a counter on and return whether it did: of two equal ones, or a lower one, none does.

    WebAuthn level 3, 7.2 step 22: a device that does not count always says 0.
    """
    moves = Passkey.sign_count < count if count else Passkey.sign_count == 0
    moved = (
        update(Passkey)
        .where(Passkey.id == passkey_id, moves)
        .values(sign_count=count, is_backed_up=is_backed_up, last_used_at=at)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", session.execute(moved)).rowcount == 1


def remove(
    session: Session, passkey_id: UUID, *, by: Author, at: datetime, needs_factor: bool
) -> str:
    """Take a passkey of one's own away and return its name; what it signed counts no more.

    Raises Missing for one of somebody else, Refused for the last second factor where one is needed.
    """
    mine = (Passkey.id == passkey_id, Passkey.person_id == by.person_id)
    found = session.scalars(select(Passkey).where(*mine)).first()
    if found is None:
        raise Missing
    if needs_factor:
        factors.refuse_last(session, by.person_id)
    session.execute(delete(Passkey).where(*mine))
    _note(session, Action.PASSKEY_REMOVE, by, at)
    return found.name


def remove_all(session: Session, person_id: UUID) -> None:
    """Take every passkey of a person away."""
    session.execute(delete(Passkey).where(Passkey.person_id == person_id))


def _note(session: Session, action: Action, by: Author, at: datetime) -> None:
    subject = ("person", by.person_id)
    record(session, at=at, actor=by.actor, action=action, subject=subject)
