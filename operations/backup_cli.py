"""duly backup and duly restore: everything in one file, and back."""

import argparse
import json
from pathlib import Path
from uuid import UUID

from app import set_up
from audit.actions import SYSTEM, Action
from audit.commands import record
from evidence.storage import EvidenceStore
from foundation import clock, settings
from foundation.db import Database
from foundation.errors import Refused
from foundation.keyring import Keyring
from foundation.settings import Settings
from operations.backup.aftermath import Aftermath
from operations.backup.checking import Checked, check
from operations.backup.making import Made, make
from operations.backup.progress import Progress
from operations.backup.restoring import Place, check_place, restore
from operations.cli_print import note, say
from operations.setup_cli import opened

KEYS_APART = (
    "The keys are not in it. Keep a copy of {path} apart from the backups: "
    "whoever has both can read everything, and without the keys nobody can."
)


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    parser.add_argument("file", type=Path, help="the backup file")
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    if name == "restore":
        parser.add_argument("--check", action="store_true", help="verify the file, change nothing")
        return run_restore
    parser.add_argument("--force", action="store_true", help="take the place of a file there")
    return run_backup


def run_backup(chosen: argparse.Namespace) -> int:
    """Write a backup while Duly runs, and note it in the ledger."""
    database, at = opened(), clock.now()
    store = EvidenceStore(settings.current().evidence_dir)
    made = make(database, store, chosen.file, at=at, replace=chosen.force, progress=Progress())
    detail: dict[str, object] = {"rows": made.rows, "objects": made.objects, "size": made.size}
    with database.writing() as session:
        record(
            session,
            at=at,
            actor=SYSTEM,
            action=Action.BACKUP_MAKE,
            subject=("installation", UUID(int=0)),
            detail=detail,
        )
    _tell_made(chosen, made)
    return 1 if made.faulty else 0


def _tell_made(chosen: argparse.Namespace, made: Made) -> None:
    if chosen.json:
        told = {"file": str(chosen.file), "rows": made.rows, "evidence": made.objects}
        say(json.dumps({**told, "bytes": made.size, "faulty": made.faulty}))
    else:
        say(
            f"{chosen.file}: {made.rows} rows and {made.objects} pieces of evidence, "
            f"{made.size / 1e6:.1f} MB. Verify it with: ./duly restore {chosen.file} --check"
        )
    note(KEYS_APART.format(path=settings.current().keys_path))
    for each in made.faulty:
        note(f"Not right in the store, and so not in the backup either: {each}")


def run_restore(chosen: argparse.Namespace) -> int:
    """Verify a backup, and put it into an empty place unless only asked to verify."""
    used = settings.from_env()
    if chosen.check:
        ring = Keyring.load(used.keys_path) if used.keys_path.exists() else None
        return _tell_checked(chosen, check(chosen.file, ring), used)
    if not used.keys_path.exists():
        raise Refused(
            f"There is no key file at {used.keys_path}. Put the one there that was kept apart "
            "when the backup was made (chmod 600); without it no evidence can be read."
        )
    used.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    set_up(used)
    place = Place(Database(used.database_address), used.evidence_dir)
    check_place(place)
    checked = check(chosen.file, Keyring.load(used.keys_path))
    if checked.problems:
        return _tell_checked(chosen, checked, used)
    after = restore(chosen.file, checked, place, at=clock.now(), progress=Progress())
    return _tell_restored(chosen, checked, after)


def _tell_checked(chosen: argparse.Namespace, checked: Checked, used: Settings) -> int:
    problems = checked.problems
    if chosen.json:
        told = {"damaged": checked.damaged, "missing": checked.missing, "extra": checked.extra}
        say(
            json.dumps(
                {"is_good": not problems, **told, "problems": problems, "keys": checked.is_sealed}
            )
        )
    elif problems:
        for each in problems:
            note(each)
        note(f"{chosen.file} cannot be restored: {len(problems)} things are wrong with it.")
    else:
        say(_praise(chosen.file, checked))
    if checked.is_sealed is None and not problems:
        note(f"Whether the keys fit was not checked: there is no key file at {used.keys_path}.")
    return 1 if problems else 0


def _praise(path: Path, checked: Checked) -> str:
    said = (
        f"{path} is whole: {checked.manifest['rows']} rows and {checked.manifest['objects']} "
        f"pieces of evidence of {checked.header.made_at}, schema {checked.header.revision}."
    )
    return f"{said} The keys here open it." if checked.is_sealed else said


def _tell_restored(chosen: argparse.Namespace, checked: Checked, after: Aftermath) -> int:
    rows, objects = checked.manifest["rows"], checked.manifest["objects"]
    closed = after.closed
    if chosen.json:
        ended = {"sessions": closed.sessions, "links": closed.links, "tokens": closed.tokens}
        told = {"rows": rows, "evidence": objects, "ended": ended, "letters_held": after.letters}
        say(json.dumps({**told, "bad_ledger_entry": after.bad_entry}))
    else:
        say(
            f"Restored: {rows} rows and {objects} pieces of evidence, compared to the last byte.\n"
            f"Ended: {closed.sessions} sessions, {closed.links} links and {closed.tokens} API "
            f"tokens. Letters held back: {after.letters}; look at them under Mail.\n"
            "Invite vendors again where they still have to answer. Then: ./duly doctor"
        )
    for each in checked.manifest.get("faulty", []):
        note(f"Was not right when the backup was made: {each}")
    if after.bad_entry is not None:
        note(
            f"The ledger does not fit from entry {after.bad_entry} on, and did not in the backup. "
            "Somebody changed it; the page Ledger shows where."
        )
    return 0 if after.bad_entry is None else 1
