"""Keeping store and record together: what a killed upload left behind, and what has gone."""

from sqlalchemy import select

from evidence.commands import store
from evidence.models import Evidence
from foundation import clock
from foundation.db import Database

FEW = 20
ONE_IN = 20
WHOLE = "whole"
NAMED = 5


def sweep_store(database: Database) -> str:
    """Delete files older than a day that no row names, and say how the store is, in one line.

    More of them than a twentieth of what is on record are no leftovers: then this is not the
    database these files belong to, and nothing is deleted.
    """
    chosen = select(Evidence.object_id, Evidence.reference).where(Evidence.erased_at.is_(None))
    with database.reading() as session:
        known = {row.object_id: row.reference for row in session.execute(chosen)}
    most = max(FEW, len(known) // ONE_IN)
    # Ages of files are those of the machine's clock.
    swept = store().sweep(known, now=clock.of_machine(), most=most)
    if swept.spared:
        return f"{len(swept.spared)} files belong to nothing on record; none was deleted"
    if swept.lost:
        first = ", ".join(sorted(known[object_id] for object_id in swept.lost)[:NAMED])
        more = " and more" if len(swept.lost) > NAMED else ""
        return f"{len(swept.lost)} files on record are not in the store: {first}{more}"
    return WHOLE
