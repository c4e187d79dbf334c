"""duly backup and duly restore: everything in one file, and back."""

import argparse
import json
from pathlib import Path
from uuid import UUID

from app import set_up
from audit import head_file
from audit.actions import SYSTEM, Action
from audit.commands import record
from audit.signed_heads import Why
from evidence.storage import EvidenceStore
from foundation import clock, schema, settings
from foundation.db import Database
from foundation.errors import Refused
from foundation.keyring import Keyring
from foundation.settings import Settings
from operations import ledger_heads
from operations.backup.aftermath import Aftermath
from operations.backup.checking import Checked, check
from operations.backup.closing import Closed, Source, identities_in, is_closed, recipients_of
from operations.backup.making import Made, make
from operations.backup.progress import Progress
from operations.backup.restoring import Place, check_place, restore
from operations.cli_print import note, say
from operations.setup_cli import opened

PLAIN = (
    "What people wrote can be read in it. To encrypt it, make a pair with ./duly keys pair FILE, "
    "and set DULY_BACKUP_RECIPIENTS or say --recipient."
)
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
        parser.add_argument("--identity", type=Path, help="the file that opens an encrypted backup")
        return run_restore
    parser.add_argument("--force", action="store_true", help="take the place of a file there")
    parser.add_argument(
        "--recipient",
        action="append",
        default=[],
        metavar="age1...",
        help="encrypt it so that only this one opens it; may be said several times",
    )
    return run_backup


def run_backup(chosen: argparse.Namespace) -> int:
    """Write a backup while Duly runs, and note it in the ledger."""
    database, at = opened(), clock.now()
    recipients = recipients_of(chosen.recipient or _recipients_set())
    if not schema.is_empty(database):
        ledger_heads.sign_due(database, at, Why.BACKUP)
    store = EvidenceStore(settings.current().evidence_dir)
    made = make(
        database,
        store,
        chosen.file,
        at=at,
        replace=chosen.force,
        progress=Progress(),
        recipients=recipients,
    )
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
    _tell_made(chosen, made, is_encrypted=bool(recipients))
    return 1 if made.faulty else 0


def _recipients_set() -> list[str]:
    return [each.strip() for each in settings.current().backup_recipients.split(",") if each]


def _tell_made(chosen: argparse.Namespace, made: Made, *, is_encrypted: bool) -> None:
    if chosen.json:
        told: dict[str, object] = {"file": str(chosen.file), "rows": made.rows}
        told["evidence"] = made.objects
        told |= {"bytes": made.size, "faulty": made.faulty, "encrypted": is_encrypted}
        say(json.dumps(told))
    else:
        kind, more = (", encrypted", " --identity FILE") if is_encrypted else ("", "")
        say(
            f"{chosen.file}: {made.rows} rows and {made.objects} pieces of evidence, "
            f"{made.size / 1e6:.1f} MB{kind}. "
            f"Verify it with: ./duly restore {chosen.file} --check{more}"
        )
    if not is_encrypted:
        note(PLAIN)
    note(KEYS_APART.format(path=settings.current().keys_path))
    for each in made.faulty:
        note(f"Not right in the store, and so not in the backup either: {each}")


def run_restore(chosen: argparse.Namespace) -> int:
    """Verify a backup, and put it into an empty place unless only asked to verify."""
    used, source = settings.from_env(), _source(chosen)
    if chosen.check:
        ring = Keyring.load(used.keys_path) if used.keys_path.exists() else None
        return _tell_checked(chosen, check(source, ring), used)
    if not used.keys_path.exists():
        raise Refused(
            f"There is no key file at {used.keys_path}. Put the one there that was kept apart "
            "when the backup was made (chmod 600); without it no evidence can be read."
        )
    used.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    set_up(used)
    place = Place(Database(used.database_address), used.evidence_dir)
    check_place(place)
    checked = check(source, Keyring.load(used.keys_path))
    if checked.problems:
        return _tell_checked(chosen, checked, used)
    after = restore(source, checked, place, at=clock.now(), progress=Progress())
    _sign(place.database, checked, after)
    return _tell_restored(chosen, checked, after)


def _source(chosen: argparse.Namespace) -> Source:
    """Return the file, with what opens it if it is encrypted."""
    path: Path = chosen.file
    if not is_closed(path):
        return path
    if chosen.identity is None:
        raise Refused(f"{path} is encrypted. Say which identity opens it: --identity FILE.")
    return Closed(path, identities_in(chosen.identity))


def _sign(database: Database, checked: Checked, after: Aftermath) -> None:
    """Go on with the signed heads of the backup, and sign that the ledger went back to it."""
    try:
        head_file.put_back(settings.current().heads_path, checked.heads)
        ledger_heads.sign(database, clock.now(), Why.RESTORE, restored=after.last_entry)
    except OSError as failure:
        note(f"The signed heads of the ledger could not be put back: {failure}.")


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
        ended["feeds"] = closed.feeds
        told = {"rows": rows, "evidence": objects, "ended": ended, "letters_held": after.letters}
        say(json.dumps({**told, "bad_ledger_entry": after.bad_entry}))
    else:
        say(
            f"Restored: {rows} rows and {objects} pieces of evidence, compared to the last byte.\n"
            f"Ended: {closed.sessions} sessions, {closed.links} links, {closed.tokens} API tokens "
            f"and {closed.feeds} calendar feeds. Letters held back: {after.letters}; look at them "
            "under Mail.\n"
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
