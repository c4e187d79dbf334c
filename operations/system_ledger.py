"""The line about the signed heads of the ledger: whether they are still written."""

from datetime import datetime

from audit import head_file
from audit.head_checks import LONG
from foundation.settings import Settings
from operations.system_check import Check, Grade

FIX = "Keep a worker running, and let it write to that folder; best on another disk."


def check_heads(chosen: Settings, at: datetime) -> Check:
    """Ask when the newest head was signed; one is wanted every hour."""
    name, path = "Signed heads", chosen.heads_path
    try:
        newest = head_file.newest(path)
    except OSError as failure:
        return Check(name, Grade.BROKEN, f"{path} cannot be read: {failure.strerror}", FIX)
    if newest is None:
        return Check(name, Grade.LOOK, f"No head of the ledger is in {path.parent} yet", FIX)
    hours = int((at - newest.time).total_seconds() // 3600)
    if at - newest.time > LONG:
        said = f"The newest head of the ledger is {hours} hours old"
        return Check(name, Grade.LOOK, said, FIX)
    return Check(name, Grade.OK, f"Up to entry {newest.seq}, in {path.parent}")
