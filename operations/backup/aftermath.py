"""What a restored installation begins with: no open door, no letter on its way, a true ledger."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from audit.actions import SYSTEM, Action
from audit.commands import record
from audit.walking import walk
from foundation.db import HouseSession
from identity.closing import Closed, close_everything
from mail.commands import hold_queued
from operations.backup.checking import Header
from vendors import search_index

HELD = "Kept back when a backup was restored: it may have been sent before, or name a dead link."


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What was ended and held, and the first entry of the ledger that does not fit, if any."""

    closed: Closed
    letters: int
    bad_entry: int | None
    last_entry: int
    """The newest entry that came out of the backup."""


def begin_anew(connection: Connection, header: Header, at: datetime) -> Aftermath:
    """End every session, link and token, hold the letters, and note the restore in the ledger.

    Whoever restores does not know what was revoked after the backup was made, so nothing that
    opens a door comes back to life.
    """
    with HouseSession(connection, expire_on_commit=False) as session:
        closed = close_everything(session, at)
        letters = hold_queued(session, HELD)
        ledger = walk(session)
        record(
            session,
            at=at,
            actor=SYSTEM,
            action=Action.BACKUP_RESTORE,
            subject=("installation", UUID(int=0)),
            detail={"made_at": header.made_at, "revision": header.revision},
        )
        search_index.fill(session)
        session.commit()  # seals the ledger; the transaction is the connection's
    return Aftermath(closed, letters, ledger.first_bad, ledger.end.seq)
