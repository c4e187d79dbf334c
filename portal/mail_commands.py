"""Stopping a kind of letter and wanting it again, each noted once."""

from datetime import datetime

from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Action
from audit.commands import record
from identity.queries import find_by_email
from mail import stopping
from mail.rules import Stoppable


def stop(session: Session, email: str, kind: Stoppable, *, at: datetime) -> None:
    """Send no more letters of this kind to an address."""
    if stopping.stop(session, email, kind.value, at=at):
        _note(session, email, {"stopped": kind.value}, at)


def start_again(session: Session, email: str, kind: Stoppable, *, at: datetime) -> None:
    """Send letters of this kind to an address again."""
    if stopping.start_again(session, email, kind.value):
        _note(session, email, {"wanted": kind.value}, at)


def _note(session: Session, email: str, detail: dict[str, object], at: datetime) -> None:
    person = find_by_email(session, email)
    if person is not None:
        # Whoever holds the mail pressed the link: that is not to say it was the person.
        record(
            session,
            at=at,
            actor=SYSTEM,
            action=Action.MAIL_CHOOSE,
            subject=("person", person.id),
            detail=detail,
        )
