"""duly verify: a report, the ledger, the files; 0 only when all is as it was."""

import argparse
import json
from pathlib import Path

from app import set_up
from foundation import settings
from foundation.db import Database
from foundation.errors import Refused
from operations import evidence_cli, ledger_cli
from operations.cli_print import say
from reports.verify import verify
from reports.verifying import MOST_BYTES, Answer, Verified

AS_ISSUED = frozenset({Answer.GENUINE, Answer.SUPERSEDED})


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    del name
    kinds = parser.add_subparsers(dest="kind", required=True)
    pdf = kinds.add_parser("pdf", help="is this report genuine, altered, superseded or unknown")
    pdf.add_argument("file", type=Path, help="the file somebody gave you")
    pdf.add_argument("--json", action="store_true", help="print one JSON line")
    pdf.set_defaults(run=verify_pdf)
    ledger_cli.add_audit(kinds)
    evidence_cli.add_evidence(kinds)
    return lambda chosen: chosen.run(chosen)


def verify_pdf(chosen: argparse.Namespace) -> int:
    """Ask the register and print its answer."""
    content = _read(chosen.file)
    known = settings.from_env()
    set_up(known)
    database = Database(known.database_address)
    try:
        found = verify(database, content)
    finally:
        database.engine.dispose()
    if chosen.json:
        say(json.dumps(_plain(found), ensure_ascii=False))
    else:
        say(f"{found.answer.value.capitalize()}. {found.sentence}")
    return 0 if found.answer in AS_ISSUED else 1


def _read(path: Path) -> bytes:
    """Return the bytes of a file, of one that is too large only so many as show that it is."""
    if not path.is_file():
        raise Refused(f"There is no file {path}. Check the name and the folder.")
    with path.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)


def _plain(found: Verified) -> dict[str, object]:
    entry = found.entry
    told: dict[str, object] = {"answer": found.answer.value, "sentence": found.sentence}
    if entry is None:
        return told
    return told | {
        "reference": entry.reference,
        "number": entry.number,
        "paper": entry.paper.value,
        "issued_at": f"{entry.issued_at:%Y-%m-%dT%H:%M:%SZ}",
        "newest_reference": entry.newest_reference,
        "newest_number": entry.newest_number,
    }
