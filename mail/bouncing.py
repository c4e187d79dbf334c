"""A letter that comes back after the mail server took it: reading the bounce, and marking it."""

import json
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from foundation import sandbox
from foundation.errors import Refused
from mail.models import Letter
from mail.rules import LetterState

TASK = "mail.bounce"
MOST_BYTES = 1024 * 1024
"""A letter has a tenth of it, and a bounce carries at most the letter itself."""
LIMITS = sandbox.Limits(seconds=20, cpu_seconds=10, memory_mb=512, output_mb=1)
NOT_OURS = "This bounce is about no letter of ours. Nothing was changed."
ANOTHER = "This bounce says nothing of the address the letter went to. Nothing was changed."


class NotYet(Exception):  # noqa: N818 - it names what happened to the notice
    """The bounce cannot be taken now, so it is to come again; the text says why."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What a bounce says became of one address."""

    action: str
    status: str
    said: str
    original: str
    final: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a bounce says: which mail, by Message-ID or name of the envelope, and of whom."""

    names: frozenset[str]
    fates: tuple[Fate, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """What a bounce came to; `is_new` where the letter was marked because of it."""

    letter_id: UUID
    kind: str
    status: str
    sentence: str
    is_new: bool = False


def bounce_of(content: bytes) -> Bounce:
    """Read a bounce in the sandbox. Raises Refused for anything else, and SandboxFailure."""
    if not content.strip():
        raise Refused("No mail came in. Give one to the standard input.")
    if len(content) > MOST_BYTES:
        raise Refused(
            "This mail is larger than any bounce of a letter of ours. Nothing was changed."
        )
    told = json.loads(sandbox.run(TASK, content, LIMITS))
    envelope = [f"<{told['envelope']}>"] if told["envelope"] else []
    return Bounce(
        names=frozenset([*told["message_ids"], *envelope]),
        fates=tuple(Fate(**each) for each in told["recipients"]),
    )


def mark_returned(session: Session, bounce: Bounce) -> Returned:
    """Mark the letter a bounce is about as not delivered, as if the server had refused it at once.

    Raises Refused for a bounce that is not about exactly one letter and the address it went to, and
    NotYet for a letter that is still on its way out.
    """
    found = list(session.scalars(select(Letter).where(Letter.message_id.in_(bounce.names))))
    if len(found) != 1:
        raise Refused(NOT_OURS)
    letter = found[0]
    fates = [one for one in bounce.fates if _is_about(one, letter.to_email)]
    if not fates:
        raise Refused(ANOTHER)
    failed = next((one for one in fates if one.action == "failed"), None)
    if failed is None:
        return _left(letter, fates[0], "It is not given up yet: nothing was changed.")
    if letter.state is LetterState.FAILED:
        return _left(letter, failed, "It is marked as not delivered already: nothing was changed.")
    if letter.state is LetterState.QUEUED:
        raise NotYet("The letter is still on its way out. Bring this bounce again later.")
    why = _why(failed)
    if not _mark(session, letter.id, why):
        raise Refused("This letter was never sent, so it cannot have come back.")
    return Returned(letter.id, letter.kind, failed.status, why, is_new=True)


def _is_about(fate: Fate, email: str) -> bool:
    """Say whether it is about the address written to, wherever that passed the letter on."""
    return email.casefold() in {fate.original.casefold(), fate.final.casefold()}


def _why(fate: Fate) -> str:
    said = fate.said or fate.status
    return f"It came back after it was sent: {said}" if said else "It came back after it was sent."


def _left(letter: Letter, fate: Fate, sentence: str) -> Returned:
    return Returned(letter.id, letter.kind, fate.status, sentence)


def _mark(session: Session, letter_id: UUID, why: str) -> bool:
    values: dict[str, Any] = {"state": LetterState.FAILED, "sent_at": None, "last_error": why}
    is_sent = (Letter.id == letter_id, Letter.state == LetterState.SENT)
    done = session.execute(update(Letter).where(*is_sent).values(**values))
    return cast("CursorResult[Any]", done).rowcount == 1
