"""Delivery: claim a letter, send it outside of any transaction, then mark it."""

import logging
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from foundation import settings, vault
from foundation.db import Database
from foundation.failpoints import failpoint
from foundation.keyring import KeyringError
from foundation.links import absolute
from mail.commands import place_of
from mail.errands import WHATEVER, Errand
from mail.headers import POLICY, plain
from mail.models import Letter
from mail.postman import NotNow, Postman, Undeliverable
from mail.rules import (
    AWAITED,
    CLOCKS_APART,
    LEASE,
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    LetterState,
    wait_after,
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a round of the postman came to; `later` were put off and stay in the queue."""

    sent: int = 0
    failed: int = 0
    kept: int = 0
    later: int = 0


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter leased to this worker; the fence number is its right to mark it."""

    letter_id: UUID
    fence: int
    attempts: int
    to_email: str
    to_name: str
    subject: str
    message_id: str
    created_at: datetime
    body_sealed: bytes
    stop_path: str = ""


class Fate(StrEnum):
    """What became of one try; the values are the fields of Delivered."""

    SENT = "sent"
    FAILED = "failed"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try, and why."""

    fate: Fate
    sentence: str = ""
    is_server_away: bool = False


def deliver_due(database: Database, at: datetime, errand: Errand = WHATEVER) -> Delivered:
    """Send what is due at a moment; one letter that cannot be sent never stops the others."""
    address = settings.current().smtp_url
    if not address:
        return Delivered(kept=_keep(database, at))
    began, counts = time.monotonic(), Counter[str]()
    with Postman(address) as postman:
        for _ in range(errand.limit):
            now = at + timedelta(seconds=time.monotonic() - began)
            claimed = claim_next(database, now, errand)
            if claimed is None:
                break
            failpoint("mail.claimed")
            outcome = _try(postman, claimed, now)
            failpoint("mail.before_mark")
            counts[outcome.fate] += mark(database, claimed, outcome, now)
            failpoint("mail.marked")
            if outcome.is_server_away:
                break
    return Delivered(**counts)


def claim_next(database: Database, now: datetime, errand: Errand = WHATEVER) -> Claimed | None:
    """Lease the letter somebody waits for, or else the one that has waited longest.

    A try counts from here, even if we die.
    """
    chosen = select(Letter).where(_is_due(now))
    if errand.is_of_awaited:
        chosen = chosen.where(Letter.kind.in_(AWAITED))
    is_later = Letter.kind.not_in(AWAITED)
    ordered = chosen.order_by(is_later, Letter.next_try_at, Letter.created_at, Letter.id)
    with database.writing() as session:
        # SQLite: the write lock is held already
        letter = session.scalars(ordered.limit(1).with_for_update(skip_locked=True)).first()
        if letter is None or not errand.may_go(session, now):
            return None
        letter.leased_until = now + LEASE
        letter.fence += 1
        letter.attempts += 1
        return Claimed(
            letter_id=letter.id,
            fence=letter.fence,
            attempts=letter.attempts,
            to_email=letter.to_email,
            to_name=letter.to_name,
            subject=letter.subject,
            message_id=letter.message_id,
            created_at=letter.created_at,
            body_sealed=letter.body_sealed or b"",
            stop_path=letter.stop_path,
        )


def mark(database: Database, claimed: Claimed, outcome: Outcome, now: datetime) -> bool:
    """Write down what became of a try; False when another worker has the letter by now."""
    values: dict[str, Any] = {"leased_until": None, "last_error": outcome.sentence}
    if outcome.fate is Fate.SENT:
        values |= {"state": LetterState.SENT, "sent_at": now, "body_sealed": None}
    elif outcome.fate is Fate.FAILED:
        values |= {"state": LetterState.FAILED}
    else:
        values |= {"next_try_at": now + wait_after(claimed.attempts)}
    still_ours = and_(
        Letter.id == claimed.letter_id,
        Letter.fence == claimed.fence,
        Letter.state == LetterState.QUEUED,
    )
    with database.writing() as session:
        is_marked = _changed(session, still_ours, values) == 1
    if not is_marked:
        _log.warning("letter %s was leased to another worker", claimed.message_id)
    return is_marked


def message_of(claimed: Claimed, body: str, now: datetime) -> EmailMessage:
    """Build the mail; raises ValueError for anything that would break out of a header."""
    message = EmailMessage(policy=POLICY)
    name, email = parseaddr(settings.current().mail_from)
    message["From"] = Address(name, addr_spec=email)
    message["To"] = Address(plain(claimed.to_name), addr_spec=claimed.to_email)
    message["Subject"] = plain(claimed.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = claimed.message_id
    message["Auto-Submitted"] = "auto-generated"
    if claimed.stop_path:
        message["List-Unsubscribe"] = f"<{absolute(claimed.stop_path)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058, 3.1
    message.set_content(body)
    return message


def _try(postman: Postman, claimed: Claimed, now: datetime) -> Outcome:
    if claimed.attempts > MOST_ATTEMPTS:
        return Outcome(Fate.FAILED, f"Given up: {MOST_ATTEMPTS} tries ended without an answer.")
    try:
        body = vault.unseal(claimed.body_sealed, context=place_of(claimed.letter_id)).decode()
        message = message_of(claimed, body, now)
    except KeyringError as error:
        return _put_off(claimed, NotNow(str(error)))
    except (vault.SealBroken, MessageError, LookupError, ValueError):
        _log.exception("letter %s cannot be written", claimed.message_id)
        return Outcome(Fate.FAILED, "This letter cannot be written: its text does not open.")
    failpoint("mail.before_send")
    try:
        sender = parseaddr(settings.current().mail_from)[1]
        postman.carry(message, sender=sender, to=claimed.to_email)
    except Undeliverable as error:
        return Outcome(Fate.FAILED, str(error))
    except NotNow as error:
        return _put_off(claimed, error)
    failpoint("mail.after_send")
    return Outcome(Fate.SENT)


def _put_off(claimed: Claimed, error: NotNow) -> Outcome:
    if claimed.attempts < MOST_ATTEMPTS:
        return Outcome(Fate.LATER, str(error), error.is_server_away)
    sentence = f"Given up after {MOST_ATTEMPTS} tries. {error}"
    return Outcome(Fate.FAILED, sentence, error.is_server_away)


def _keep(database: Database, at: datetime) -> int:
    """With no mail server set, what is due stays readable on the outbox page."""
    with database.writing() as session:
        return _changed(session, _is_due(at), {"state": LetterState.KEPT, "leased_until": None})


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Say which letters wait for nothing.

    A wait or lease longer than any we set was written while a clock was ahead: it is over.
    """
    return and_(
        Letter.state == LetterState.QUEUED,
        or_(Letter.next_try_at <= now, Letter.next_try_at > now + LONGEST_WAIT + CLOCKS_APART),
        or_(
            Letter.leased_until.is_(None),
            Letter.leased_until <= now,
            Letter.leased_until > now + LEASE + CLOCKS_APART,
        ),
    )


def _changed(session: Session, which: ColumnElement[bool], values: dict[str, Any]) -> int:
    done = session.execute(update(Letter).where(which).values(**values))
    return cast("CursorResult[Any]", done).rowcount


def has_mail() -> bool:
    """Say whether letters reach their readers: by a mail server, or in the demo on its own page."""
    chosen = settings.current()
    return bool(chosen.smtp_url) or chosen.demo
