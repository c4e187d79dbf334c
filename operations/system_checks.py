"""What an administrator wants to know of the installation: each line checked, with its fix."""

import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.orm import Session

from foundation import keyring, sandbox, schema, settings
from foundation.db import Database
from foundation.keyring import Keyring, KeyringError
from foundation.sandbox import SandboxFailure
from mail.queries import outbox_state
from mail.rules import LetterState
from operations.version import version
from reminders.queries import find_heartbeat

LATE = timedelta(minutes=5)
"""The worker ticks every few seconds; a long sweep takes a minute or two."""
GONE = timedelta(hours=1)
LITTLE_SPACE, HARDLY_ANY = 5_000_000_000, 500_000_000


class Grade(StrEnum):
    """How a line of the system page stands."""

    OK = "ok"
    LOOK = "look"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing, how it stands, and the one sentence that mends it."""

    name: str
    grade: Grade
    said: str
    fix: str = ""


def check_all(database: Database, session: Session, at: datetime, host: str) -> list[Check]:
    """Return every line, in the order of the page; `host` is the one the browser asked."""
    chosen = settings.current()
    return [
        Check("Version", Grade.OK, version()),
        check_database(session),
        check_schema(database),
        check_storage(chosen.evidence_dir),
        check_space(chosen.data_dir),
        check_keys(chosen.keys_path),
        check_worker(session, at),
        check_mail(session),
        check_address(chosen.base_url, host),
        check_scanner(chosen.clamd),
        check_sandbox(),
    ]


def check_database(session: Session) -> Check:
    """Ask the database who it is."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    asked = "select sqlite_version()" if is_sqlite else "show server_version"
    number = str(session.scalar(text(asked))).split(maxsplit=1)[0]
    said = f"{'SQLite' if is_sqlite else 'PostgreSQL'} {number}"
    return Check("Database", Grade.OK, said)


def check_schema(database: Database) -> Check:
    """Compare the schema of the database with the newest one the code knows."""
    here, newest = schema.revision_of(database), schema.newest()
    if here == newest:
        return Check("Schema", Grade.OK, f"Revision {here}, the newest")
    said = f"Revision {here or 'none'}; the newest is {newest}"
    return Check("Schema", Grade.BROKEN, said, "Run ./duly migrate and start Duly again.")


def check_storage(folder: Path) -> Check:
    """Write a nameless file where evidence goes; it is gone when it is closed."""
    place = next((one for one in (folder, *folder.parents) if one.is_dir()), Path("/"))
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"duly")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        said = f"{folder} cannot be written: {error.strerror or error}"
        fix = "Give the account that runs Duly the right to write there."
        return Check("Storage of evidence", Grade.BROKEN, said, fix)
    return Check("Storage of evidence", Grade.OK, f"{folder} can be written")


def check_space(folder: Path) -> Check:
    """Measure the room left on the disk of the data folder."""
    usage = shutil.disk_usage(next(one for one in (folder, *folder.parents) if one.is_dir()))
    said = f"{usage.free / 1e9:.1f} GB of {usage.total / 1e9:.1f} GB are free"
    fix = "Make room on the disk of the data folder, or move the folder to a larger one."
    if usage.free < HARDLY_ANY:
        return Check("Disk space", Grade.BROKEN, said, fix)
    if usage.free < LITTLE_SPACE:
        return Check("Disk space", Grade.LOOK, said, fix)
    return Check("Disk space", Grade.OK, said)


def check_keys(path: Path) -> Check:
    """Read the key file anew, and compare it with the keys this process works with."""
    try:
        ring = Keyring.load(path)
    except (KeyringError, OSError) as error:
        fix = "Put the key file back from its copy. Without it no evidence can be opened."
        return Check("Keys", Grade.BROKEN, str(error), fix)
    if ring.fingerprint() != keyring.current().fingerprint():
        said = f"{path} holds other keys than the ones in use"
        return Check("Keys", Grade.BROKEN, said, "Start Duly again, or put the right file back.")
    said = f"Key {ring.current_id}, fingerprint {ring.fingerprint()}"
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Check("Keys", Grade.LOOK, said, f"Others may read {path}: run chmod 600 on it.")
    return Check("Keys", Grade.OK, said)


def check_worker(session: Session, at: datetime) -> Check:
    """Ask when a worker last finished a round."""
    beat, fix = find_heartbeat(session), "Start one with ./duly worker, and keep it running."
    if beat is None:
        return Check("Worker", Grade.BROKEN, "No worker has run yet", fix)
    minutes = int((at - beat.at).total_seconds() // 60)
    said = (
        f"Last round {minutes} min ago: {beat.summary}" if minutes else f"Running: {beat.summary}"
    )
    if at - beat.at > GONE:
        return Check("Worker", Grade.BROKEN, said, fix)
    return Check("Worker", Grade.OK if at - beat.at <= LATE else Grade.LOOK, said, fix)


def check_mail(session: Session) -> Check:
    """Ask whether a server is set, and whether letters come through."""
    address = urlsplit(settings.current().smtp_url)
    if not address.hostname:
        fix = "Set DULY_SMTP_URL and start Duly again; until then letters are kept under Mail."
        return Check("Mail", Grade.LOOK, "No mail server is set", fix)
    failed = outbox_state(session).of(LetterState.FAILED)
    if failed:
        said = f"{address.hostname}; not delivered: {failed}"
        return Check("Mail", Grade.LOOK, said, "Open Mail, read why, and send them again.")
    return Check("Mail", Grade.OK, f"{address.hostname}; no letter failed")


def check_address(base_url: str, host: str) -> Check:
    """Compare the address in letters with the one the browser asked, and ask for https."""
    wanted = urlsplit(base_url)
    if wanted.netloc != host:
        said = f"Letters say {base_url}, but you came by {host}"
        fix = "Set DULY_BASE_URL to the address people type."
        return Check("Base address", Grade.LOOK, said, fix)
    if wanted.scheme == "http" and not _is_here(wanted.hostname or ""):
        fix = "Put Duly behind https, and set DULY_BASE_URL to that address."
        return Check("Base address", Grade.BROKEN, f"{base_url} is not encrypted", fix)
    return Check("Base address", Grade.OK, base_url)


def check_scanner(address: str) -> Check:
    """Say whether files are scanned for malware."""
    if address:
        return Check("Malware scanner", Grade.OK, f"clamd at {address}")
    fix = "Set DULY_CLAMD to the host and port of a clamd; until then files show as not scanned."
    return Check("Malware scanner", Grade.LOOK, "No scanner is set", fix)


def check_sandbox() -> Check:
    """Ask the helper that reads files which walls this system gives it."""
    fix = "Run Duly where user namespaces or seccomp are allowed; the operator of the host knows."
    try:
        walls = sandbox.walls()
    except SandboxFailure as failure:
        return Check("Sandbox for files", Grade.BROKEN, str(failure), fix)
    known = {"no network": walls.network, "few system calls": walls.calls, "few files": walls.files}
    there = ", ".join(name for name, is_there in known.items() if is_there)
    missing = ", ".join(name for name, is_there in known.items() if not is_there)
    if missing:
        said = f"{there or 'no wall'}; this system does not offer: {missing}"
        return Check("Sandbox for files", Grade.LOOK, said.capitalize(), fix)
    return Check("Sandbox for files", Grade.OK, there.capitalize())


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return host.endswith(".localhost")
