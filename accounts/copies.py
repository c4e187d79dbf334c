"""Lists that leave as a file: who took which, in the ledger."""

from accounts.signin import me
from audit.actions import Action
from audit.commands import record
from foundation import clock
from foundation.db import side_write
from organisation.queries import find_settings


def note_copy(action: Action, **detail: object) -> None:
    """Write into the ledger that whoever is signed in takes a copy of a list along.

    The request only reads, so the entry has a transaction of its own.
    """
    with side_write() as apart:
        found = find_settings(apart)
        record(
            apart,
            at=clock.now(),
            actor=me().actor,
            action=action,
            subject=("organisation", found.id if found else me().person_id),
            detail=detail,
        )
