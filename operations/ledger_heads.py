"""Signing what the ledger is: every hour, at the worker's stop, and with each backup."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from audit import head_file
from audit.signed_heads import SignedHead, Why
from audit.walking import Point, Walked, walk
from evidence.anchoring import evidence_root
from foundation import keyring, settings, signing
from foundation.db import Database
from foundation.errors import Refused
from foundation.keyring import Keyring
from reminders.commands import beat

EVERY = timedelta(hours=1)
AGAIN = timedelta(minutes=5)
"""How long after a failure the next try is made: the worker ticks every few seconds."""
HEADS = "heads"
"""The name of the sign of life: where it is and the file is not, the file was taken away."""

log = logging.getLogger("duly.heads")
_failed_at: dict[Path, datetime] = {}


def sign_due(database: Database, at: datetime, why: Why = Why.HOUR) -> None:
    """Sign a head if the last one is an hour old; a disk that fails stops nothing else.

    What is missing is told by the check of the ledger as a gap, and by the page System.
    """
    path = settings.current().heads_path
    if why is Why.HOUR and path in _failed_at and abs(at - _failed_at[path]) < AGAIN:
        return
    try:
        last = head_file.newest(path)
        if last is None or why is not Why.HOUR or abs(at - last.time) >= EVERY:
            sign(database, at, why)
            _failed_at.pop(path, None)
    except (OSError, Refused) as failure:
        _failed_at[path] = at
        log.error("No head of the ledger was signed: %s", failure)  # noqa: TRY400  its words say all


def sign(
    database: Database, at: datetime, why: Why, *, restored: int | None = None
) -> SignedHead | None:
    """Sign what the ledger is now and keep it; returns it, or None when nothing new was to sign.

    Raises Refused for a ledger that does not fit what was signed before, OSError for a disk that
    cannot keep the line.
    """
    made: list[SignedHead] = []

    def make(last: SignedHead | None, before: str) -> SignedHead | None:
        if why is Why.HOUR and last is not None and abs(at - last.time) < EVERY:
            return None  # another worker was first
        with database.reading() as session:
            made.append(_signed(session, last, before, (at, why, restored)))
        return made[0]

    head_file.append(settings.current().heads_path, make)
    if not made:
        return None
    with database.writing() as session:
        beat(session, summary=str(made[0].seq), at=at, name=HEADS)
    return made[0]


def _signed(
    session: Session,
    last: SignedHead | None,
    before: str,
    facts: tuple[datetime, Why, int | None],
) -> SignedHead:
    at, why, restored = facts
    ring = keyring.current()
    found = _walk_on(session, None if why is Why.RESTORE else last)
    if found.first_bad is not None and why is not Why.RESTORE:
        raise Refused(f"The ledger does not fit from entry {found.first_bad} on.")
    unsigned = SignedHead(
        time=at,
        why=why,
        key=ring.current_id,
        public=signing.public_key(ring),
        seq=found.end.seq,
        count=found.end.seq,
        mac=found.end.mac.hex(),
        digest=found.end.digest.hex(),
        evidence=evidence_root(session, found.end.seq),
        restored=restored,
        previous=before,
    )
    return replace(unsigned, signature=signing.sign(ring, unsigned.signed_part()))


def _walk_on(session: Session, last: SignedHead | None) -> Walked:
    """Walk from the last head on if it is ours and the ledger still has its entry."""
    if last is None or not _is_ours(last, keyring.current()):
        return walk(session)
    since = Point(last.seq, bytes.fromhex(last.mac), bytes.fromhex(last.digest))
    return walk(session, since)


def _is_ours(head: SignedHead, ring: Keyring) -> bool:
    return head.key in ring.keys and signing.is_signed(
        signing.public_key(ring, head.key), head.signature, head.signed_part()
    )
