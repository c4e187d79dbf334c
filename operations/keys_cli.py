"""duly keys: make them, add one and close everything under it, and copy them away."""

import argparse
from pathlib import Path
from uuid import UUID

from pyrage.x25519 import Identity

from audit.actions import SYSTEM, Action
from audit.commands import record
from evidence.encrypting_anew import encrypt_anew
from foundation import clock, keyring, settings, signing
from foundation.db import Database
from foundation.errors import Refused
from foundation.keyring import Keyring
from operations import key_copies
from operations.backup.whole_file import written_whole
from operations.cli_print import note, say
from operations.key_rotation import Rotated, close_anew, is_complete
from operations.setup_cli import opened

WARNING = (
    "Whoever has this file can read all evidence, and whoever loses it loses the evidence. "
    "Keep it apart from the backups, where few can reach it."
)


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    del name
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("new", help="make the key file of a new installation")
    turn = acts.add_parser("rotate", help="add a key and close everything under it")
    turn.add_argument(
        "--add", action="store_true", help="add a key even if an earlier rotation left something"
    )
    acts.add_parser(
        "reencrypt", help="encrypt every file anew, with a key of its own that nobody knows yet"
    )
    export = acts.add_parser("export", help="write a copy of the keys into a file of its own")
    export.add_argument("file", type=Path, nargs="?", help="where the copy goes")
    export.add_argument("--stdout", action="store_true", help="print the keys instead")
    export.add_argument(
        "--public", action="store_true", help="print only what the ledger's heads are checked with"
    )
    export.add_argument("--force", action="store_true", help="take the place of a file there")
    pair = acts.add_parser("pair", help="make what encrypts backups, and what opens them again")
    pair.add_argument("file", type=Path, help="where the identity goes, which opens them")
    return lambda chosen: ACTS[chosen.act](chosen)


def new(chosen: argparse.Namespace) -> int:
    """Make a key file where there is none and nothing needs another one."""
    del chosen
    path = settings.from_env().keys_path
    if path.exists():
        raise Refused(f"{path} is there already: a key file is never overwritten.")
    ring = Keyring.open(path)
    say(f"{path}: key {ring.current_id}, fingerprint {ring.fingerprint()}.")
    note("Whoever loses this file loses the evidence. Copy it: ./duly keys export FILE")
    return 0


def rotate(chosen: argparse.Namespace) -> int:
    """Add a key and close everything under it, or finish a rotation that was stopped."""
    database, path = opened(), settings.current().keys_path
    if chosen.add or is_complete(database):
        _add_key(database, path)
    else:
        note("A rotation was stopped in the middle; it is finished now, without a further key.")
    done = close_anew(database)
    ring = keyring.current()
    say(
        f"Key {ring.current_id}, fingerprint {ring.fingerprint()}: closed anew {done.files} "
        f"files, {done.values} sealed values and {done.numbers} numbers."
    )
    note("The older keys stay in the file: backups, and the ledger, need them.")
    note("Each file keeps its own key. If one was stolen with a disk: ./duly keys reencrypt")
    note(f"The copies of {path} are out of date. Make a new one: ./duly keys export FILE")
    return _tell_refused(done)


def _add_key(database: Database, path: Path) -> None:
    ring = keyring.current().extended()
    ring.replace(path)
    with database.writing() as session:
        record(
            session,
            at=clock.now(),
            actor=SYSTEM,
            action=Action.KEYS_ROTATE,
            subject=("installation", UUID(int=0)),
            detail={"key": ring.current_id, "fingerprint": ring.fingerprint()},
        )


def _tell_refused(done: Rotated) -> int:
    for each in done.refused:
        note(f"Left under its older key: {each}")
    return 1 if done.refused else 0


def export(chosen: argparse.Namespace) -> int:
    """Copy the keys into a file only its owner can read, and remember that there is a copy."""
    path = settings.from_env().keys_path
    ring = Keyring.load(path)
    if chosen.public:
        return _tell_public(ring)
    if chosen.stdout == bool(chosen.file):
        raise Refused("Name a file for the copy, or say --stdout.")
    note(WARNING)
    if chosen.stdout:
        say(ring.as_text().rstrip())
        return 0
    if chosen.file.resolve() == path.resolve():
        raise Refused("That is the key file itself. Name another place, best on another disk.")
    with written_whole(chosen.file, replace=chosen.force) as file:
        file.write(ring.as_text().encode("ascii"))
    key_copies.note_copy(path, ring, clock.now())
    say(f"{chosen.file}: {len(ring.keys)} keys, current {ring.current_id}, {ring.fingerprint()}.")
    return 0


def reencrypt(chosen: argparse.Namespace) -> int:
    """Encrypt every file anew whose own key is older than the newest key of the ring."""
    del chosen
    database = opened()
    done = encrypt_anew(database, clock.now())
    say(f"Encrypted anew under {keyring.current().current_id}: {done.files} files.")
    note("Backups made before hold the files under their older keys.")
    for each in done.refused:
        note(f"Left as it is: {each}")
    return 1 if done.refused else 0


def _tell_public(ring: Keyring) -> int:
    for key_id in ring.keys:
        say(f"{key_id} ed25519 {signing.public_key(ring, key_id)}")
    note("Not secret: give it to whoever checks the ledger, by another way than the ledger.")
    return 0


def pair(chosen: argparse.Namespace) -> int:
    """Make an age identity for backups: it goes into a file, its recipient is printed."""
    identity = Identity.generate()
    recipient = identity.to_public()
    with written_whole(chosen.file, replace=False) as file:
        file.write(f"# recipient: {recipient}\n{identity}\n".encode("ascii"))
    say(str(recipient))
    note(
        f"Keep {chosen.file} away from this machine: it alone opens the backups. Here only the "
        f"recipient is needed: DULY_BACKUP_RECIPIENTS={recipient}"
    )
    return 0


ACTS = {"new": new, "rotate": rotate, "reencrypt": reencrypt, "export": export, "pair": pair}
