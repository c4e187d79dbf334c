"""The ledger for an auditor: one file that anybody can check without our program or our keys."""

import argparse
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy.orm import Session

from audit import head_file
from audit.actions import SYSTEM, Action
from audit.commands import record
from audit.signed_heads import Why, read_line
from audit.walking import export_lines
from evidence.anchoring import evidence_until
from foundation import clock, keyring, settings, signing
from foundation.db import Database
from foundation.errors import Refused
from operations import ledger_heads
from operations.backup.whole_file import check_target, written_whole
from operations.cli_print import note, say
from operations.setup_cli import opened

FORMAT = "duly-ledger-1"
EVERYTHING = 2**31 - 1


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    del name
    parser.add_argument("file", type=Path, help="where the ledger goes, as lines of JSON")
    parser.add_argument("--force", action="store_true", help="take the place of a file there")
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    return run


def run(chosen: argparse.Namespace) -> int:
    """Note it in the ledger, sign what the ledger is now, and write it all into a file."""
    check_target(chosen.file, replace=chosen.force)
    database = opened()
    with database.writing() as session:
        record(
            session,
            at=clock.now(),
            actor=SYSTEM,
            action=Action.LEDGER_EXPORT,
            subject=("installation", UUID(int=0)),
            detail={"format": "jsonl"},
        )
    try:
        ledger_heads.sign(database, clock.now(), Why.EXPORT)
    except (OSError, Refused) as failure:
        note(f"The newest entries are not signed: {failure}")
    with written_whole(chosen.file, replace=chosen.force) as file:
        told = write(database, file)
    if chosen.json:
        say(json.dumps({"file": str(chosen.file)} | told))
    else:
        said = ", ".join(f"{number} {kind}" for kind, number in told.items())
        say(f"{chosen.file}: {said}. How to check it: docs/auditors.md")
    return 0


def write(database: Database, target: BinaryIO) -> dict[str, int]:
    """Write the ledger up to its newest signed head, and every head; returns how many of each.

    Where nothing could be signed every entry is written: the reader then says what is not covered.
    """
    heads = _heads()
    known = read_line(heads[-1]) if heads else None
    until = known.seq if known else EVERYTHING
    out = _Out(target, hashlib.sha256())
    ring = keyring.current()
    keys = {key_id: signing.public_key(ring, key_id) for key_id in ring.keys}
    out.put([_plain({"format": FORMAT, "keys": keys})])
    with database.reading() as session:
        told = {
            "entries": out.put(export_lines(session, until)),
            "files": out.put(_files(session, until)),
        }
    told["heads"] = out.put(heads)
    out.put([_plain({"sha256": out.hash.hexdigest(), **told})])
    return told


@dataclass(frozen=True, slots=True)
class _Out:
    """Writes lines, hashing them on the way."""

    target: BinaryIO
    hash: "hashlib._Hash"

    def put(self, lines: Iterable[bytes]) -> int:
        """Write lines; returns how many."""
        number = 0
        for number, line in enumerate(lines, 1):  # noqa: B007  counted
            self.hash.update(line + b"\n")
            self.target.write(line + b"\n")
        return number


def _heads() -> list[bytes]:
    with suppress(FileNotFoundError):
        return head_file.lines_of(settings.current().heads_path)
    return []


def _files(session: Session, until: int) -> Iterator[bytes]:
    for evidence_id, sha256, seq in evidence_until(session, until):
        yield _plain({"evidence": str(evidence_id), "sha256": sha256.hex(), "entry": seq})


def _plain(content: dict[str, object]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()
