"""What happens in the post room: a test letter, another try, a letter that comes back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Action
from audit.commands import record
from foundation.errors import Refused
from identity.queries import get_person
from identity.rules import Author
from mail import commands as mail
from mail.bouncing import Bounce, Returned, mark_returned
from mail.letters import compose
from mail.models import Letter
from organisation.queries import name_of_organisation

OUTBOX = UUID(int=0)
"""What the ledger names where all failed letters are meant."""


def send_test(session: Session, *, by: Author, at: datetime) -> Letter:
    """Write a test letter to who asks; asked again within the minute, it is the same letter."""
    person = get_person(session, by.person_id)
    text = compose("test", org=name_of_organisation(session), name=person.name, at=at)
    return mail.queue(
        session,
        dedupe_key=f"test:{person.id}:{at:%Y-%m-%dT%H:%M}",
        kind="test",
        to=(person.email, person.name),
        text=text,
        at=at,
    )


def retry(session: Session, letter_id: UUID, *, by: Author, at: datetime) -> None:
    """Queue one letter again. Raises Missing, and Refused for one that was sent or still waits."""
    letter = mail.send_again(session, letter_id, at=at)
    _note(session, letter.id, {"kind": letter.kind}, by=by, at=at)


def retry_failed(session: Session, *, by: Author, at: datetime) -> int:
    """Queue every letter that failed again and return how many. Raises Refused for none."""
    count = mail.send_failed_again(session, at=at)
    if not count:
        raise Refused("No letter has failed, so there is nothing to send again.")
    _note(session, OUTBOX, {"count": count}, by=by, at=at)
    return count


def take_back(session: Session, bounce: Bounce, *, at: datetime) -> Returned:
    """Mark the letter that came back, with an entry in the ledger. Raises Refused and NotYet."""
    found = mark_returned(session, bounce)
    if found.is_new:
        record(
            session,
            at=at,
            actor=SYSTEM,
            action=Action.LETTER_BOUNCE,
            subject=("letter", found.letter_id),
            detail={"kind": found.kind, "status": found.status},
        )
    return found


def _note(
    session: Session, letter_id: UUID, detail: dict[str, object], *, by: Author, at: datetime
) -> None:
    subject, action = ("letter", letter_id), Action.LETTER_RETRY
    record(session, at=at, actor=by.actor, action=action, subject=subject, detail=detail)
