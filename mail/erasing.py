"""Forgetting an address in the post room: what waits is not sent, what was sent says no name."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from mail.models import Letter, Stop
from mail.rules import LetterState

SUBJECT = "(erased)"


@dataclass(frozen=True, slots=True)
class Letters:
    """How many letters to an address wait, and how many are over."""

    waiting: int
    over: int


def letters_to(session: Session, email: str) -> Letters:
    """Count the letters to an address."""
    waits = Letter.state == LetterState.QUEUED
    counted = select(func.count()).select_from(Letter).where(Letter.to_email == email)
    return Letters(
        session.scalar(counted.where(waits)) or 0, session.scalar(counted.where(~waits)) or 0
    )


def forget_address(session: Session, email: str, *, instead: str, name: str) -> Letters:
    """Withdraw what waits for an address and take it out of everything else; return how many."""
    found = letters_to(session, email)
    to_them = Letter.to_email == email
    for letter in forget_letters(session, to_them):
        letter.to_email, letter.to_name = instead, name
        letter.dedupe_key = f"erased:{letter.id}"
    session.execute(delete(Stop).where(Stop.email == email))
    session.flush()
    return found


def forget_letters(session: Session, chosen: ColumnElement[bool]) -> list[Letter]:
    """Withdraw those of some letters that wait, and empty the rest; return what is left of them.

    Their rows stay, so that none of them is written a second time.
    """
    session.execute(delete(Letter).where(chosen, Letter.state == LetterState.QUEUED))
    left = list(session.scalars(select(Letter).where(chosen)))
    for letter in left:
        letter.subject = SUBJECT
        letter.body_sealed, letter.stop_path, letter.last_error = None, "", ""
    session.flush()
    return left
