"""duly verify evidence: every stored file is there and opens, or which one does not."""

import argparse
import json

from evidence.verifying import Proven, prove
from foundation import clock
from operations.cli_print import note, say
from operations.setup_cli import opened


def add_evidence(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    evidence = kinds.add_parser("evidence", help="does every stored file open, and is none missing")
    evidence.add_argument("--json", action="store_true", help="print one JSON line")
    evidence.set_defaults(run=verify_evidence)


def verify_evidence(chosen: argparse.Namespace) -> int:
    """Read every file; 0 when all is as it was, 1 when a file is changed, missing or too many."""
    database = opened()
    try:
        found = prove(database, clock.now())
    finally:
        database.engine.dispose()
    if chosen.json:
        say(json.dumps(_plain(found)))
    else:
        _tell(found)
    return 0 if found.is_whole else 1


def _plain(found: Proven) -> dict[str, object]:
    return {
        "is_whole": found.is_whole,
        "checked": found.checked,
        "bytes": found.size,
        "erased": found.erased,
        "refused": [{"reference": ref, "found": what} for ref, what in found.refused],
        "lost": [{"reference": ref, "found": what} for ref, what in found.lost],
        "strays": found.strays,
    }


def _tell(found: Proven) -> None:
    for reference, what in (*found.refused, *found.lost):
        say(f"{reference}: {what}.")
    if found.refused or found.lost:
        note("Bring these files back from a backup, and find out who changed the disk.")
    if found.strays:
        say(f"{found.strays} stored objects belong to no file on record.")
        note("The worker deletes them a day later. Is it running? ./duly worker")
    say(
        f"{found.checked} files opened, {found.size} bytes; {found.erased} were erased. "
        + ("All are as they were." if found.is_whole else "Not all is as it was.")
    )
