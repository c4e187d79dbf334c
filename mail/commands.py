"""Changing the outbox: a letter is written in the transaction of what caused it."""

from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from typing import Any, cast
from uuid import UUID, uuid5

from sqlalchemy import CursorResult, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from foundation import settings, vault
from foundation.errors import Missing, Refused
from foundation.failpoints import failpoint
from foundation.ids import new_id
from mail.letters import Text, checked, is_one_line
from mail.models import Letter
from mail.rules import LetterState
from mail.stopping import path_to_stop

LONGEST_NAME = 100
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3 less the angle brackets
_NAMES = UUID("5b0c1c3e-7c0f-5d52-9a3b-6f0a3c8d2e11")


def queue(  # noqa: PLR0913  every part of a letter is named
    session: Session,
    *,
    dedupe_key: str,
    kind: str,
    to: tuple[str, str],
    text: Text,
    at: datetime,
    about_id: UUID | None = None,
    may_stop: bool = False,
) -> Letter:
    """Put a letter into the outbox; the same key again gives the letter that is there already.

    One that `may_stop` carries a link with which its reader stops letters of this kind.
    """
    post(
        session,
        dedupe_key=dedupe_key,
        kind=kind,
        to=to,
        text=text,
        at=at,
        about_id=about_id,
        may_stop=may_stop,
    )
    return session.scalars(select(Letter).where(Letter.dedupe_key == dedupe_key)).one()


def post(  # noqa: PLR0913  every part of a letter is named
    session: Session,
    *,
    dedupe_key: str,
    kind: str,
    to: tuple[str, str],
    text: Text,
    at: datetime,
    about_id: UUID | None = None,
    may_stop: bool = False,
) -> None:
    """Do the same for a writer who does not look at the letter again."""
    email, name = recipient(*to)
    words = checked(text)
    letter_id = new_id()
    values = {
        "id": letter_id,
        "dedupe_key": dedupe_key,
        "kind": kind,
        "to_email": email,
        "to_name": name,
        "subject": words.subject,
        "body_sealed": vault.seal(words.body.encode(), context=place_of(letter_id)),
        "message_id": message_id(dedupe_key),
        "state": LetterState.QUEUED,
        "attempts": 0,
        "fence": 0,
        "last_error": "",
        "next_try_at": at,
        "created_at": at,
        "about_id": about_id,
        "stop_path": path_to_stop(email, kind) if may_stop else "",
    }
    session.execute(_insert(session).values(values).on_conflict_do_nothing())
    failpoint("mail.written")


def send_again(session: Session, letter_id: UUID, *, at: datetime) -> Letter:
    """Put a letter that failed or was kept back into the queue, with all its tries."""
    letter = session.get(Letter, letter_id)
    if letter is None:
        raise Missing
    if letter.state not in {LetterState.FAILED, LetterState.KEPT} or letter.body_sealed is None:
        raise Refused("Only a letter that failed or was kept can be sent again.")
    letter.state = LetterState.QUEUED
    letter.attempts = 0
    letter.next_try_at = at
    letter.leased_until = None
    session.flush()
    return letter


def hold_queued(session: Session, why: str) -> int:
    """Keep every letter that waits until somebody sends it again, and return how many."""
    held = {"state": LetterState.FAILED, "last_error": why, "leased_until": None}
    done = session.execute(update(Letter).where(Letter.state == LetterState.QUEUED).values(**held))
    return int(cast("CursorResult[Any]", done).rowcount)


def send_failed_again(session: Session, *, at: datetime) -> int:
    """Put every letter that failed into the queue again, and return how many."""
    again = {"state": LetterState.QUEUED, "attempts": 0, "next_try_at": at, "leased_until": None}
    failed = (Letter.state == LetterState.FAILED, Letter.body_sealed.is_not(None))
    done = session.execute(update(Letter).where(*failed).values(**again))
    return int(cast("CursorResult[Any]", done).rowcount)


def recipient(email: str, name: str) -> tuple[str, str]:
    """Return an address and a name that can stand in a header, or refuse them."""
    email, name = email.strip(), name.strip()
    try:
        is_sound = is_one_line(email) and is_one_line(name) and len(email) <= LONGEST_ADDRESS
        Address(addr_spec=email)
        name.encode()
    except (ValueError, IndexError, MessageError):
        is_sound = False
    if not is_sound or "@" not in email:
        raise Refused(
            "A letter cannot be sent to this name and address. Check both: one line each, "
            "and an address such as vania@acme.example."
        )
    return email, name[:LONGEST_NAME].strip()


def message_id(dedupe_key: str) -> str:
    """Return the identifier a letter keeps however often it is sent."""
    return f"<letter-{uuid5(_NAMES, dedupe_key)}@{settings.current().mail_domain}>"


def place_of(letter_id: UUID) -> str:
    """Name the one place where a letter's sealed text opens."""
    return f"outbox-letter|{letter_id}"


def _insert(session: Session) -> postgresql.Insert | sqlite.Insert:
    dialect = session.get_bind().dialect.name
    return postgresql.insert(Letter) if dialect == "postgresql" else sqlite.insert(Letter)
